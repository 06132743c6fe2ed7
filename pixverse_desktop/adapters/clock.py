"""Real time, under asyncio."""

import asyncio
import time


class SystemClock:
    """The machine's own clocks."""

    def now_s(self) -> float:
        """Seconds since 1970 UTC."""
        return time.time()

    def monotonic_s(self) -> float:
        """Seconds since some moment; never goes back."""
        return time.monotonic()

    async def sleep(self, duration_s: float) -> None:
        """Return after ``duration_s``."""
        await asyncio.sleep(max(0.0, duration_s))
