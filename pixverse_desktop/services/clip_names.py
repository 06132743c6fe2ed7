"""What the file of a clip is called: by the template of the moment, and by what its folder allows."""

from collections.abc import Callable
from pathlib import Path

from pixverse_desktop.core.names import NameRoom, clip_name
from pixverse_desktop.core.ports import ClipFolders
from pixverse_desktop.core.video import Video, VideoRef
from pixverse_desktop.services.library import Library


class ClipNames:
    """Names clips. ``template`` tells how they are named just now."""

    def __init__(self, *, library: Library, folders: ClipFolders, template: Callable[[], str]) -> None:
        self._library = library
        self._folders = folders
        self._template = template

    def by(self, video: Video, template: str, room: NameRoom | None = None) -> str:
        """The name of a clip by ``template``, with the folders before it; ``room`` is ample if not given."""
        marks = self._library.marks(video.ref)
        return clip_name(video, self._folders.clean, template, marks=marks, room=room or NameRoom())

    def folder_of(self, ref: VideoRef, folder: Path) -> Path:
        """Where in ``folder`` the file of a clip is: its name may begin with folders. Blocks."""
        video = self._library.get(ref)
        return folder if video is None else (folder / self.inside(folder, video)).parent

    def inside(self, folder: Path, video: Video) -> str:
        """The name of a clip that is to be saved into ``folder``. Blocks."""
        return self.by(video, self._template(), self._folders.room(folder))
