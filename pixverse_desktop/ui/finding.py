"""Finding what was made with the same seed or the same prompt as what is selected."""

from collections.abc import Sequence

from PySide6.QtCore import QObject

from pixverse_desktop.core.query import same_prompt, same_seed
from pixverse_desktop.core.video import Video
from pixverse_desktop.ui.actions import Actions
from pixverse_desktop.ui.list_page import ListPage

_MOST_COMPARED = 500  # selected rows; of more it is not known whether all have the same


class FindCommands(QObject):
    """Searches for the neighbours of a video: what it was made with, and nothing else."""

    def __init__(self, page: ListPage, actions: Actions, parent: QObject) -> None:
        super().__init__(parent)
        self._page = page
        self._actions = actions
        actions.same_seed.triggered.connect(lambda _: self._find(self._shared_seed()))
        actions.same_prompt.triggered.connect(lambda _: self._find(self._shared_prompt()))

    def refresh(self) -> None:
        """Offer what can be found."""
        self._actions.same_seed.setEnabled(bool(self._shared_seed()))
        self._actions.same_prompt.setEnabled(bool(self._shared_prompt()))

    def _find(self, words: str) -> None:
        if words:
            self._page.search_for(words)

    def _shared_seed(self) -> str:
        """The search for the one seed of all that is selected; empty where there is none."""
        seeds = {video.seed for video in self._videos()}
        return same_seed(seeds.pop()) if len(seeds) == 1 else ""

    def _shared_prompt(self) -> str:
        prompts = {video.prompt for video in self._videos()}
        return same_prompt(prompts.pop()) if len(prompts) == 1 else ""

    def _videos(self) -> Sequence[Video]:
        table = self._page.table
        return table.selected_videos() if table.selected_count() <= _MOST_COMPARED else ()
