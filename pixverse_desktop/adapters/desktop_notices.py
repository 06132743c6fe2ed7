"""Notifications of a free desktop over D-Bus, one at a time, and the bar on the program's icon.

Qt's own D-Bus classes, as PySide6 has them, cannot write the unsigned numbers this interface asks
for; jeepney, which the keychain brings along on Linux, can.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from html import escape
from types import ModuleType
from typing import Any

from pixverse_desktop.core.notices import Notice

try:
    import jeepney
    import jeepney.auth
    import jeepney.bus
    import jeepney.io.asyncio as jeepney_asyncio
except ImportError:  # no free desktop, such as Windows: there is nothing to call
    jeepney_asyncio: ModuleType | None = None  # type: ignore[no-redef]

_NAME = "org.freedesktop.Notifications"
_PATH = "/org/freedesktop/Notifications"
_ICON_NAME = "com.canonical.Unity.LauncherEntry"
_PATIENCE_S = 5.0
_SIGNALS = ("ActionInvoked", "ActivationToken")

_log = logging.getLogger(__name__)


class DesktopNotices:
    """The ``Notifier`` port over ``org.freedesktop.Notifications``; the icon's bar over Unity's interface.

    Connects with the first notice or progress. A desktop without such a service is complained of once, in
    the log alone, and tried again with every notice: its service may come up later. Docks keep a bar no
    longer than its sender is on the bus.
    """

    def __init__(self, *, application_id: str, name: str) -> None:
        self._application_id = application_id
        self._name = name
        self._chosen: Callable[[str], None] = lambda _: None
        self._connection = AsyncExitStack()
        self._router: Any = None
        self._takes_markup: bool | None = None  # until the service was asked
        self._has_progress = False
        self._shown_id = 0
        self._token = ""
        self._has_complained = False
        self._turn = asyncio.Lock()

    def listen(self, chosen: Callable[[str], None]) -> None:
        """Call ``chosen`` when a person clicks on the notice that is shown."""
        self._chosen = chosen

    async def show(self, notice: Notice) -> None:
        """Show ``notice`` in place of the one before."""
        async with self._turn:
            await self._try(lambda: self._notify(notice))

    async def withdraw(self) -> None:
        """Take back what is shown."""
        async with self._turn:
            if self._shown_id and self._router is not None:
                await self._try(self._close_notice)

    async def show_progress(self, share: float | None) -> None:
        """Tell docks how much is done."""
        async with self._turn:
            if share is not None or self._has_progress:
                await self._try(lambda: self._tell_progress(share))

    async def aclose(self) -> None:
        """Take back what is shown, and leave the bus."""
        await self.withdraw()
        await self.show_progress(None)
        await self._drop()

    async def _try(self, work: Callable[[], Any]) -> None:
        """Do ``work`` within reason; whatever befalls the bus is nothing a person has to know."""
        try:
            async with asyncio.timeout(_PATIENCE_S):
                await work()
        except Exception as error:  # jeepney lets the socket's, the parser's and its own errors through
            await self._drop()
            if not self._has_complained:
                self._has_complained = True
                _log.info("The desktop shows no notifications: %s: %s", type(error).__name__, error)

    async def _tell_progress(self, share: float | None) -> None:
        await self._connect()
        self._has_progress = share is not None
        properties = {"progress": ("d", share or 0.0), "progress-visible": ("b", self._has_progress)}
        icon = f"application://{self._application_id}.desktop"
        emitter = jeepney.DBusAddress("/" + self._application_id.replace(".", "/"), interface=_ICON_NAME)
        await self._router.send(jeepney.new_signal(emitter, "Update", "sa{sv}", (icon, properties)))

    async def _notify(self, notice: Notice) -> None:
        await self._connect()
        if self._takes_markup is None:
            await self._meet_service()
        hints = {
            "desktop-entry": ("s", self._application_id),
            "category": ("s", "transfer.complete"),
            "urgency": ("y", 1),
        }
        body = escape(notice.body, quote=False) if self._takes_markup else notice.body
        icon, actions, lasts_as_usual = self._application_id, ["default", self._name], -1
        arguments = (self._name, self._shown_id, icon, notice.title, body, actions, hints, lasts_as_usual)
        (self._shown_id,) = await self._call("Notify", "susssasa{sv}i", arguments)

    async def _close_notice(self) -> None:
        number, self._shown_id = self._shown_id, 0
        with suppress(jeepney.DBusErrorResponse):  # it is gone already
            await self._call("CloseNotification", "u", (number,))

    async def _connect(self) -> None:
        if self._router is not None:
            return
        if jeepney_asyncio is None:
            raise OSError("this system has no D-Bus")
        self._router = await _open_bus(self._connection)

    async def _meet_service(self) -> None:
        """Hear its signals, and learn what it can."""
        rule = jeepney.MatchRule(type="signal", interface=_NAME, path=_PATH)
        self._connection.enter_context(self._router.filter(rule, queue=_Inbox(self._on_signal)))
        await jeepney_asyncio.Proxy(jeepney.message_bus, self._router).AddMatch(rule)
        (abilities,) = await self._call("GetCapabilities")
        self._takes_markup = "body-markup" in abilities

    async def _call(self, method: str, signature: str = "", arguments: tuple[Any, ...] = ()) -> Any:  # noqa: ANN401
        address = jeepney.DBusAddress(_PATH, bus_name=_NAME, interface=_NAME)
        message = jeepney.new_method_call(address, method, signature, arguments)
        return jeepney.wrappers.unwrap_msg(await self._router.send_and_get_reply(message))

    def _on_signal(self, message: Any) -> None:  # noqa: ANN401 - jeepney names no types
        member = message.header.fields[jeepney.HeaderFields.member]
        if member not in _SIGNALS or message.body[0] != self._shown_id:
            return
        if member == "ActivationToken":  # comes just before the click it belongs to
            self._token = str(message.body[1])
        else:
            token, self._token = self._token, ""
            self._chosen(token)

    async def _drop(self) -> None:
        """Leave the bus. What is shown stays with the desktop, and is no longer ours to replace."""
        connection, self._connection = self._connection, AsyncExitStack()
        self._router, self._shown_id, self._takes_markup = None, 0, None
        with suppress(Exception):  # a bus that is gone tells so once more on leaving
            await connection.aclose()


async def _open_bus(stack: AsyncExitStack) -> Any:  # noqa: ANN401 - jeepney names no types
    """A connection to the session's bus that ``stack`` closes, also one that was given up halfway.

    jeepney's own way leaves the socket behind when it is cancelled during the greeting.
    """
    reader, writer = await asyncio.open_unix_connection(jeepney.bus.get_bus("SESSION"))
    stack.push_async_callback(writer.wait_closed)
    stack.callback(writer.close)
    greeting = jeepney.auth.Authenticator()
    for words in greeting:
        writer.write(words)
        if not (answer := await reader.read(1024)):
            raise EOFError("the bus hung up")
        greeting.feed(answer)
    writer.write(jeepney.auth.BEGIN)
    connection = jeepney_asyncio.DBusConnection(reader, writer)
    router = await stack.enter_async_context(jeepney_asyncio.DBusRouter(connection))
    await jeepney_asyncio.Proxy(jeepney.message_bus, router).Hello()
    return router


class _Inbox:
    """Stands where jeepney expects a queue, and hands each message on at once: no task has to wait for it."""

    def __init__(self, take: Callable[[Any], None]) -> None:
        self._take = take

    def put_nowait(self, message: Any) -> None:  # noqa: ANN401 - jeepney names no types
        """Hand a message on."""
        self._take(message)
