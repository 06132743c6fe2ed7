"""The real window on a real list, for figures that only a window can give."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from pixverse_desktop.adapters.desktop_notices import DesktopNotices
from pixverse_desktop.adapters.id_files import write_text_file
from pixverse_desktop.adapters.logs import LogFile
from pixverse_desktop.adapters.pictures import LentPictures, write_picture
from pixverse_desktop.adapters.places import places
from pixverse_desktop.adapters.poster_files import PosterFiles
from pixverse_desktop.app.composition import Run, open_engine
from pixverse_desktop.app.versions import versions
from pixverse_desktop.cli.arguments import Options
from pixverse_desktop.core.secrets import ApiKey
from pixverse_desktop.services.engine import Engine
from pixverse_desktop.ui.main_window import MainWindow
from pixverse_desktop.ui.window_context import WindowContext


@asynccontextmanager
async def open_window(data: Path, url: str, key: str) -> AsyncIterator[tuple[Engine, MainWindow]]:
    """The window on the list in ``data``; nobody is asked anything."""
    where = places(data)
    where.prepare()
    log = LogFile(where.logs)
    run = Run(Options(service_url=url, data_dir=data), where, log, _tell, ApiKey(key))
    async with open_engine(run) as engine:
        window = MainWindow(engine, _context(data, log))
        window.show()
        try:
            yield engine, window
        finally:
            await engine.nursery.aclose()
            window.release()
            window.deleteLater()
    log.close()


def _context(data: Path, log: LogFile) -> WindowContext:
    return WindowContext(
        is_demo=False,
        window_file=data / "window.ini",
        suggested_folder=data,
        open_demo=lambda: None,
        write_file=write_text_file,
        write_picture=write_picture,
        lend_picture=LentPictures(places(data).lent_pictures).write,
        posters=PosterFiles(places(data).posters),
        log=log,
        notifier=DesktopNotices(application_id="benchmark", name="benchmark"),
        versions=versions,
    )


def _tell(error: BaseException) -> None:
    print("defect:", repr(error))
