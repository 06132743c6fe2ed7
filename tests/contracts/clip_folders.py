"""What every ``ClipFolders`` has to do."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pixverse_desktop.core.errors import ClipCutShort, ClipRefused, FolderUnusable
from pixverse_desktop.core.ports import ClipFolders
from tests.core.boxes import FTYP, MDAT, MOOV, WHOLE_CLIP, box

OTHER_CLIP = WHOLE_CLIP + box(b"free", b"another")
NAME = "391504857968062_a fox.mp4"


def save(folders: ClipFolders, folder: Path, data: bytes = WHOLE_CLIP, name: str = NAME) -> Path:
    """Write a clip in two pieces, as a download would."""
    part = folders.begin(folder, name)
    try:
        part.write(data[:10])
        part.write(data[10:])
        return part.finish(len(data))
    finally:
        part.abandon()


def names_in(folder: Path) -> list[str]:
    """Return every name in ``folder``, hidden ones too."""
    return sorted(path.name for path in folder.iterdir())


class ClipFoldersContract:
    """Subclass it, and override the fixture ``folders``; ``tmp_path`` is where the clips go."""

    @pytest.fixture
    def folders(self) -> ClipFolders:
        """Override me."""
        raise NotImplementedError

    def test_a_clip_gets_its_name_once_it_is_whole(self, folders: ClipFolders, tmp_path: Path) -> None:
        part = folders.begin(tmp_path, NAME)
        part.write(WHOLE_CLIP[:50])
        part.write(WHOLE_CLIP[50:])
        before = names_in(tmp_path)

        final = part.finish(len(WHOLE_CLIP))

        assert NAME not in before
        assert final == tmp_path / NAME
        assert final.read_bytes() == WHOLE_CLIP
        assert names_in(tmp_path) == [NAME]

    def test_a_folder_that_is_not_there_is_made(self, folders: ClipFolders, tmp_path: Path) -> None:
        final = save(folders, tmp_path / "videos" / "PixVerse")

        assert final == tmp_path / "videos" / "PixVerse" / NAME

    def test_a_clip_of_unknown_length_is_judged_by_its_boxes(
        self, folders: ClipFolders, tmp_path: Path
    ) -> None:
        part = folders.begin(tmp_path, NAME)
        part.write(WHOLE_CLIP)

        assert part.finish(None).read_bytes() == WHOLE_CLIP

    @pytest.mark.parametrize("expected_bytes", [None, len(WHOLE_CLIP)])
    def test_a_clip_cut_short_leaves_nothing(
        self, folders: ClipFolders, tmp_path: Path, expected_bytes: int | None
    ) -> None:
        part = folders.begin(tmp_path, NAME)
        part.write(WHOLE_CLIP[:-1])

        with pytest.raises(ClipCutShort):
            part.finish(expected_bytes)
        part.abandon()

        assert names_in(tmp_path) == []

    def test_more_bytes_than_named_are_refused(self, folders: ClipFolders, tmp_path: Path) -> None:
        part = folders.begin(tmp_path, NAME)
        part.write(WHOLE_CLIP)

        with pytest.raises(ClipCutShort):
            part.finish(len(WHOLE_CLIP) - 1)
        part.abandon()

        assert names_in(tmp_path) == []

    def test_boxes_that_do_not_add_up_are_refused_at_the_right_length(
        self, folders: ClipFolders, tmp_path: Path
    ) -> None:
        with pytest.raises(ClipCutShort):
            save(folders, tmp_path, FTYP + MDAT + MOOV[:-4])

        assert names_in(tmp_path) == []

    @pytest.mark.parametrize("data", [b"", b"<html>no such file</html>", b'{"ErrCode": 1}'])
    def test_what_is_no_clip_is_refused(self, folders: ClipFolders, tmp_path: Path, data: bytes) -> None:
        with pytest.raises(ClipRefused):
            save(folders, tmp_path, data)

        assert names_in(tmp_path) == []

    def test_another_file_of_the_name_is_never_overwritten(
        self, folders: ClipFolders, tmp_path: Path
    ) -> None:
        (tmp_path / NAME).write_bytes(b"somebody's own")

        finals = [save(folders, tmp_path, data) for data in (WHOLE_CLIP, OTHER_CLIP)]

        assert (tmp_path / NAME).read_bytes() == b"somebody's own"
        assert [final.name for final in finals] == [
            "391504857968062_a fox (2).mp4",
            "391504857968062_a fox (3).mp4",
        ]
        assert [final.read_bytes() for final in finals] == [WHOLE_CLIP, OTHER_CLIP]

    def test_equal_bytes_are_recognised_and_not_stored_twice(
        self, folders: ClipFolders, tmp_path: Path
    ) -> None:
        first = save(folders, tmp_path)
        second = save(folders, tmp_path, OTHER_CLIP)

        again = [save(folders, tmp_path), save(folders, tmp_path, OTHER_CLIP)]

        assert again == [first, second]
        assert len(names_in(tmp_path)) == 2

    def test_two_clips_of_one_name_at_once_do_not_touch_each_other(
        self, folders: ClipFolders, tmp_path: Path
    ) -> None:
        one, two = folders.begin(tmp_path, NAME), folders.begin(tmp_path, NAME)
        one.write(WHOLE_CLIP[:50])
        two.write(OTHER_CLIP)
        one.write(WHOLE_CLIP[50:])

        finals = [two.finish(len(OTHER_CLIP)), one.finish(len(WHOLE_CLIP))]

        assert [final.read_bytes() for final in finals] == [OTHER_CLIP, WHOLE_CLIP]
        assert len(names_in(tmp_path)) == 2

    def test_abandoning_leaves_nothing(self, folders: ClipFolders, tmp_path: Path) -> None:
        part = folders.begin(tmp_path, NAME)
        part.write(b"half")

        part.abandon()
        part.abandon()

        assert names_in(tmp_path) == []

    def test_abandoning_after_the_end_harms_nothing(self, folders: ClipFolders, tmp_path: Path) -> None:
        ended = folders.begin(tmp_path, NAME)
        ended.write(WHOLE_CLIP)
        final = ended.finish(None)
        running = folders.begin(tmp_path, NAME)
        running.write(OTHER_CLIP)

        ended.abandon()

        assert final.read_bytes() == WHOLE_CLIP
        assert running.finish(None).read_bytes() == OTHER_CLIP

    def test_abandoning_twice_does_not_touch_the_next_one(self, folders: ClipFolders, tmp_path: Path) -> None:
        given_up = folders.begin(tmp_path, NAME)
        given_up.abandon()
        running = folders.begin(tmp_path, NAME)
        running.write(WHOLE_CLIP)

        given_up.abandon()

        assert running.finish(None) == tmp_path / NAME

    def test_a_copy_is_whole_and_the_original_stays(self, folders: ClipFolders, tmp_path: Path) -> None:
        source = tmp_path / "cached.mp4"
        source.write_bytes(WHOLE_CLIP)

        copied = folders.copy(source, tmp_path / "to", NAME)

        assert copied == tmp_path / "to" / NAME
        assert copied.read_bytes() == source.read_bytes() == WHOLE_CLIP

    def test_a_copy_never_overwrites(self, folders: ClipFolders, tmp_path: Path) -> None:
        source = tmp_path / "cached.mp4"
        source.write_bytes(WHOLE_CLIP)
        (tmp_path / NAME).write_bytes(b"somebody's own")

        copied = folders.copy(source, tmp_path, NAME)

        assert copied.name == "391504857968062_a fox (2).mp4"
        assert (tmp_path / NAME).read_bytes() == b"somebody's own"

    def test_a_copy_of_half_a_clip_is_refused(self, folders: ClipFolders, tmp_path: Path) -> None:
        source = tmp_path / "cached.mp4"
        source.write_bytes(WHOLE_CLIP[:-3])

        with pytest.raises(ClipCutShort):
            folders.copy(source, tmp_path / "to", NAME)

        assert names_in(tmp_path / "to") == []

    @pytest.mark.parametrize(
        ("size_bytes", "expected"), [(len(WHOLE_CLIP), True), (0, True), (len(WHOLE_CLIP) - 1, False)]
    )
    def test_a_file_is_known_by_its_size(
        self, folders: ClipFolders, tmp_path: Path, size_bytes: int, expected: bool
    ) -> None:
        final = save(folders, tmp_path)

        assert folders.is_whole(final, size_bytes) is expected
        assert folders.size_of(final) == len(WHOLE_CLIP)

    @pytest.mark.parametrize("size_bytes", [0, 5])
    def test_what_is_no_file_is_not_whole(
        self, folders: ClipFolders, tmp_path: Path, size_bytes: int
    ) -> None:
        (tmp_path / "empty.mp4").write_bytes(b"")

        assert not folders.is_whole(tmp_path / "gone.mp4", size_bytes)
        assert not folders.is_whole(tmp_path, size_bytes)
        assert not folders.is_whole(tmp_path / "empty.mp4", size_bytes)

    def test_the_size_of_what_is_gone_is_told_in_words(self, folders: ClipFolders, tmp_path: Path) -> None:
        with pytest.raises(FolderUnusable):
            folders.size_of(tmp_path / "gone.mp4")

    def test_trimming_takes_the_oldest_and_no_part(self, folders: ClipFolders, tmp_path: Path) -> None:
        running = folders.begin(tmp_path, "running.mp4")
        running.write(WHOLE_CLIP)
        finals = [save(folders, tmp_path, WHOLE_CLIP, f"{number}.mp4") for number in range(4)]
        for age, final in enumerate(reversed(finals)):
            os.utime(final, (1e9 - age, 1e9 - age))

        folders.trim(tmp_path, len(WHOLE_CLIP) * 3)
        left = set(names_in(tmp_path))

        assert "3.mp4" in left
        assert "0.mp4" not in left
        assert running.finish(None).read_bytes() == WHOLE_CLIP

    def test_trimming_a_folder_that_is_not_there_does_nothing(
        self, folders: ClipFolders, tmp_path: Path
    ) -> None:
        folders.trim(tmp_path / "gone", 0)

        assert not (tmp_path / "gone").exists()

    @given(component=st.text(max_size=80))
    @settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_a_clean_component_holds_nothing_a_system_refuses(
        self, folders: ClipFolders, component: str
    ) -> None:
        cleaned = folders.clean(component)

        assert not set(cleaned) & set('/\\:*?"<>|\x00\n')
