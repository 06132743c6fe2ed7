"""What another program of ours may ask of the one that owns the list."""

from collections.abc import Callable
from typing import Any

from pixverse_desktop.core.errors import PixverseError
from pixverse_desktop.core.identifiers import check_id
from pixverse_desktop.core.video import VideoRef
from pixverse_desktop.services.library import Library

Request = dict[str, Any]


class HandoverDesk:
    """Answers requests on behalf of the owner. Requests carry ids, never options.

    ``show`` brings the window to the front; None where there is no window.
    """

    def __init__(self, library: Library, show: Callable[[], None] | None) -> None:
        self._library = library
        self._show = show

    async def answer(self, request: Request) -> Request:
        """The answer to one request; ``{"error": sentence}`` if it cannot be done."""
        account = str(request.get("account", ""))
        given = request.get("ids")
        ids = [each for each in given if check_id(str(each)) == each] if isinstance(given, list) else []
        try:
            match request.get("verb"):
                case "add":
                    return await self._add(ids, account)
                case "remove":
                    removed = await self._library.remove(VideoRef(account, each) for each in ids)
                    return {"removed": [video.video_id for video in removed]}
                case "open" if self._show is not None:
                    self._show()
                    return await self._add(ids, account)
                case "open":
                    return {"error": "A watch is running on this list. End it first, then open the window."}
                case _:
                    return {"error": "The program that owns the list does not know this request."}
        except PixverseError as error:
            return {"error": str(error)}

    async def _add(self, ids: list[str], account: str) -> Request:
        outcome = await self._library.add(ids, account=account)
        return {"added": len(outcome.added), "already": len(outcome.already)}
