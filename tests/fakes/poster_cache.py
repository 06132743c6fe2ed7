"""A poster cache in memory."""

from collections import OrderedDict

from pixverse_desktop.core.video import VideoRef


class FakePosterCache:
    """Keeps pictures in a dictionary, the one asked for last at its end."""

    def __init__(self, limit_bytes: int = 1_000_000) -> None:
        self._limit_bytes = limit_bytes
        self.pictures: OrderedDict[tuple[VideoRef, int], bytes] = OrderedDict()

    def get(self, ref: VideoRef, clip_bytes: int) -> bytes | None:
        key = (ref, clip_bytes)
        if key in self.pictures:
            self.pictures.move_to_end(key)
        return self.pictures.get(key)

    def put(self, ref: VideoRef, clip_bytes: int, picture: bytes) -> None:
        self.pictures[ref, clip_bytes] = picture
        self.pictures.move_to_end((ref, clip_bytes))
        while sum(map(len, self.pictures.values())) > self._limit_bytes:
            self.pictures.popitem(last=False)
