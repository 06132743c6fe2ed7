"""What every ``ClipFolders`` has to do."""

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pixverse_desktop.core.copies import CopyFault
from pixverse_desktop.core.errors import ClipCutShort, ClipRefused, FolderUnusable
from pixverse_desktop.core.half_clips import UNKNOWN_VERSION, ClipVersion, HalfClip
from pixverse_desktop.core.names import clip_name
from pixverse_desktop.core.ports import ClipFolders, PartFile
from pixverse_desktop.core.video import Video, VideoRef
from tests.core.boxes import FTYP, MDAT, MOOV, WHOLE_CLIP, box

OTHER_CLIP = WHOLE_CLIP + box(b"free", b"another")
NAME = "391504857968062_a fox.mp4"
REF = VideoRef("default", "391504857968062")


def version_of(data: bytes) -> ClipVersion:
    """What a good server says of these bytes."""
    return ClipVersion(f'"{hashlib.sha256(data).hexdigest()}"', len(data))


WHOLE_VERSION = version_of(WHOLE_CLIP)


def begin(
    folders: ClipFolders,
    folder: Path,
    version: ClipVersion = UNKNOWN_VERSION,
    *,
    name: str = NAME,
    ref: VideoRef = REF,
) -> PartFile:
    """Open a file to be written from its beginning."""
    part = folders.begin(folder, name, ref)
    part.start(version, 0)
    return part


def save(folders: ClipFolders, folder: Path, data: bytes = WHOLE_CLIP, name: str = NAME) -> Path:
    """Write a clip in two pieces, as a download would."""
    part = begin(folders, folder, version_of(data), name=name)
    try:
        part.write(data[:10])
        part.write(data[10:])
        return part.finish()
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
        part = begin(folders, tmp_path, version_of(WHOLE_CLIP))
        part.write(WHOLE_CLIP[:50])
        part.write(WHOLE_CLIP[50:])
        before = names_in(tmp_path)

        final = part.finish()

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
        part = begin(folders, tmp_path)
        part.write(WHOLE_CLIP)

        assert part.finish().read_bytes() == WHOLE_CLIP

    @pytest.mark.parametrize("expected_bytes", [None, len(WHOLE_CLIP)])
    def test_a_clip_cut_short_leaves_nothing(
        self, folders: ClipFolders, tmp_path: Path, expected_bytes: int | None
    ) -> None:
        part = begin(folders, tmp_path, ClipVersion(total_bytes=expected_bytes))
        part.write(WHOLE_CLIP[:-1])

        with pytest.raises(ClipCutShort):
            part.finish()
        part.abandon()

        assert names_in(tmp_path) == []

    def test_more_bytes_than_named_are_refused(self, folders: ClipFolders, tmp_path: Path) -> None:
        part = begin(folders, tmp_path, version_of(WHOLE_CLIP[:-1]))
        part.write(WHOLE_CLIP)

        with pytest.raises(ClipCutShort):
            part.finish()
        left = part.half
        part.abandon()

        assert left is None
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
        one, two = begin(folders, tmp_path), begin(folders, tmp_path)
        one.write(WHOLE_CLIP[:50])
        two.write(OTHER_CLIP)
        one.write(WHOLE_CLIP[50:])

        finals = [two.finish(), one.finish()]

        assert [final.read_bytes() for final in finals] == [OTHER_CLIP, WHOLE_CLIP]
        assert len(names_in(tmp_path)) == 2

    def test_abandoning_leaves_nothing(self, folders: ClipFolders, tmp_path: Path) -> None:
        part = begin(folders, tmp_path)
        part.write(b"half")

        part.abandon()
        part.abandon()

        assert names_in(tmp_path) == []

    def test_abandoning_after_the_end_harms_nothing(self, folders: ClipFolders, tmp_path: Path) -> None:
        ended = begin(folders, tmp_path)
        ended.write(WHOLE_CLIP)
        final = ended.finish()
        running = begin(folders, tmp_path)
        running.write(OTHER_CLIP)

        ended.abandon()

        assert final.read_bytes() == WHOLE_CLIP
        assert running.finish().read_bytes() == OTHER_CLIP

    def test_abandoning_twice_does_not_touch_the_next_one(self, folders: ClipFolders, tmp_path: Path) -> None:
        given_up = begin(folders, tmp_path)
        given_up.abandon()
        running = begin(folders, tmp_path)
        running.write(WHOLE_CLIP)

        given_up.abandon()

        assert running.finish() == tmp_path / NAME

    def test_a_copy_is_whole_and_the_original_stays(self, folders: ClipFolders, tmp_path: Path) -> None:
        source = tmp_path / "cached.mp4"
        source.write_bytes(WHOLE_CLIP)

        copied = folders.copy(source, tmp_path / "to", NAME, REF)

        assert copied == tmp_path / "to" / NAME
        assert copied.read_bytes() == source.read_bytes() == WHOLE_CLIP

    def test_a_copy_never_overwrites(self, folders: ClipFolders, tmp_path: Path) -> None:
        source = tmp_path / "cached.mp4"
        source.write_bytes(WHOLE_CLIP)
        (tmp_path / NAME).write_bytes(b"somebody's own")

        copied = folders.copy(source, tmp_path, NAME, REF)

        assert copied.name == "391504857968062_a fox (2).mp4"
        assert (tmp_path / NAME).read_bytes() == b"somebody's own"

    def test_a_copy_of_half_a_clip_is_refused(self, folders: ClipFolders, tmp_path: Path) -> None:
        source = tmp_path / "cached.mp4"
        source.write_bytes(WHOLE_CLIP[:-3])

        with pytest.raises(ClipCutShort):
            folders.copy(source, tmp_path / "to", NAME, REF)

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
        running = begin(folders, tmp_path, name="running.mp4")
        running.write(WHOLE_CLIP)
        finals = [save(folders, tmp_path, WHOLE_CLIP, f"{number}.mp4") for number in range(4)]
        for age, final in enumerate(reversed(finals)):
            os.utime(final, (1e9 - age, 1e9 - age))

        folders.trim(tmp_path, len(WHOLE_CLIP) * 3)
        left = set(names_in(tmp_path))

        assert "3.mp4" in left
        assert "0.mp4" not in left
        assert running.finish().read_bytes() == WHOLE_CLIP

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

    # Going on from what an earlier try left.

    def leave_half(self, folders: ClipFolders, folder: Path, held_bytes: int = 50) -> None:
        part = begin(folders, folder, WHOLE_VERSION)
        part.write(WHOLE_CLIP[:held_bytes])
        part.keep()

    def test_what_was_kept_is_gone_on_from(self, folders: ClipFolders, tmp_path: Path) -> None:
        self.leave_half(folders, tmp_path)
        kept = names_in(tmp_path)

        part = folders.begin(tmp_path, NAME, REF)
        half = part.half
        part.start(WHOLE_VERSION, 50)
        part.write(WHOLE_CLIP[50:])
        final = part.finish()

        assert kept == [NAME + ".part", NAME + ".part.json"]
        assert half == HalfClip(REF, WHOLE_VERSION, 50)
        assert final.read_bytes() == WHOLE_CLIP
        assert names_in(tmp_path) == [NAME]

    def test_what_was_kept_is_found_by_another_name(self, folders: ClipFolders, tmp_path: Path) -> None:
        self.leave_half(folders, tmp_path)

        part = folders.begin(tmp_path, f"{REF.video_id}.mp4", REF)
        half = part.half
        part.start(WHOLE_VERSION, 50)
        part.write(WHOLE_CLIP[50:])
        final = part.finish()

        assert half is not None
        assert final.name == f"{REF.video_id}.mp4"
        assert names_in(tmp_path) == [final.name]

    def test_a_whole_clip_that_was_kept_needs_nothing_more(
        self, folders: ClipFolders, tmp_path: Path
    ) -> None:
        self.leave_half(folders, tmp_path, len(WHOLE_CLIP))

        part = folders.begin(tmp_path, NAME, REF)

        assert part.half is not None
        assert part.half.is_complete
        assert part.finish().read_bytes() == WHOLE_CLIP

    def test_another_version_begins_anew(self, folders: ClipFolders, tmp_path: Path) -> None:
        self.leave_half(folders, tmp_path, len(WHOLE_CLIP) - 1)

        part = begin(folders, tmp_path, version_of(OTHER_CLIP))
        part.write(OTHER_CLIP[:20])
        half = part.half
        part.write(OTHER_CLIP[20:])

        assert half == HalfClip(REF, version_of(OTHER_CLIP), 20)
        assert part.finish().read_bytes() == OTHER_CLIP

    @pytest.mark.parametrize("other", [VideoRef("default", "1"), VideoRef("studio", REF.video_id)])
    def test_no_other_video_gets_what_was_kept(
        self, folders: ClipFolders, tmp_path: Path, other: VideoRef
    ) -> None:
        self.leave_half(folders, tmp_path)

        theirs = folders.begin(tmp_path, NAME, other)
        half = theirs.half
        theirs.start(version_of(OTHER_CLIP), 0)
        theirs.write(OTHER_CLIP)
        theirs.finish()
        ours = folders.begin(tmp_path, NAME, REF)

        assert half is None
        assert ours.half == HalfClip(REF, WHOLE_VERSION, 50)
        ours.abandon()

    @pytest.mark.parametrize(
        "version", [UNKNOWN_VERSION, ClipVersion('"a"'), ClipVersion("", len(WHOLE_CLIP))]
    )
    def test_what_nothing_can_prove_is_not_kept(
        self, folders: ClipFolders, tmp_path: Path, version: ClipVersion
    ) -> None:
        part = begin(folders, tmp_path, version)
        part.write(WHOLE_CLIP[:50])

        part.keep()

        assert names_in(tmp_path) == []

    def test_a_file_nothing_came_of_is_not_kept(self, folders: ClipFolders, tmp_path: Path) -> None:
        begin(folders, tmp_path, WHOLE_VERSION).keep()

        assert names_in(tmp_path) == []

    def test_abandoning_removes_what_was_kept_before(self, folders: ClipFolders, tmp_path: Path) -> None:
        self.leave_half(folders, tmp_path)

        folders.begin(tmp_path, NAME, REF).abandon()

        assert names_in(tmp_path) == []

    def test_what_is_kept_is_not_there_for_two(self, folders: ClipFolders, tmp_path: Path) -> None:
        self.leave_half(folders, tmp_path)

        one, two = folders.begin(tmp_path, NAME, REF), folders.begin(tmp_path, NAME, REF)

        assert one.half is not None
        assert two.half is None
        one.abandon()
        two.abandon()

    def test_after_the_end_nothing_is_written(self, folders: ClipFolders, tmp_path: Path) -> None:
        part = begin(folders, tmp_path, WHOLE_VERSION)
        part.write(WHOLE_CLIP[:50])
        part.abandon()

        part.write(WHOLE_CLIP[50:])
        part.sync()
        part.start(WHOLE_VERSION, 0)
        part.keep()

        assert names_in(tmp_path) == []

    def test_boxes_that_do_not_add_up_are_nothing_to_go_on_from(
        self, folders: ClipFolders, tmp_path: Path
    ) -> None:
        wrong = FTYP + MDAT + MOOV[:-4]
        part = begin(folders, tmp_path, version_of(wrong))
        part.write(wrong)

        with pytest.raises(ClipCutShort):
            part.finish()

        assert part.half is None
        part.keep()
        assert names_in(tmp_path) == []

    @pytest.mark.parametrize(
        "record", [None, b"", b"{", b'{"layout": 1}', b"\xff\xfe", b"somebody's own"], ids=repr
    )
    def test_a_part_without_a_good_record_is_left_alone(
        self, folders: ClipFolders, tmp_path: Path, record: bytes | None
    ) -> None:
        before = {NAME + ".part": WHOLE_CLIP[:50]} | ({} if record is None else {NAME + ".part.json": record})
        for name, data in before.items():
            (tmp_path / name).write_bytes(data)

        final = save(folders, tmp_path, OTHER_CLIP)

        assert final.name == NAME
        assert final.read_bytes() == OTHER_CLIP
        assert {name: (tmp_path / name).read_bytes() for name in before} == before
        assert len(names_in(tmp_path)) == len(before) + 1

    def test_trimming_takes_an_old_part_with_its_record(self, folders: ClipFolders, tmp_path: Path) -> None:
        self.leave_half(folders, tmp_path)
        for path in tmp_path.iterdir():
            os.utime(path, (1e9, 1e9))
        final = save(folders, tmp_path, OTHER_CLIP, "2.mp4")

        folders.trim(tmp_path, len(OTHER_CLIP))

        assert names_in(tmp_path) == [final.name]

    def test_folders_before_a_name_are_made(self, folders: ClipFolders, tmp_path: Path) -> None:
        names = [
            save(folders, tmp_path / "to", data, f"2026/march/{NAME}") for data in (WHOLE_CLIP, OTHER_CLIP)
        ]

        assert [str(path.relative_to(tmp_path)) for path in names] == [
            f"to/2026/march/{NAME}",
            "to/2026/march/391504857968062_a fox (2).mp4",
        ]
        assert names_in(tmp_path / "to") == ["2026"]
        assert len(names_in(tmp_path / "to/2026/march")) == 2

    def test_a_name_as_long_as_there_is_room_can_be_saved(self, folders: ClipFolders, tmp_path: Path) -> None:
        deep = tmp_path
        while len(str(deep)) < 3600:
            deep /= "x" * 200
        deep.mkdir(parents=True)
        video = Video(video_id=REF.video_id, added_at_s=0.0, prompt="a fox " * 100)

        name = clip_name(
            video, folders.clean, "{prompt}/{prompt}/{prompt} {id}", room=folders.room(deep / "new")
        )
        final = save(folders, deep / "new", name=name)

        assert REF.video_id in final.name
        assert final.read_bytes() == WHOLE_CLIP

    # What is known of a clip, beside it.

    def test_a_record_is_written_beside_its_clip_and_renewed(
        self, folders: ClipFolders, tmp_path: Path
    ) -> None:
        clip = tmp_path / "7 (2).mp4"

        paths = [folders.write_beside(clip, text, lambda text: text == "old") for text in ("old", "new")]

        assert paths == [tmp_path / "7 (2).json"] * 2
        assert paths[0].read_text() == "new"
        assert names_in(tmp_path) == ["7 (2).json"]

    def test_a_record_is_never_written_over_another_file(self, folders: ClipFolders, tmp_path: Path) -> None:
        (tmp_path / "7.json").write_text("somebody's own")
        (tmp_path / "7 (2).json").mkdir()
        (tmp_path / "7 (3).json").symlink_to(tmp_path / "nowhere")

        path = folders.write_beside(tmp_path / "7.mp4", "ours", lambda text: text == "ours")

        assert path == tmp_path / "7 (4).json"
        assert (tmp_path / "7.json").read_text() == "somebody's own"
        assert not (tmp_path / "nowhere").exists()

    def test_a_record_that_cannot_be_written_is_told_and_leaves_nothing(
        self, folders: ClipFolders, tmp_path: Path
    ) -> None:
        (tmp_path / "file").write_bytes(b"")

        with pytest.raises(FolderUnusable, match="What is known of the clip cannot be written"):
            folders.write_beside(tmp_path / "file" / "7.mp4", "ours", lambda _: False)

        assert names_in(tmp_path) == ["file"]

    # Looking at what was saved.

    @pytest.mark.parametrize(
        ("data", "counted_bytes", "fault"),
        [
            (WHOLE_CLIP, len(WHOLE_CLIP), None),
            (WHOLE_CLIP, 0, None),
            (WHOLE_CLIP[:-1], len(WHOLE_CLIP), CopyFault.SHORT),
            (b"", len(WHOLE_CLIP), CopyFault.SHORT),
            (OTHER_CLIP, len(WHOLE_CLIP), CopyFault.CHANGED),
            (WHOLE_CLIP[:-4] + b"rest" * 2, len(WHOLE_CLIP) + 4, CopyFault.NOT_A_CLIP),
            (b"", 0, CopyFault.NOT_A_CLIP),
            (None, len(WHOLE_CLIP), CopyFault.GONE),
        ],
    )
    def test_a_copy_is_looked_into(
        self,
        folders: ClipFolders,
        tmp_path: Path,
        data: bytes | None,
        counted_bytes: int,
        fault: CopyFault | None,
    ) -> None:
        path = tmp_path / NAME
        if data is not None:
            path.write_bytes(data)

        assert folders.fault_of(path, counted_bytes) == fault
        assert folders.fault_of(path / "below", 1) is CopyFault.GONE
        assert names_in(tmp_path) == ([NAME] if data is not None else [])

    def test_files_are_found_in_folders_below_and_links_not_followed(
        self, folders: ClipFolders, tmp_path: Path
    ) -> None:
        (tmp_path / "b" / "c").mkdir(parents=True)
        for name in ("z.mp4", "b/y.mp4", "b/c/x.mp4"):
            (tmp_path / name).write_bytes(b"12345")
        (tmp_path / "b" / "loop").symlink_to(tmp_path)
        (tmp_path / "link.mp4").symlink_to(tmp_path / "z.mp4")

        found = list(folders.files_below(tmp_path))

        assert found == [(tmp_path / name, 5) for name in ("z.mp4", "b/y.mp4", "b/c/x.mp4")]
        assert list(folders.files_below(tmp_path / "nowhere")) == []

    def test_whole_clips_are_found_by_their_name_with_a_number_or_without(
        self, folders: ClipFolders, tmp_path: Path
    ) -> None:
        (tmp_path / NAME).write_bytes(WHOLE_CLIP[:-1])
        numbered = save(folders, tmp_path)
        save(folders, tmp_path, OTHER_CLIP, "8.mp4")

        assert list(folders.whole_clips(tmp_path, NAME)) == [numbered]
        assert list(folders.whole_clips(tmp_path, "8.mp4")) == [tmp_path / "8.mp4"]
        assert list(folders.whole_clips(tmp_path / "gone", NAME)) == []

    def test_parts_that_nobody_wants_are_dropped_and_others_stay(
        self, folders: ClipFolders, tmp_path: Path
    ) -> None:
        other = VideoRef("studio", REF.video_id)
        for ref, name in ((REF, "a.mp4"), (other, "b.mp4")):
            part = begin(folders, tmp_path, WHOLE_VERSION, name=name, ref=ref)
            part.write(WHOLE_CLIP[:50])
            part.keep()
        (tmp_path / "mine.part").write_bytes(b"somebody's own")

        folders.drop_parts(tmp_path, [REF])
        folders.drop_parts(tmp_path / "gone", [REF])

        assert names_in(tmp_path) == ["b.mp4.part", "b.mp4.part.json", "mine.part"]

    def test_a_part_that_is_being_written_is_not_dropped(self, folders: ClipFolders, tmp_path: Path) -> None:
        part = begin(folders, tmp_path, WHOLE_VERSION)
        part.write(WHOLE_CLIP)

        folders.drop_parts(tmp_path, [REF])

        assert part.finish().read_bytes() == WHOLE_CLIP
