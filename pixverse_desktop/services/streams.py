"""Watching a clip while it is still being fetched, where that is worth the while."""

from pixverse_desktop.core.containers import CutShort, index_place
from pixverse_desktop.core.errors import SaveFailed
from pixverse_desktop.core.half_clips import HalfClip
from pixverse_desktop.core.ports import Clock
from pixverse_desktop.core.stream_ports import Broadcast, Broadcaster
from pixverse_desktop.core.video import VideoRef
from pixverse_desktop.services.fetching import ClipSources
from pixverse_desktop.services.growing import GrowingClip
from pixverse_desktop.services.library import Library

_LOOK_AFTER_S = 0.3
_WORTHWHILE_S = 0.7  # a clip that is here sooner is not asked for its index first
_HEAD_BYTES = 4096
_MOST_INDEX_BYTES = 2 * 1024**2


class Streams:
    """Makes clips that grow playable: PixVerse's have their index last, so it is asked for by itself."""

    def __init__(
        self, *, library: Library, sources: ClipSources, broadcaster: Broadcaster, clock: Clock
    ) -> None:
        self._library = library
        self._sources = sources
        self._broadcaster = broadcaster
        self._clock = clock

    async def open(self, ref: VideoRef, growing: GrowingClip) -> Broadcast | None:
        """Where ``growing`` can be played from; close it in the end.

        None where it is here soon, or cannot be played before it is whole.
        """
        if not await growing.wait_for(0) or not await self._takes_long(growing):
            return None
        await growing.wait_for(min(_HEAD_BYTES, growing.total_bytes) - 1)
        if not await self._has_index(ref, growing):
            return None
        return await self._broadcaster.begin(growing)

    async def _takes_long(self, growing: GrowingClip) -> bool:
        before_bytes, before_s = growing.front_bytes, self._clock.monotonic_s()
        await self._clock.sleep(_LOOK_AFTER_S)
        came_bytes = growing.front_bytes - before_bytes
        speed_bytes_s = came_bytes / max(self._clock.monotonic_s() - before_s, 0.001)
        missing_bytes = growing.total_bytes - growing.front_bytes
        return not growing.is_over and missing_bytes > speed_bytes_s * _WORTHWHILE_S

    async def _has_index(self, ref: VideoRef, growing: GrowingClip) -> bool:
        """Whether the index is at the beginning, or could be fetched from the end."""
        total_bytes = growing.total_bytes
        try:
            place = index_place(growing.read(0, _HEAD_BYTES), total_bytes)
        except CutShort:
            return False
        if place is None or total_bytes - place > _MOST_INDEX_BYTES:
            return place == 0
        if place > 0:
            await self._fetch_end(HalfClip(ref, growing.version, place), growing)
        return place == 0 or bool(growing.read(total_bytes - 1, 1))

    async def _fetch_end(self, front: HalfClip, growing: GrowingClip) -> None:
        video = self._library.get(front.ref)
        if video is None:
            return
        data = bytearray()
        try:
            async with self._sources(front.ref.account).open(video.url, front) as stream:
                if stream.begins_at != front.held_bytes:
                    return
                async for chunk in stream.chunks():
                    data += chunk
                    if len(data) > growing.total_bytes - front.held_bytes:
                        return
        except SaveFailed:
            return  # the download itself tells of what is amiss
        if len(data) == growing.total_bytes - front.held_bytes:
            growing.put_end(bytes(data))
