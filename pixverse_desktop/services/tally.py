"""Counting how many rows fit each of several searches, a few at a time, so that nobody waits for it."""

from collections.abc import Mapping
from itertools import islice

from pixverse_desktop.core.query import Query, text_of_marks, text_of_video
from pixverse_desktop.services.library import Library


class Tally:
    """One count over the list as it is when it begins.

    Attributes:
        counts: by the names of the queries; true once ``advance`` has said that it is done.
    """

    def __init__(self, library: Library, queries: Mapping[str, Query]) -> None:
        self._marks_of = library.marks
        self._left = len(library)
        self._videos = iter(list(library))
        self._queries = dict(queries)
        self._needs_text = any(query.words or query.absent for query in queries.values())
        self.counts = dict.fromkeys(queries, 0)

    def advance(self, most: int) -> bool:
        """Look at ``most`` more rows; whether all have been looked at."""
        for video in islice(self._videos, most):
            marks = self._marks_of(video.ref)
            text = text_of_video(video) + text_of_marks(marks) if self._needs_text else ""
            for name, query in self._queries.items():
                self.counts[name] += query.fits(video, marks, text)
        self._left -= most
        return self._left <= 0
