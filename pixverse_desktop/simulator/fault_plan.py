"""Which fault comes next, where, and how often."""

from dataclasses import dataclass

from pixverse_desktop.simulator.exchange import Place
from pixverse_desktop.simulator.faults import Fault


@dataclass(slots=True)
class _Planned:
    fault: Fault
    place: Place
    video_id: str | None
    left: int | None

    def concerns(self, place: Place, video_id: str | None) -> bool:
        return self.place is place and self.video_id in (None, video_id)


class FaultPlan:
    """Faults in the order they were planned; the first that concerns a request is played."""

    def __init__(self) -> None:
        self._planned: list[_Planned] = []

    def add(self, fault: Fault, place: Place, video_id: str | None, times: int | None) -> None:
        """Plan ``fault`` for an id, or for every one (None), so many times, or for ever (None)."""
        if times is None or times > 0:
            self._planned.append(_Planned(fault, place, video_id, times))

    def take(self, place: Place, video_id: str | None) -> Fault | None:
        """Return the fault to play now and count it, or None."""
        planned = next((one for one in self._planned if one.concerns(place, video_id)), None)
        if planned is None:
            return None
        if planned.left is not None:
            planned.left -= 1
            if planned.left == 0:
                self._planned.remove(planned)
        return planned.fault

    def clear(self) -> None:
        """Forget every fault."""
        self._planned.clear()
