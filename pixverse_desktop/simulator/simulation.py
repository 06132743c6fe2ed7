"""A pretend PixVerse without a socket: the same questions at the same times get the same answers."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from threading import RLock
from urllib.parse import unquote

from pixverse_desktop.simulator.exchange import (
    Answer,
    Place,
    Request,
    envelope,
    html_page,
    json_answer,
    no_such_file,
)
from pixverse_desktop.simulator.fault_plan import FaultPlan
from pixverse_desktop.simulator.faults import Fault
from pixverse_desktop.simulator.journal import Journal, LoggedRequest, Statistics
from pixverse_desktop.simulator.lives import (
    MEDIA_PREFIX,
    NOT_KNOWN,
    RUNNING,
    Life,
    Refusal,
    Step,
    UrlKind,
    is_video_id,
)
from pixverse_desktop.simulator.media import chosen_clip, file_answer, ranged
from pixverse_desktop.simulator.records import record

RESULT_PREFIX = "/openapi/v2/video/result/"
BALANCE_PATH = "/openapi/v2/account/balance"
_NO_SUCH_PATH = {"message": "Not Found"}
_BAD_ID = Refusal(400013, "invalid parameter type or value", 400)
_STALE = Step(0, 5)
_FILES_BY_ID = (UrlKind.CLIP, UrlKind.BROKEN, UrlKind.PAGE)


@dataclass(frozen=True, slots=True)
class Balance:
    """What the balance call tells (documented); credits of the month are reset, those of packages last."""

    account_id: int = 4711
    credit_monthly: int = 1200
    credit_package: int = 300


@dataclass(frozen=True, slots=True)
class _File:
    kind: UrlKind
    video_id: str | None


class Simulation:
    """A pretend PixVerse under an injected clock; safe to use from several threads at once.

    ``now`` returns seconds since 1970. ``adopt`` is asked for the life of an id not known so far and may
    decline with None. A refused key is answered at ``key_status`` (200 is seen; 401 is what clients expect).

    Attributes:
        keys: the keys let in; assign another set to revoke one.
        balance: what the balance call tells; assign another to change it.
    """

    def __init__(
        self,
        now: Callable[[], float],
        lives: Iterable[Life] = (),
        *,
        keys: Iterable[str],
        balance: Balance | None = None,
        adopt: Callable[[str], Life | None] | None = None,
        key_status: int = 200,
    ) -> None:
        self.keys = frozenset(keys)
        self.balance = balance or Balance()
        self._now = now
        self._adopt = adopt
        self._key_status = key_status
        self._lock = RLock()
        self._lives: dict[str, Life] = {}
        self._started_at_s: dict[str, float] = {}
        self._files = {UrlKind.PLACEHOLDER.path(""): _File(UrlKind.PLACEHOLDER, None)}
        self._seen_traces: set[str] = set()
        self._faults = FaultPlan()
        self._journal = Journal()
        for life in lives:
            self.add(life)

    @property
    def video_ids(self) -> tuple[str, ...]:
        """The ids with a life, adopted ones included, in the order they came."""
        with self._lock:
            return tuple(self._lives)

    @property
    def requests(self) -> tuple[LoggedRequest, ...]:
        """Every request so far, oldest first."""
        with self._lock:
            return self._journal.requests

    def statistics(self) -> Statistics:
        """Return the counts as they stand."""
        with self._lock:
            return self._journal.statistics()

    def add(self, life: Life) -> None:
        """Let a video live; one with the same id begins anew."""
        with self._lock:
            self._lives[life.video_id] = life
            self._started_at_s.pop(life.video_id, None)
            for kind in _FILES_BY_ID:
                self._files[kind.path(life.video_id)] = _File(kind, life.video_id)

    def inject(
        self,
        fault: Fault,
        *,
        place: Place = Place.RESULT,
        video_id: str | None = None,
        times: int | None = 1,
    ) -> None:
        """Plan a fault for an id (None: whatever is asked there), so many times (None: for ever).

        Faults are played one a request, in the order they were planned.
        """
        with self._lock:
            self._faults.add(fault, place, video_id, times)

    def mend(self) -> None:
        """Forget every planned fault."""
        with self._lock:
            self._faults.clear()

    def answer(self, request: Request, clips: Mapping[str, bytes]) -> Answer:
        """Answer a request and log it; ``clips`` are the files by name."""
        with self._lock:
            place, video_id = self._visited(request)
            whole = self._right_answer(request, place, video_id, clips)
            fault = self._faults.take(place, video_id)
            if fault:
                self._journal.count("faults")
            answer = fault(request, whole) if fault else ranged(request, whole)
            self._journal.write(self._now(), request, place, video_id, answer)
            return answer

    def _visited(self, request: Request) -> tuple[Place, str | None]:
        path = request.path
        if path.startswith(MEDIA_PREFIX) and request.method in ("GET", "HEAD"):
            file = self._file(request)
            return Place.MEDIA, file.video_id if file else None
        if path.startswith(RESULT_PREFIX) and request.method == "GET":
            return Place.RESULT, path.removeprefix(RESULT_PREFIX)
        is_balance = path == BALANCE_PATH and request.method == "GET"
        return (Place.BALANCE if is_balance else Place.NOWHERE), None

    def _file(self, request: Request) -> _File | None:
        return self._files.get(unquote(request.path.removeprefix(MEDIA_PREFIX)))

    def _right_answer(
        self, request: Request, place: Place, video_id: str | None, clips: Mapping[str, bytes]
    ) -> Answer:
        if place is Place.MEDIA:
            return self._media_answer(request, clips)
        if place is Place.NOWHERE:
            return json_answer(_NO_SUCH_PATH, 404)
        refused = self._refused_key(request) or self._missing_trace(request)
        if refused:
            return refused
        is_reused = self._is_reused_trace(request)
        if place is Place.BALANCE:
            return envelope(0, "Success", asdict(self.balance))
        return self._result_answer(request, video_id or "", clips, is_reused)

    def _refused_key(self, request: Request) -> Answer | None:
        """Check the key: 10003, 10004 and 10001 are seen, the HTTP status of each is inferred."""
        key = request.header("API-KEY")
        if key is not None and key in self.keys:
            return None
        self._journal.count("refused_keys")
        if key is None:
            return envelope(10003, "user not login", None, self._key_status)
        if not key:
            return envelope(10004, "token is empty", None, self._key_status)
        return envelope(10001, "invalid token", None, self._key_status)

    def _missing_trace(self, request: Request) -> Answer | None:
        """Want a trace id (documented as required); how the service minds its absence is inferred."""
        if request.header("Ai-trace-id"):
            return None
        self._journal.count("missing_traces")
        return envelope(400011, "Ai-trace-id is empty", None)

    def _is_reused_trace(self, request: Request) -> bool:
        trace_id = request.header("Ai-trace-id") or ""
        is_reused = trace_id in self._seen_traces
        self._seen_traces.add(trace_id)
        if is_reused:
            self._journal.count("reused_traces")
        return is_reused

    def _result_answer(
        self, request: Request, video_id: str, clips: Mapping[str, bytes], is_stale: bool
    ) -> Answer:
        """Tell how the video stands; a trace id used before is told what was true at the start.

        A repeated trace id is documented to make a request ineffective; a stale answer is the worst
        reading of that (inferred).
        """
        life = self._life(video_id)
        if life is None:
            return _refused(NOT_KNOWN if is_video_id(video_id) else _BAD_ID)
        started_at_s = self._started_at_s.setdefault(video_id, self._born(life))
        step = life.step_at(self._now() - started_at_s)
        if step.refusal:
            return _refused(step.refusal)
        clip = chosen_clip(clips, life.clip)
        told = record(life, _STALE if is_stale else step, started_at_s, request.base_url, clip)
        return envelope(0, "Success", told)

    def _life(self, video_id: str) -> Life | None:
        if video_id not in self._lives and self._adopt is not None and is_video_id(video_id):
            adopted = self._adopt(video_id)
            if adopted:
                self.add(adopted)
        return self._lives.get(video_id)

    def _born(self, life: Life) -> float:
        if life.started_at_s is not None:
            return life.started_at_s
        return self._started_at_s.get(life.video_id, self._now())

    def _media_answer(self, request: Request, clips: Mapping[str, bytes]) -> Answer:
        file = self._file(request)
        if file is None or file.kind is UrlKind.BROKEN:
            return no_such_file()
        if file.kind is UrlKind.PAGE:
            return html_page(200)
        body = chosen_clip(clips, 0) if file.video_id is None else self._rendered(file.video_id, clips)
        return no_such_file() if body is None else file_answer(body)

    def _rendered(self, video_id: str, clips: Mapping[str, bytes]) -> bytes | None:
        """Return the clip once it is made: an address may be told before (seen in the web app)."""
        life = self._lives[video_id]
        status = life.step_at(self._now() - self._born(life)).status
        return None if status in RUNNING else chosen_clip(clips, life.clip)


def _refused(refusal: Refusal) -> Answer:
    return envelope(refusal.code, refusal.message, None, refusal.http_status)
