"""The real window on a real list, for figures that only a window can give."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from pixverse_desktop.adapters.desktop_notices import DesktopNotices
from pixverse_desktop.adapters.id_files import write_text_file
from pixverse_desktop.adapters.logs import LogFile
from pixverse_desktop.adapters.pictures import LentPictures, write_picture
from pixverse_desktop.adapters.places import places
from pixverse_desktop.adapters.poster_files import PosterFiles
from pixverse_desktop.adapters.sqlite_store import FILE_NAME, SqliteVideoStore
from pixverse_desktop.app.composition import Run, open_engine
from pixverse_desktop.app.event_loop import EventLoop
from pixverse_desktop.app.versions import versions
from pixverse_desktop.cli.arguments import Options
from pixverse_desktop.core.secrets import ApiKey
from pixverse_desktop.core.video import Video, VideoStatus
from pixverse_desktop.services.engine import Engine
from pixverse_desktop.services.tasks import share_the_interpreter
from pixverse_desktop.ui.main_window import MainWindow
from pixverse_desktop.ui.theme import apply_theme
from pixverse_desktop.ui.window_context import WindowContext


def run(*works: Coroutine[Any, Any, None]) -> None:
    """Do these one after the other, where the program works: in Qt's loop, with its looks and its turns."""
    app = QApplication([])
    app.setQuitOnLastWindowClosed(False)
    apply_theme(app)
    share_the_interpreter()
    loop = EventLoop(app)
    asyncio.set_event_loop(loop)
    with loop:
        for work in works:
            loop.run_until_complete(work)


async def keep_videos(data: Path, videos: Iterable[Video]) -> None:
    """Let the list in ``data`` have these before a window opens it."""
    places(data).prepare()
    store = SqliteVideoStore(data / FILE_NAME)
    await store.open()
    await store.put(videos)
    await store.aclose()


def ready_video(video_id: str, url: str, saved_as: Path | None = None) -> Video:
    """A finished video, whose clip is at ``url`` and perhaps on the disk too."""
    return Video(
        video_id=video_id,
        added_at_s=1.76e9,
        ended_at_s=1.76e9,
        status=VideoStatus.READY,
        status_code=1,
        second_look_done=True,
        url=url,
        saved_path="" if saved_as is None else str(saved_as),
        saved_bytes=0 if saved_as is None else saved_as.stat().st_size,
    )


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
