"""A notification service and a dock on a real session bus, as a desktop brings them; a hand that clicks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from jeepney import (
    DBusAddress,
    HeaderFields,
    MatchRule,
    Message,
    MessageType,
    message_bus,
    new_method_return,
    new_signal,
)
from jeepney.io.asyncio import DBusConnection, DBusRouter, Proxy, open_dbus_connection

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
DOCK = MatchRule(type="signal", interface="com.canonical.Unity.LauncherEntry", member="Update")


@dataclass(frozen=True, slots=True)
class Shown:
    """One call of ``Notify``, as it came over the bus.

    Attributes:
        signature: the types it was written in.
    """

    number: int
    signature: str
    app_name: str
    replaces: int
    icon: str
    title: str
    body: str
    actions: list[str]
    hints: dict[str, tuple[str, Any]]
    timeout_ms: int


class NotificationDaemon:
    """The service.

    Attributes:
        shown: every notice so far.
        open: the numbers of those on the screen.
        updates: what the dock heard so far: of which icon, and its properties with their types.
    """

    def __init__(self, connection: DBusConnection, abilities: list[str]) -> None:
        self._connection = connection
        self._abilities = abilities
        self.shown: list[Shown] = []
        self.open: set[int] = set()
        self.updates: list[tuple[str, dict[str, tuple[str, Any]]]] = []

    async def serve(self) -> None:
        """Answer calls until cancelled."""
        while True:
            message = await self._connection.receive()
            if message.header.message_type is MessageType.method_call:
                await self._answer(message)
            elif DOCK.matches(message):
                self.updates.append(message.body)

    async def click(self, number: int, token: str = "") -> None:
        """Let a person click on a notice."""
        if token:
            await self._tell("ActivationToken", "us", (number, token))
        await self._tell("ActionInvoked", "us", (number, "default"))

    async def _answer(self, call: Message) -> None:
        match call.header.fields[HeaderFields.member]:
            case "GetCapabilities":
                answer = new_method_return(call, "as", (self._abilities,))
            case "Notify":
                answer = new_method_return(call, "u", (self._show(call),))
            case "CloseNotification":
                self.open.discard(call.body[0])
                answer = new_method_return(call)
            case _:
                return
        await self._connection.send(answer)

    def _show(self, call: Message) -> int:
        number = call.body[1] or len(self.shown) + 1
        self.shown.append(Shown(number, call.header.fields[HeaderFields.signature], *call.body))
        self.open.add(number)
        return int(number)

    async def _tell(self, member: str, signature: str, body: tuple[Any, ...]) -> None:
        emitter = DBusAddress(PATH, interface=NAME)
        await self._connection.send(new_signal(emitter, member, signature, body))


@asynccontextmanager
async def serving(
    abilities: list[str] | None = None, *, has_service: bool = True
) -> AsyncIterator[NotificationDaemon]:
    """The dock and, unless the desktop has none, the service, for as long as the context lasts."""
    async with await open_dbus_connection() as connection:
        async with DBusRouter(connection) as router:
            bus = Proxy(message_bus, router)
            await bus.AddMatch(DOCK)
            if has_service:
                await bus.RequestName(NAME)
        daemon = NotificationDaemon(connection, ["body"] if abilities is None else abilities)
        task = asyncio.create_task(daemon.serve())
        try:
            yield daemon
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
