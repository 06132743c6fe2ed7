"""The part of a clip that plays in a loop."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """Times in microseconds; without an end it is only begun, and everything plays."""

    from_us: int = -1
    to_us: int = -1

    @property
    def is_empty(self) -> bool:
        """Whether there is none."""
        return self.from_us < 0

    @property
    def is_begun(self) -> bool:
        """Whether its end is still to be told."""
        return self.from_us >= 0 and self.to_us < 0

    @property
    def in_ms(self) -> tuple[int, int]:
        """Its beginning and its end in milliseconds, or -1."""
        return (-1 if self.is_empty else self.from_us // 1000, -1 if self.to_us < 0 else self.to_us // 1000)

    def contains(self, time_us: int) -> bool:
        """Whether what begins then is played."""
        return self.to_us < 0 or self.from_us <= time_us < self.to_us


NO_SECTION = Section()
