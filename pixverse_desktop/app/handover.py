"""One owner a list: taking it, answering for it, and handing wishes to whoever has it."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from pixverse_desktop.adapters.instance import ListOwnership, Request, hand_over, own_within
from pixverse_desktop.adapters.places import Places
from pixverse_desktop.core.errors import ListInUse, StoreFailed
from pixverse_desktop.services.handover import HandoverDesk
from pixverse_desktop.services.library import Library

_log = logging.getLogger(__name__)

_SHORT_OWNER_WAIT_S = 5.0
_FIRST_WAIT_S = 0.3
_ANSWER_TIMEOUT_S = 25.0


def take_or_hand_over(where: Places, request: Request) -> ListOwnership | Request:
    """Own the list; or, where a window or a watch has it, its answer to ``request``.

    Another short command that holds the list for a moment, or an owner that is just starting, is waited for.

    Raises:
        ListInUse: somebody has the list and answers nothing.
    """
    deadline_s = time.monotonic() + _SHORT_OWNER_WAIT_S
    while True:
        try:
            return own_within(where.data, _FIRST_WAIT_S)
        except ListInUse:
            try:
                return hand_over(where.data, request)
            except ListInUse:  # not there yet: an owner that is still starting answers a little later
                if time.monotonic() >= deadline_s:
                    raise


def take(where: Places, words: str) -> ListOwnership:
    """Own the list, or raise ``ListInUse`` with ``words``."""
    try:
        return own_within(where.data, _SHORT_OWNER_WAIT_S)
    except ListInUse as error:
        raise ListInUse(words) from error


@asynccontextmanager
async def answering(
    ownership: ListOwnership, library: Library, show: Callable[[str], None] | None
) -> AsyncIterator[None]:
    """Answer other programs of ours for as long as this is entered."""
    desk, loop = HandoverDesk(library, show), asyncio.get_running_loop()

    def handler(request: Request) -> Request:
        try:
            return asyncio.run_coroutine_threadsafe(desk.answer(request), loop).result(_ANSWER_TIMEOUT_S)
        except Exception as error:  # the other program gets a sentence, this one its traceback
            _log.exception("A hand-over failed")
            return {"error": f"The program that owns the list failed ({type(error).__name__})."}

    try:
        ownership.listen(handler)
    except (StoreFailed, OSError) as error:  # no place for a socket: live without hand-over
        _log.warning("Other programs cannot hand ids over: %s", error)
    try:
        yield
    finally:
        await asyncio.to_thread(ownership.stop_listening)
