import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pixverse_desktop.adapters.disk import DiskFolders
from pixverse_desktop.core.names import clip_name, cut_bytes
from pixverse_desktop.core.video import Video

ID = "627410861853514292"
clean = DiskFolders().clean


def name_of(prompt: str, template: str = "{id}_{prompt}", **facts: str | int) -> str:
    return clip_name(Video(video_id=ID, added_at_s=0.0, prompt=prompt, **facts), clean, template)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("template", "prompt", "name"),
    [
        ("{id}_{prompt}", "a fox", f"{ID}_a fox.mp4"),
        ("{id}_{prompt}", "", f"{ID}.mp4"),
        ("{prompt} ({id})", "a fox", f"a fox ({ID}).mp4"),
        ("{prompt}", "a fox", f"{ID}_a fox.mp4"),
        ("", "a fox", f"{ID}.mp4"),
        ("{id}-{seed}-{style}-{width}x{height}-{account}", "", f"{ID}-42-anime-1280x720-default.mp4"),
        ("{id}_{unknown}", "", f"{ID}_{{unknown}}.mp4"),
        ("{id}{id}", "", f"{ID}{{id}}.mp4"),
        ("{id}_{prompt}", "{seed} {id} {0.__class__}", f"{ID}_(seed) (id) (0.__class__).mp4"),
    ],
)
def test_a_template_is_filled(template: str, prompt: str, name: str) -> None:
    assert name_of(prompt, template, seed=42, style="anime", width=1280, height=720) == name


def test_facts_not_known_leave_no_zero_or_none_behind() -> None:
    assert name_of("", "{id}-{seed}{width}{height}{style}") == f"{ID}-.mp4"


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ('a/b\\c:d*e?f"g<h>i|j', f"{ID}_a b c d e f g h i j.mp4"),
        ("../../etc/passwd", f"{ID}_.. .. etc passwd.mp4"),
        ("line one\nline two\ttab", f"{ID}_line one line two tab.mp4"),
        ("bell\x07 null\x00", f"{ID}_bell null.mp4"),
        ("gpj.\u202eexe", f"{ID}_gpj.exe.mp4"),
        ("הברווז שט", f"{ID}_הברווז שט.mp4"),
        ("夜の海辺", f"{ID}_夜の海辺.mp4"),
        ("👩\u200d🚀 waves", f"{ID}_👩\u200d🚀 waves.mp4"),
        ("ends with dots...", f"{ID}_ends with dots.mp4"),
        ("zero\u200bwidth", f"{ID}_zerowidth.mp4"),
    ],
)
def test_a_prompt_is_made_safe_and_stays_readable(prompt: str, name: str) -> None:
    assert name_of(prompt) == name


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


@given(st.text(), st.text(max_size=300))
@settings(deadline=None, max_examples=300)
def test_any_prompt_and_template_give_a_name_that_every_system_takes(prompt: str, template: str) -> None:
    name = name_of(prompt, template)

    assert ID in name
    assert name.endswith(".mp4")
    assert len(name.encode()) <= 200
    assert not set(name) & set('/\\:*?"<>|')
    assert not name.startswith((" ", "."))
    assert all(unicodedata.category(mark) != "Cc" for mark in name)


@given(st.text(max_size=50), st.integers(-5, 60))
def test_cutting_gives_a_beginning_that_fits(text: str, limit_bytes: int) -> None:
    text = text.encode(errors="ignore").decode()

    cut = cut_bytes(text, limit_bytes)

    assert text.startswith(cut)
    assert len(cut.encode()) <= max(0, limit_bytes)
