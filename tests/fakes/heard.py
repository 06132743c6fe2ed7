"""A listener that keeps what it heard."""

from typing import TypeVar

from pixverse_desktop.core.events import ConnectionChanged, Event, SavePhase, SaveProgressed, VideosChanged
from pixverse_desktop.core.video import VideoStatus

_T = TypeVar("_T", bound=Event)


class Heard:
    """Every event so far, and the questions tests have about them."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def __call__(self, event: Event) -> None:
        self.events.append(event)

    def of(self, kind: type[_T]) -> list[_T]:
        """The events of one kind."""
        return [event for event in self.events if isinstance(event, kind)]

    def connections(self) -> list[tuple[str, float]]:
        """Each state of the connection that was told, with the seconds until the next try."""
        return [(event.kind.value, event.retry_in_s) for event in self.of(ConnectionChanged)]

    def statuses(self, video_id: str) -> list[VideoStatus]:
        """The statuses a row went through, without repeats in a row."""
        found: list[VideoStatus] = []
        for event in self.of(VideosChanged):
            for _, after in event.changes:
                if after.video_id == video_id and found[-1:] != [after.status]:
                    found.append(after.status)
        return found

    def phases(self, video_id: str) -> list[SavePhase]:
        """How the saving of a row went, without repeats in a row."""
        found: list[SavePhase] = []
        for event in self.of(SaveProgressed):
            if event.ref.video_id == video_id and found[-1:] != [event.phase]:
                found.append(event.phase)
        return found
