"""Icons, sample clips and the other files that come with the program, reached through one function."""

from pathlib import Path

__all__ = ["resource_path"]

_FOLDER = Path(__file__).resolve().parent


def resource_path(name: str) -> Path:
    """Return the path of a file or folder in here, such as ``"icons/play.svg"``.

    Raises ValueError for a name that leads out of this folder, FileNotFoundError for one that is not there.
    """
    path = (_FOLDER / name).resolve()
    if not name or not path.is_relative_to(_FOLDER):
        raise ValueError(f"not a name inside the resources: {name!r}")
    if not path.exists():
        raise FileNotFoundError(f"the program's own file {name!r} is missing; it was expected at {path}")
    return path
