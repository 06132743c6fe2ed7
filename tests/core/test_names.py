import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pixverse_desktop.adapters.disk import DiskFolders
from pixverse_desktop.core.marks import NO_MARKS, Marks
from pixverse_desktop.core.names import (
    DEFAULT_TEMPLATE,
    FIELDS,
    NameRoom,
    clip_name,
    cut_bytes,
    template_problem,
)
from pixverse_desktop.core.video import Video

ID = "627410861853514292"
NOON_S = 1_772_625_600.0  # 4 March 2026, noon in UTC
clean = DiskFolders().clean


def name_of(
    prompt: str,
    template: str = "{id}_{prompt}",
    *,
    marks: Marks = NO_MARKS,
    room: NameRoom | None = None,
    **facts: str | int | float,
) -> str:
    video = Video(video_id=ID, prompt=prompt, **{"added_at_s": NOON_S, **facts})  # type: ignore[arg-type]
    return clip_name(video, clean, template, marks=marks, room=room or NameRoom())


@pytest.mark.parametrize(
    ("template", "prompt", "name"),
    [
        ("{id}_{prompt}", "a fox", f"{ID}_a fox.mp4"),
        ("{id}_{prompt}", "", f"{ID}.mp4"),
        ("{prompt} ({id})", "a fox", f"a fox ({ID}).mp4"),
        ("{prompt}", "a fox", f"a fox {ID}.mp4"),
        ("", "a fox", f"{ID}.mp4"),
        ("{id}-{seed}-{style}-{width}x{height}-{account}", "", f"{ID}-42-anime-1280x720-default.mp4"),
        ("{date} {batch} {tag} {id}", "", f"2026-03-04 march fox {ID}.mp4"),
        ("{batch}/{date}/{prompt}", "a fox", f"march/2026-03-04/a fox {ID}.mp4"),
        ("{id}/{prompt}", "a fox", f"{ID}/a fox {ID}.mp4"),
        ("{batch}/", "a fox", f"march/{ID}.mp4"),
        ("{id}_{prompt}", "{seed} {id} {0.__class__}", f"{ID}_{{seed}} {{id}} {{0.__class__}}.mp4"),
    ],
)
def test_a_template_is_filled(template: str, prompt: str, name: str) -> None:
    marks = Marks(tags=("fox", "night"), batch="march")

    assert name_of(prompt, template, marks=marks, seed=42, style="anime", width=1280, height=720) == name


@pytest.mark.parametrize(
    ("template", "name"),
    [
        ("{id}-{seed}{width}{height}{style}", ID),
        ("{id} {prompt} {seed}", ID),
        ("{seed} - {prompt} - {id}", ID),
        ("{id} ({width}x{height}) {account}", f"{ID} default"),
        ("{id} [{style}, {seed}]_{tag}", ID),
        ("({account} {style}) {id}", f"(default) {ID}"),
        ("{tag}/{batch}/{id}", ID),
        ("clips {tag}/{id}", f"clips/{ID}"),
    ],
)
def test_facts_not_known_leave_nothing_behind(template: str, name: str) -> None:
    assert name_of("", template) == f"{name}.mp4"


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{id}_{colour}", "“{colour}” is not a field. The fields are {id}, {prompt}, {seed}"),
        ("{}", "is not a field"),
        ("{id!r}", "is not a field"),
        ("{id", "no partner"),
        ("id}", "no partner"),
        ("{{id}}", "no partner"),
        ("/tmp/{id}", "begin like a path"),
        ("~/{id}", "begin like a path"),
        ("C:\\{id}", "begin like a path"),
        ("{tag}/../{id}", "“..” cannot be used"),
        ("..\\{id}", "“..” cannot be used"),
        ("x" * 301, "too long"),
    ],
)
def test_a_wrong_template_is_refused_in_words_and_the_usual_one_used(template: str, words: str) -> None:
    assert words in template_problem(template)
    assert name_of("a fox", template) == f"{ID}_a fox.mp4"


@pytest.mark.parametrize(
    "template", [DEFAULT_TEMPLATE, "", "{date}/{prompt}", "a..b {id}", "夜 {id}", "\ud800{id}"]
)
def test_a_good_template_has_no_problem(template: str) -> None:
    assert template_problem(template) == ""
    assert ID in name_of("a fox", template)


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ('a/b\\c:d*e?f"g<h>i|j', f"{ID}_a b c d e f g h i j.mp4"),
        ("../../etc/passwd", f"{ID}_.. .. etc passwd.mp4"),
        ("line one\nline two\ttab", f"{ID}_line one line two tab.mp4"),
        ("bell\x07 null\x00", f"{ID}_bell null.mp4"),
        ("gpj.\u202eexe", f"{ID}_gpj.exe.mp4"),
        ("הברווז שט", f"{ID}_הברווז שט.mp4"),
        ("می\u200cخواهم", f"{ID}_می\u200cخواهم.mp4"),
        ("夜の海辺", f"{ID}_夜の海辺.mp4"),
        ("👩\u200d🚀 waves", f"{ID}_👩\u200d🚀 waves.mp4"),
        ("ends with dots...", f"{ID}_ends with dots.mp4"),
        ("zero\u200bwidth", f"{ID}_zerowidth.mp4"),
        ("half \ud800 of a character", f"{ID}_half of a character.mp4"),
    ],
)
def test_a_prompt_is_made_safe_and_stays_readable(prompt: str, name: str) -> None:
    assert name_of(prompt) == name


@pytest.mark.parametrize("prompt", ["..", "../..", "/etc", "C:\\", ".", "\u200d", "CON/.."])
def test_no_prompt_leads_out_of_the_folder(prompt: str) -> None:
    parts = name_of(prompt, "{prompt}/{id}").split("/")

    assert parts[-1] == f"{ID}.mp4"
    assert not {"", ".", ".."} & set(parts)


@pytest.mark.parametrize("template", [*(f"{{{field}}}" for field in FIELDS), "{batch}/{prompt}"])
def test_the_address_of_a_clip_never_becomes_its_name(template: str) -> None:
    url = "https://media.pixverse.ai/openapi%2F0f3a.mp4?Signature=secret"

    assert name_of("", template, url=url) in (f"{ID}.mp4", f"default {ID}.mp4", f"2026-03-04 {ID}.mp4")


@pytest.mark.parametrize("word", ["CON", "con", "NUL", "aux", "COM1", "LPT9", "PRN"])
@pytest.mark.parametrize("template", ["{prompt}.{id}", "{prompt}{id}", "{prompt} {id}", "{id}{prompt}"])
def test_no_name_is_one_that_windows_keeps_for_devices(word: str, template: str) -> None:
    name = name_of(word, template)

    assert name.partition(".")[0].rstrip().upper() != word.upper()
    assert ID in name


@pytest.mark.parametrize("mark", ["x", "é", "夜", "🐶", "👩\u200d🚀", "e\u0301"])
@pytest.mark.parametrize("template", ["{id}_{prompt}", "{prompt}_{id}", "{prompt}{id}{prompt}"])
def test_a_long_prompt_is_cut_by_bytes_between_characters(mark: str, template: str) -> None:
    name = name_of(mark * 3000, template)

    assert len(name.encode()) <= 200
    assert len(name.encode()) > 150
    assert ID in name
    assert "\ufffd" not in name


@pytest.mark.parametrize(
    "whole", ["👩\u200d🚀", "e\u0301\u0323", "👍🏽", "🇯🇵", "☎\ufe0f", "हिं", "각"], ids=ascii
)
def test_a_cut_leaves_no_half_of_what_people_see_as_one(whole: str) -> None:
    text = whole * 20

    cuts = {cut_bytes(text, limit_bytes) for limit_bytes in range(len(text.encode()) + 1)}

    assert cuts == {whole * number for number in range(21)}


@pytest.mark.parametrize("word", ["CON", "nul", "COM1 ", "aux.", " LPT9."])
@pytest.mark.parametrize("template", ["{prompt}/{id}", "{batch}/{id}", "{prompt}.txt/{id}"])
def test_no_folder_is_one_that_windows_keeps_for_devices(word: str, template: str) -> None:
    folder, _, _ = name_of(word, template, marks=Marks(batch=word)).partition("/")

    assert folder.partition(".")[0].strip().upper() != word.strip(" .").upper()


def test_where_room_is_scarce_the_prompt_is_cut_and_then_the_folders_go() -> None:
    def name_in(path_bytes: int, name_bytes: int = 255) -> str:
        room = NameRoom(name_bytes=name_bytes, path_bytes=path_bytes)
        return name_of("a fox at night in the snow", "clips/{id}_{prompt}_{seed}", room=room, seed=7)

    assert name_in(4096) == f"clips/{ID}_a fox at night in the snow_7.mp4"
    assert name_in(58) == f"clips/{ID}_a fox_7.mp4"
    assert name_in(4096, name_bytes=52) == f"clips/{ID}_a fox_7.mp4"
    assert name_in(50) == f"clips/{ID}.mp4"
    assert name_in(45) == f"{ID}_7.mp4"
    assert name_in(1) == f"{ID}.mp4"


@given(
    st.text(max_size=400),
    st.lists(
        st.sampled_from([*(f"{{{field}}}" for field in FIELDS), "/", " - ", "x", "夜" * 30]), max_size=12
    ),
    st.text(max_size=80),
    st.integers(20, 400),
)
@settings(deadline=None, max_examples=200)
def test_any_facts_and_fields_give_a_name_that_every_system_takes(
    prompt: str, pieces: list[str], free: str, path_bytes: int
) -> None:
    marks = Marks(tags=(free,), batch=free)
    name = name_of(prompt, "".join(pieces), marks=marks, room=NameRoom(path_bytes=path_bytes), style=free)

    *folders, last = name.split("/")
    assert ID in last
    assert last.endswith(".mp4")
    assert len(name.encode()) <= max(path_bytes, len(f"{ID}.mp4"))
    for part in [*folders, last]:
        assert part not in ("", ".", "..")
        assert len(part.encode()) <= 200
        assert not set(part) & set('\\:*?"<>|\u202e\u2066')
        assert part == part.strip(" .")
        assert "  " not in part


@given(st.text(), st.text(max_size=300))
@settings(deadline=None, max_examples=300)
def test_any_prompt_and_template_give_a_name_that_every_system_takes(prompt: str, template: str) -> None:
    name = name_of(prompt, template)

    assert ID in name
    assert name.endswith(".mp4")
    assert all(len(part.encode()) <= 200 for part in name.split("/"))
    assert not set(name.replace("/", "")) & set('\\:*?"<>|')
    assert not name.startswith((" ", "."))
    assert all(unicodedata.category(mark) != "Cc" for mark in name)


@given(st.text(max_size=50), st.integers(-5, 60))
def test_cutting_gives_a_beginning_that_fits(text: str, limit_bytes: int) -> None:
    text = text.encode(errors="ignore").decode()

    cut = cut_bytes(text, limit_bytes)

    assert text.startswith(cut)
    assert len(cut.encode()) <= max(0, limit_bytes)
