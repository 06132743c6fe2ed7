"""What the pretend service saw: the witness that tests call on."""

from collections import Counter, deque
from dataclasses import dataclass, field

from pixverse_desktop.simulator.exchange import Answer, Delivery, Place, Request

_KEPT = 100_000  # a demo left open for days must not eat the memory


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """One request: when (seconds of the simulation's clock), what, and the HTTP status it got.

    ``status`` is None where no answer was sent. ``header_names`` are in lower case. ``key`` stays out of
    ``repr``, so that a failing test does not print it.
    """

    at_s: float
    method: str
    path: str
    place: Place
    video_id: str | None
    trace_id: str | None
    key: str | None = field(repr=False)
    header_names: tuple[str, ...]
    status: int | None


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts since the simulation began.

    ``keys_to_media`` counts media requests that carried the key or a trace id: always a leak.
    """

    requests: int
    results: int
    balances: int
    media: int
    faults: int
    refused_keys: int
    missing_traces: int
    reused_traces: int
    keys_to_media: int


class Journal:
    """The last 100,000 requests, and counts over all of them."""

    def __init__(self) -> None:
        self._requests: deque[LoggedRequest] = deque(maxlen=_KEPT)
        self._counts: Counter[str] = Counter()

    @property
    def requests(self) -> tuple[LoggedRequest, ...]:
        """The requests, oldest first."""
        return tuple(self._requests)

    def count(self, name: str) -> None:
        """Count one more of a field of ``Statistics``."""
        self._counts[name] += 1

    def write(
        self, at_s: float, request: Request, place: Place, video_id: str | None, answer: Answer
    ) -> None:
        """Log a request and its answer."""
        logged = LoggedRequest(
            at_s=at_s,
            method=request.method,
            path=request.target,
            place=place,
            video_id=video_id,
            trace_id=request.header("Ai-trace-id"),
            key=request.header("API-KEY"),
            header_names=tuple(name.lower() for name, _ in request.headers),
            status=None if answer.delivery is Delivery.STALLED else answer.status,
        )
        self._requests.append(logged)
        self._counts[place.name] += 1
        if place is Place.MEDIA and (logged.key is not None or logged.trace_id is not None):
            self.count("keys_to_media")

    def statistics(self) -> Statistics:
        """Return the counts as they stand."""
        counts = self._counts
        return Statistics(
            requests=sum(counts[place.name] for place in Place),
            results=counts[Place.RESULT.name],
            balances=counts[Place.BALANCE.name],
            media=counts[Place.MEDIA.name],
            faults=counts["faults"],
            refused_keys=counts["refused_keys"],
            missing_traces=counts["missing_traces"],
            reused_traces=counts["reused_traces"],
            keys_to_media=counts["keys_to_media"],
        )
