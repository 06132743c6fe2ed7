import struct

import pytest

from pixverse_desktop.simulator import Life, faults, named_life, stories
from pixverse_desktop.simulator.exchange import Place
from pixverse_desktop.simulator.faults import Fault
from pixverse_desktop.simulator.media import picture_size

from .conftest import CLIPS, VIDEO_ID, Caller, HandClock, Living

CLIP = CLIPS["01-sea.mp4"]
TOTAL = len(CLIP)


@pytest.fixture
def caller(living: Living) -> Caller:
    return living(Life(video_id=VIDEO_ID, steps=stories.quick(0)))


@pytest.fixture
def url(caller: Caller) -> str:
    return str(caller.resp()["url"])


def test_a_whole_file_comes_with_what_is_needed_to_resume(caller: Caller, url: str) -> None:
    answer = caller.media(url)

    assert (answer.status, answer.body) == (200, CLIP)
    assert (answer.header("content-type"), answer.header("accept-ranges")) == ("video/mp4", "bytes")
    assert answer.header("etag")
    assert (answer.header("last-modified") or "").endswith("GMT")


def test_encoded_and_plain_addresses_are_the_same_file(caller: Caller, url: str) -> None:
    assert caller.media(url.replace("%2F", "/")).body == CLIP
    assert caller.media(f"{url}?x=1").body == CLIP


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=10-19", 10, 20),
        ("bytes=2000-", 2000, TOTAL),
        ("bytes=-48", TOTAL - 48, TOTAL),
        ("bytes=0-99999", 0, TOTAL),
        ("bytes=-99999", 0, TOTAL),
    ],
)
def test_a_range_gets_its_part(asked: str, start: int, stop: int, caller: Caller, url: str) -> None:
    answer = caller.media(url, Range=asked)

    assert (answer.status, answer.body) == (206, CLIP[start:stop])
    assert answer.header("Content-Range") == f"bytes {start}-{stop - 1}/{TOTAL}"


@pytest.mark.parametrize("asked", [f"bytes={TOTAL}-", "bytes=99999-", "bytes=-0"])
def test_a_range_beyond_the_end_is_refused(asked: str, caller: Caller, url: str) -> None:
    answer = caller.media(url, Range=asked)

    assert (answer.status, answer.body, answer.header("Content-Range")) == (416, b"", f"bytes */{TOTAL}")


@pytest.mark.parametrize(
    "asked", ["", "bytes=-", "bytes=0-1,5-6", "lines=0-1", "bytes=a-b", "bytes=" + "9" * 5000]
)
def test_a_range_that_makes_no_sense_is_ignored(asked: str, caller: Caller, url: str) -> None:
    assert caller.media(url, Range=asked).body == CLIP


def test_a_range_counts_only_while_the_file_is_the_same(caller: Caller, url: str) -> None:
    whole = caller.media(url)
    etag, modified = whole.header("ETag") or "", whole.header("Last-Modified") or ""

    statuses = [
        caller.media(url, Range="bytes=5-", If_Range=known).status for known in (etag, modified, '"old"')
    ]
    assert statuses == [206, 206, 200]


def test_a_head_request_ignores_ranges(caller: Caller, url: str) -> None:
    assert caller.media(url, "HEAD", Range="bytes=5-").status == 200


def test_no_file_is_there_before_it_is_rendered(living: Living, clock: HandClock) -> None:
    caller = living(named_life("early_address", VIDEO_ID))
    url = caller.resp()["url"]

    assert caller.media(url).status == 404
    clock.advance(6)
    assert caller.media(url).body == CLIP


def test_a_file_stays_reachable_after_late_moderation(living: Living, clock: HandClock) -> None:
    caller = living(named_life("late_moderation", VIDEO_ID))
    caller.ask()
    clock.advance(2)
    url = caller.resp()["url"]
    clock.advance(60)

    assert (caller.resp()["url"], caller.media(url).status) == ("", 200)


@pytest.mark.parametrize(
    ("story", "status", "content_type"),
    [
        ("broken_address", 404, "application/xml"),
        ("page_address", 200, "text/html; charset=utf-8"),
        ("placeholder", 200, "video/mp4"),
    ],
)
def test_bad_addresses_answer_as_they_do_in_the_wild(
    story: str, status: int, content_type: str, living: Living, clock: HandClock
) -> None:
    caller = living(named_life(story, VIDEO_ID))
    caller.ask()
    clock.advance(2)

    answer = caller.media(caller.resp()["url"])
    assert (answer.status, answer.header("Content-Type")) == (status, content_type)


def test_an_unknown_file_is_not_there(caller: Caller) -> None:
    assert caller.media("/media/../../etc/passwd").status == 404


def played(fault: Fault, caller: Caller) -> None:
    caller.simulation.inject(fault, place=Place.MEDIA)


def test_a_host_may_ignore_ranges(caller: Caller, url: str) -> None:
    played(faults.ignores_range(), caller)

    answer = caller.media(url, Range="bytes=5-")
    assert (answer.status, answer.body) == (200, CLIP)


def test_a_host_may_have_another_version_of_the_file(caller: Caller, url: str) -> None:
    etag = caller.media(url).header("ETag") or ""
    played(faults.changed_etag('"new"'), caller)
    played(faults.changed_etag('"new"'), caller)

    guarded = caller.media(url, Range="bytes=5-", If_Range=etag)
    careless = caller.media(url, Range="bytes=5-")
    assert (guarded.status, guarded.header("ETag")) == (200, '"new"')
    assert (careless.status, careless.header("ETag")) == (206, '"new"')


def test_a_cut_honours_the_range_before_it_cuts(caller: Caller, url: str) -> None:
    played(faults.cut(0.25), caller)

    answer = caller.media(url, Range="bytes=0-99")
    assert (answer.status, answer.length, answer.body) == (206, 100, CLIP[:25])


def track_header(version: int, width: int, height: int) -> bytes:
    size = 104 if version else 92
    body = bytes([version]) + bytes(size - 8 - 1 - 8) + struct.pack(">II", width << 16, height << 16)
    return struct.pack(">I", size) + b"tkhd" + body


@pytest.mark.parametrize("version", [0, 1])
def test_the_picture_is_read_from_the_first_track_that_has_one(version: int) -> None:
    sound, picture = track_header(version, 0, 0), track_header(version, 1152, 816)

    assert picture_size(b"ftyp..tkhd" + sound + picture) == (1152, 816)


@pytest.mark.parametrize("clip", [b"", b"tkhd", b"\0\0\0\x5ctkhd short", bytes(500)])
def test_other_bytes_pass_for_a_usual_picture(clip: bytes) -> None:
    assert picture_size(clip) == (1280, 720)


def test_a_life_may_insist_on_its_own_picture(living: Living) -> None:
    resp = living(Life(video_id=VIDEO_ID, steps=stories.quick(0), width=720, height=1280)).resp()

    assert (resp["outputWidth"], resp["outputHeight"]) == (720, 1280)
