from dataclasses import replace

import pytest

from pixverse_desktop.core.needs import is_worth_another_try, needs_you
from pixverse_desktop.core.notices import Ending, Summary, ending_of
from pixverse_desktop.core.schedule import LATE_WORDS, STALLED_WORDS
from pixverse_desktop.core.video import Video, VideoStatus

WAITING = Video(video_id="7", added_at_s=0.0)
STALLED = replace(WAITING, message=STALLED_WORDS)
LATE = replace(WAITING, message=LATE_WORDS)
NO_FILE = replace(WAITING, status_code=1, no_file_since_s=5.0)


def ended(status: VideoStatus) -> Video:
    return replace(WAITING, status=status, ended_at_s=9.0)


@pytest.mark.parametrize(
    ("video", "is_needing"),
    [
        (WAITING, False),
        (LATE, False),
        (STALLED, True),
        (NO_FILE, True),
        (ended(VideoStatus.STOPPED), True),
        (ended(VideoStatus.NOT_FOUND), True),
        (ended(VideoStatus.FAILED), False),
        (ended(VideoStatus.READY), False),
        (replace(ended(VideoStatus.READY), no_file_since_s=5.0), False),
    ],
)
def test_a_row_needs_a_person_where_asking_on_leads_nowhere(video: Video, is_needing: bool) -> None:
    assert needs_you(video) is is_needing


def test_every_end_a_slip_can_bring_is_worth_another_try() -> None:
    tried = {status for status in VideoStatus if is_worth_another_try(ended(status))}

    assert tried == {
        VideoStatus.FAILED,
        VideoStatus.MODERATED,
        VideoStatus.NOT_FOUND,
        VideoStatus.STOPPED,
    }


@pytest.mark.parametrize(
    ("before", "after", "ending"),
    [
        (WAITING, ended(VideoStatus.READY), Ending.READY),
        (WAITING, ended(VideoStatus.FAILED), Ending.FAILED),
        (WAITING, ended(VideoStatus.MODERATED), Ending.MODERATED),
        (WAITING, ended(VideoStatus.DELETED), Ending.DELETED),
        (WAITING, ended(VideoStatus.NOT_FOUND), Ending.NEEDS_YOU),
        (WAITING, ended(VideoStatus.STOPPED), Ending.NEEDS_YOU),
        (ended(VideoStatus.READY), ended(VideoStatus.MODERATED), Ending.MODERATED),
        (LATE, STALLED, Ending.NEEDS_YOU),
        (STALLED, replace(STALLED, seed=4), None),
        (WAITING, LATE, None),
        (WAITING, NO_FILE, None),
        (ended(VideoStatus.FAILED), replace(ended(VideoStatus.FAILED), ended_at_s=99.0), None),
        (ended(VideoStatus.READY), replace(ended(VideoStatus.READY), saved_path="/c.mp4"), None),
        (ended(VideoStatus.STOPPED), WAITING, None),
    ],
)
def test_what_counts_as_an_end(before: Video, after: Video, ending: Ending | None) -> None:
    assert ending_of(before, after) is ending


def test_an_empty_summary_says_so() -> None:
    assert not Summary()
    assert Summary({WAITING.ref: Ending.READY})
