import json
from dataclasses import replace
from pathlib import Path

import pytest

from pixverse_desktop.core.errors import FolderUnusable
from pixverse_desktop.core.events import SavePhase, Trouble
from pixverse_desktop.core.marks import rated
from pixverse_desktop.core.records import rows_of_export
from pixverse_desktop.core.settings import Settings
from pixverse_desktop.services.library import Library
from pixverse_desktop.services.saving import Saver
from pixverse_desktop.services.sidecars import Sidecars
from tests.fakes.clock import FakeClock
from tests.fakes.heard import Heard
from tests.services.conftest import RED, Wishes, add_ready, ref


@pytest.fixture
def wishes() -> Wishes:
    return Wishes(Settings(writes_sidecar=True, name_template="{style}/{id}_{prompt}"))


async def save(library: Library, saver: Saver, clock: FakeClock, folder: Path) -> None:
    await add_ready(library, "7")
    raw = json.dumps({"id": 7, "of_the_future": [1]}, separators=(",", ":"))
    await library.update(ref("7"), lambda row: replace(row, prompt="a fox", style="anime", raw=raw))
    saver.save([ref("7")], folder)
    await clock.advance(1)


async def test_everything_known_is_written_beside_a_saved_clip_and_can_be_read_again(
    library: Library, saver: Saver, clock: FakeClock, tmp_path: Path, heard: Heard
) -> None:
    await library.add(["7"], account="default")
    await library.mark([ref("7")], rated(4))

    await save(library, saver, clock, tmp_path)

    path = tmp_path / "anime" / "7_a fox.json"
    assert rows_of_export(path.read_text(), now_s=0.0) == [
        (replace(video, second_look_done=True), library.marks(ref("7")))
        if (video := library.get(ref("7"))) is not None
        else None
    ]
    assert json.loads(path.read_text())[0]["raw"] == {"id": 7, "of_the_future": [1]}
    assert json.loads(path.read_text())[0]["saved_path"] == str(path.with_suffix(".mp4"))
    assert heard.phases("7")[-1] is SavePhase.SAVED


async def test_it_is_renewed_when_told_and_not_by_itself(
    library: Library, saver: Saver, sidecars: Sidecars, clock: FakeClock, tmp_path: Path
) -> None:
    await save(library, saver, clock, tmp_path)
    path = tmp_path / "anime" / "7_a fox.json"
    await library.mark([ref("7")], rated(4))
    before = path.read_text()

    written = await sidecars.write(ref("7"))

    assert written == path
    assert (json.loads(before)[0]["rating"], json.loads(path.read_text())[0]["rating"]) == (0, 4)


async def test_it_has_the_number_of_its_clip_and_leaves_foreign_files_alone(
    library: Library, saver: Saver, clock: FakeClock, tmp_path: Path
) -> None:
    (tmp_path / "anime").mkdir()
    for name in ("7_a fox.mp4", "7_a fox.json", "7_a fox (2).json"):
        (tmp_path / "anime" / name).write_text("somebody's own")

    await save(library, saver, clock, tmp_path)

    ours = sorted(
        each.name for each in (tmp_path / "anime").iterdir() if each.read_bytes() != b"somebody's own"
    )
    assert ours == ["7_a fox (2) (2).json", "7_a fox (2).mp4"]


async def test_a_clip_is_saved_where_what_is_known_of_it_cannot_be_written(
    library: Library,
    saver: Saver,
    sidecars: Sidecars,
    clock: FakeClock,
    tmp_path: Path,
    heard: Heard,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pixverse_desktop.adapters.sidecars.MAX_NUMBERED", 1)

    await save(library, saver, clock, tmp_path)

    video = library.get(ref("7"))
    assert video is not None
    assert Path(video.saved_path).read_bytes() == RED
    assert heard.phases("7")[-1] is SavePhase.SAVED
    assert "too many files" in heard.of(Trouble)[-1].message
    with pytest.raises(FolderUnusable):
        await sidecars.write(ref("7"))


async def test_a_row_without_a_copy_has_nothing_beside_it(library: Library, sidecars: Sidecars) -> None:
    await library.add(["8"], account="default")

    assert await sidecars.write(ref("8")) is None
    assert await sidecars.write(ref("404")) is None


class TestByDefault:
    @pytest.fixture
    def wishes(self) -> Wishes:
        return Wishes()

    async def test_nothing_is_written_beside_a_clip(
        self, library: Library, saver: Saver, clock: FakeClock, tmp_path: Path
    ) -> None:
        await save(library, saver, clock, tmp_path / "to")

        assert [path.name for path in (tmp_path / "to").iterdir()] == ["7_a fox.mp4"]
