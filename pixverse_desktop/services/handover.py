"""What another program of ours may ask of the one that owns the list."""

import time
from collections.abc import Callable
from typing import Any

from pixverse_desktop.core.errors import PixverseError
from pixverse_desktop.core.identifiers import Refusal, check_id, refusal_words
from pixverse_desktop.core.records import rows_of_export
from pixverse_desktop.core.video import VideoRef
from pixverse_desktop.services.library import Library

Request = dict[str, Any]
_MAX_REFUSALS = 1000
_MAX_CHARS = 200


class HandoverDesk:
    """Answers requests on behalf of the owner. Requests carry ids and rows of an export, never options.

    ``show`` brings the window to the front and says a sentence, if any; None where there is no window.
    """

    def __init__(
        self, library: Library, show: Callable[[str], None] | None, now_s: Callable[[], float] = time.time
    ) -> None:
        self._library = library
        self._show = show
        self._now_s = now_s

    async def answer(self, request: Request) -> Request:
        """The answer to one request; ``{"error": sentence}`` if it cannot be done."""
        account = str(request.get("account", ""))
        given = request.get("ids")
        ids = [each for each in given if check_id(str(each)) == each] if isinstance(given, list) else []
        try:
            match request.get("verb"):
                case "add":
                    return await self._add(ids, account, request)
                case "remove":
                    removed = await self._library.remove(VideoRef(account, each) for each in ids)
                    return {"removed": [video.video_id for video in removed]}
                case "open" if self._show is not None:
                    self._show(refusal_words(_refusals(request.get("refused"))))
                    return await self._add(ids, account, request)
                case "open":
                    return {"error": "A watch is running on this list. End it first, then open the window."}
                case _:
                    return {"error": "The program that owns the list does not know this request."}
        except PixverseError as error:
            return {"error": str(error)}

    async def _add(self, ids: list[str], account: str, request: Request) -> Request:
        outcome = await self._library.add(ids, account=account)
        rows = rows_of_export(str(request.get("rows", "")), now_s=self._now_s()) or ()
        taken = await self._library.take_in(rows)
        return {
            "added": len(outcome.added) + len(taken.added),
            "already": len(outcome.already) + len(taken.already),
        }


def _refusals(sent: object) -> list[Refusal]:
    """What another program of ours refused, as far as it makes sense."""
    pairs = sent if isinstance(sent, list) else []
    return [
        Refusal(str(pair[0])[:_MAX_CHARS], str(pair[1])[:_MAX_CHARS])
        for pair in pairs[:_MAX_REFUSALS]
        if isinstance(pair, list) and len(pair) == 2
    ]
