from dataclasses import replace

import pytest

from pixverse_desktop.core.answers import (
    FINISHED_WITHOUT_FILE,
    FLAGGED_LATE,
    NO_FILE_CAME,
    NO_FILE_LIMIT_S,
    SAVED_COPY_STAYS,
    VideoAnswer,
    apply_answer,
    end_without_answer,
    is_clip_address,
    reopen,
    status_of,
)
from pixverse_desktop.core.video import Video, VideoStatus

URL = "https://media.pixverse.ai/openapi%2Ff1d7.mp4"
OTHER_URL = "https://media.pixverse.ai/openapi%2Ff1d7-again.mp4"
NEW = Video(video_id="391504857968062", added_at_s=1000.0)
READY = replace(
    NEW, status=VideoStatus.READY, status_code=1, url=URL, ended_at_s=1060.0, trace_id="t1", raw="{}"
)


@pytest.mark.parametrize(
    ("code", "url", "status"),
    [
        (1, URL, VideoStatus.READY),
        (1, "", VideoStatus.WAITING),
        (1, "https://media.pixverse.ai/pixverse/mp4/media/default.mp4", VideoStatus.WAITING),
        (5, "", VideoStatus.WAITING),
        (9, "", VideoStatus.WAITING),
        (10, "", VideoStatus.WAITING),
        (0, "", VideoStatus.WAITING),
        (2, "", VideoStatus.WAITING),
        (3, "", VideoStatus.WAITING),
        (5, URL, VideoStatus.WAITING),
        (10, URL, VideoStatus.WAITING),
        (6, "", VideoStatus.DELETED),
        (7, "", VideoStatus.MODERATED),
        (7, URL, VideoStatus.MODERATED),
        (8, "", VideoStatus.FAILED),
        (4, "", VideoStatus.UNKNOWN),
        (11, URL, VideoStatus.UNKNOWN),
        (-1, "", VideoStatus.UNKNOWN),
        (42, "", VideoStatus.UNKNOWN),
        (None, URL, VideoStatus.UNKNOWN),
    ],
)
def test_each_code_stands_for_one_status(code: int | None, url: str, status: VideoStatus) -> None:
    assert status_of(VideoAnswer(status_code=code, url=url)) is status


@pytest.mark.parametrize(
    "url",
    [
        "https://media.pixverse.ai/pixverse-preview/mp4/media/default.mp4",
        "https://media.pixverse.ai/pixverse-preview%2Fmp4%2Fmedia%2Fdefault.mp4",
        "https://media.pixverse.ai/pixverse%2fmp4%2fmedia%2fdefault.mp4",
        "https://media.pixverse.ai/pixverse%252Fmp4%252Fmedia%252Fdefault.mp4",
        "https://media.pixverse.ai/pixverse/jpg/media/default.jpg",
        "https://media.pixverse.ai/pixverse/jpg/media/default.jpeg",
        "https://media.pixverse.ai/pixverse/mp4/media/DEFAULT.MP4",
        "https://media.pixverse.ai/pixverse/mp4/media/default.mp4?v=2#x",
        "https://media.pixverse.ai/pixverse/mp4/media/default.mp4 \n",
        " https://media.pixverse.ai/pixverse/mp4/media/default.mp4",
        "",
        "  ",
        "file:///etc/passwd",
        "ftp://media.pixverse.ai/a.mp4",
        "/openapi/a.mp4",
        "https:///a.mp4",
        "https://[broken/a.mp4",
        "javascript:alert(1)",
    ],
)
def test_no_placeholder_and_no_other_kind_of_address_is_a_clip_s(url: str) -> None:
    assert not is_clip_address(url)


@pytest.mark.parametrize("url", [URL, "http://127.0.0.1:8000/a.mp4", "https://h/media/default.mp4.mp4"])
def test_an_ordinary_address_is_a_clip_s(url: str) -> None:
    assert is_clip_address(url)


def test_a_finished_video_is_ready_with_its_facts() -> None:
    answer = VideoAnswer(
        status_code=1,
        url=f" {URL}\n",
        prompt="a fox",
        negative_prompt="hens",
        style="anime",
        seed=0,
        width=1280,
        height=720,
        size_bytes=9,
        has_audio=False,
        credits=45,
        created_at_s=900.0,
        modified_at_s=950.0,
        trace_id="t1",
        raw='{"status": 1}',
    )

    after = apply_answer(NEW, answer, now_s=1060.0)

    assert after == replace(
        NEW,
        status=VideoStatus.READY,
        status_code=1,
        url=URL,
        prompt="a fox",
        negative_prompt="hens",
        style="anime",
        seed=0,
        width=1280,
        height=720,
        size_bytes=9,
        has_audio=False,
        credits=45,
        created_at_s=900.0,
        modified_at_s=950.0,
        ended_at_s=1060.0,
        trace_id="t1",
        raw='{"status": 1}',
    )


@pytest.mark.parametrize(
    ("code", "word"), [(7, "moderation"), (8, "failed"), (6, "Deleted"), (42, "(42)"), (None, "(none)")]
)
def test_people_are_told_what_a_status_means(code: int | None, word: str) -> None:
    assert word in apply_answer(NEW, VideoAnswer(status_code=code), now_s=1.0).message


def test_a_status_that_is_no_number_is_shown_as_it_stood() -> None:
    after = apply_answer(NEW, VideoAnswer(status_text="rendering"), now_s=1.0)

    assert after.status is VideoStatus.UNKNOWN
    assert "(rendering)" in after.message


@pytest.mark.parametrize("code", [42, None, 5])
def test_an_open_status_has_no_end(code: int | None) -> None:
    after = apply_answer(NEW, VideoAnswer(status_code=code), now_s=1060.0)

    assert after.status.is_open
    assert after.ended_at_s is None


def test_facts_once_known_are_not_blanked() -> None:
    known = replace(
        NEW, prompt="a fox", seed=7, width=1280, height=720, size_bytes=9, has_audio=True, raw="{}"
    )

    after = apply_answer(known, VideoAnswer(status_code=5), now_s=1060.0)

    assert (after.prompt, after.seed, after.width, after.height) == ("a fox", 7, 1280, 720)
    assert (after.size_bytes, after.has_audio, after.raw) == (9, True, "{}")


def test_an_answer_with_nothing_new_gives_back_the_same_object() -> None:
    first = apply_answer(NEW, VideoAnswer(status_code=5, trace_id="t1", raw="{}"), now_s=1005.0)

    again = apply_answer(first, VideoAnswer(status_code=5, trace_id="t2", raw='{"x": 1}'), now_s=1010.0)

    assert again is first


def test_a_quiet_unknown_status_gives_back_the_same_object() -> None:
    first = apply_answer(NEW, VideoAnswer(status_code=42), now_s=1005.0)

    assert apply_answer(first, VideoAnswer(status_code=42), now_s=1010.0) is first


def test_a_failed_video_asked_about_again_may_still_become_ready() -> None:
    unknown = replace(NEW, status=VideoStatus.UNKNOWN, status_code=42, message="?")

    after = apply_answer(unknown, VideoAnswer(status_code=1, url=URL), now_s=1060.0)

    assert (after.status, after.url, after.message) == (VideoStatus.READY, URL, "")


# Finished, but no file.


def test_finished_without_a_file_waits_and_says_so() -> None:
    after = apply_answer(NEW, VideoAnswer(status_code=1), now_s=1060.0)

    assert after.status is VideoStatus.WAITING
    assert after.message == FINISHED_WITHOUT_FILE
    assert after.no_file_since_s == 1060.0


def test_finished_without_a_file_stays_quiet_until_its_limit() -> None:
    since = apply_answer(NEW, VideoAnswer(status_code=1), now_s=1060.0)

    after = apply_answer(
        since, VideoAnswer(status_code=1), now_s=1060.0 + 86400, no_file_for_s=NO_FILE_LIMIT_S - 1
    )

    assert after is since


def test_finished_without_a_file_stops_at_its_limit() -> None:
    since = apply_answer(NEW, VideoAnswer(status_code=1), now_s=1060.0)

    after = apply_answer(since, VideoAnswer(status_code=1), now_s=1070.0, no_file_for_s=NO_FILE_LIMIT_S)

    assert (after.status, after.message) == (VideoStatus.STOPPED, NO_FILE_CAME)
    assert after.ended_at_s == 1070.0


def test_a_file_that_comes_late_ends_the_wait_for_it() -> None:
    since = apply_answer(NEW, VideoAnswer(status_code=1), now_s=1060.0)

    after = apply_answer(since, VideoAnswer(status_code=1, url=URL), now_s=1200.0)

    assert after.is_fetchable
    assert (after.no_file_since_s, after.message) == (None, "")


# The second look.


@pytest.mark.parametrize(
    "answer",
    [
        VideoAnswer(status_code=1, url=""),
        VideoAnswer(status_code=1, url="https://media.pixverse.ai/pixverse%2Fmp4%2Fmedia%2Fdefault.mp4"),
        VideoAnswer(status_code=5, url=""),
        VideoAnswer(status_code=8, url=""),
        VideoAnswer(status_code=42, url=OTHER_URL),
        VideoAnswer(),
    ],
)
def test_a_ready_video_keeps_its_address_whatever_comes_later(answer: VideoAnswer) -> None:
    after = apply_answer(READY, answer, now_s=1150.0)

    assert (after.status, after.url, after.ended_at_s) == (VideoStatus.READY, URL, 1060.0)
    assert after.second_look_done


def test_a_fresh_address_of_a_ready_video_is_taken() -> None:
    assert apply_answer(READY, VideoAnswer(status_code=1, url=OTHER_URL), now_s=1150.0).url == OTHER_URL


def test_a_third_look_with_nothing_new_gives_back_the_same_object() -> None:
    looked = apply_answer(READY, VideoAnswer(status_code=1, url=URL), now_s=1150.0)

    assert apply_answer(looked, VideoAnswer(status_code=1, url=URL, trace_id="t9"), now_s=1160.0) is looked


def test_late_moderation_is_told_and_takes_neither_address_nor_copy() -> None:
    saved = replace(READY, saved_path="/clips/a.mp4", saved_bytes=9)

    after = apply_answer(saved, VideoAnswer(status_code=7, url=""), now_s=1150.0)

    words = FLAGGED_LATE + SAVED_COPY_STAYS
    assert (after.status, after.status_code, after.message) == (VideoStatus.MODERATED, 7, words)
    assert (after.url, after.saved_path, after.saved_bytes) == (URL, "/clips/a.mp4", 9)
    assert not after.is_fetchable


def test_late_deletion_keeps_the_saved_copy() -> None:
    after = apply_answer(replace(READY, saved_path="/clips/a.mp4"), VideoAnswer(status_code=6), now_s=1150.0)

    assert (after.status, after.saved_path) == (VideoStatus.DELETED, "/clips/a.mp4")


# Ends without an answer.


@pytest.mark.parametrize(
    "status", [VideoStatus.NOT_FOUND, VideoStatus.STOPPED, VideoStatus.DELETED, VideoStatus.MODERATED]
)
def test_an_error_ends_an_open_video(status: VideoStatus) -> None:
    after = end_without_answer(NEW, status, "why", now_s=1060.0)

    assert (after.status, after.message, after.ended_at_s) == (status, "why", 1060.0)


@pytest.mark.parametrize("status", [VideoStatus.NOT_FOUND, VideoStatus.STOPPED])
def test_an_error_about_the_question_leaves_a_ready_video_ready(status: VideoStatus) -> None:
    assert end_without_answer(READY, status, "why", now_s=1150.0) == replace(READY, second_look_done=True)


def test_a_moderation_error_about_a_ready_video_is_late_moderation() -> None:
    after = end_without_answer(READY, VideoStatus.MODERATED, "why", now_s=1150.0)

    assert (after.status, after.message, after.url) == (VideoStatus.MODERATED, FLAGGED_LATE, URL)


@pytest.mark.parametrize("status", [VideoStatus.NOT_FOUND, VideoStatus.STOPPED])
def test_a_stopped_row_can_be_asked_about_afresh(status: VideoStatus) -> None:
    stopped = replace(NEW, status=status, message="why", ended_at_s=1060.0, no_file_since_s=1.0)

    assert reopen(stopped) == NEW


@pytest.mark.parametrize("video", [NEW, READY, replace(NEW, status=VideoStatus.MODERATED)])
def test_other_rows_are_not_reopened(video: Video) -> None:
    assert reopen(video) is video
