"""What playing a clip that is still on its way needs of the outer world."""

from typing import Protocol


class GrowingBytes(Protocol):
    """A file on its way, as far as it is here."""

    @property
    def total_bytes(self) -> int:
        """How long the whole file is."""
        ...

    def read(self, offset: int, most_bytes: int) -> bytes:
        """What is here from ``offset`` on, without a gap; empty if that byte is not."""
        ...

    async def wait_for(self, offset: int) -> bool:
        """Wait until the byte at ``offset`` is here; False if it never will be."""
        ...


class Broadcast(Protocol):
    """A file that can be read at an address on this machine while it is still on its way."""

    @property
    def address(self) -> str:
        """Where; nobody can guess it."""
        ...

    def close(self) -> None:
        """Cut off whoever reads, at once: a player's thread may be waited for right after."""
        ...


class Broadcaster(Protocol):
    """Gives files on their way to a player, which only knows addresses and files."""

    async def begin(self, clip: GrowingBytes) -> Broadcast:
        """Serve ``clip`` until it is closed."""
        ...
