from dataclasses import replace

from pixverse_desktop.core.attempts import (
    MOST_RUNS,
    MOST_TRACE_IDS,
    Attempt,
    AttemptRun,
    folded,
    run_of,
)
from pixverse_desktop.core.support import attempt_lines, support_text
from pixverse_desktop.core.video import Video, VideoRef, VideoStatus


def asked(at_s: float, outcome: str = "waiting", code: int | None = 5, trace_id: str = "") -> AttemptRun:
    return run_of(Attempt(VideoRef("default", "7"), at_s, code, outcome, trace_id or f"t{at_s:.0f}"))


def test_equal_attempts_in_a_row_are_one_and_keep_the_last_trace_ids() -> None:
    (run,) = folded((), [asked(float(second)) for second in range(1, 13)])

    assert (run.first_at_s, run.last_at_s, run.times) == (1, 12, 12)
    assert run.trace_ids == tuple(f"t{second}" for second in range(13 - MOST_TRACE_IDS, 13))
    assert run.trace_id == "t12"


def test_another_outcome_or_code_begins_a_run_of_its_own() -> None:
    runs = folded((), [asked(1), asked(2, "busy", 5), asked(3, "busy", 6), asked(4)])

    assert [(run.outcome, run.code, run.times) for run in runs] == [
        ("waiting", 5, 1),
        ("busy", 5, 1),
        ("busy", 6, 1),
        ("waiting", 5, 1),
    ]


def test_what_is_folded_already_is_folded_on() -> None:
    kept = folded((), [asked(1), asked(2)])

    (run,) = folded(kept, folded((), [asked(3), asked(4)]))

    assert (run.first_at_s, run.last_at_s, run.times) == (1, 4, 4)


def test_the_oldest_are_dropped() -> None:
    runs = folded((), [asked(float(second), f"outcome {second}") for second in range(MOST_RUNS + 7)])

    assert len(runs) == MOST_RUNS
    assert runs[-1].outcome == f"outcome {MOST_RUNS + 6}"


def test_a_question_without_a_trace_id_has_none() -> None:
    run = run_of(Attempt(VideoRef("default", "7"), 1.0, None, "no answer", ""))

    assert (run.trace_ids, run.trace_id) == ((), "")


def test_support_gets_the_last_attempts_with_their_trace_ids() -> None:
    video = Video(video_id="7", added_at_s=0.0, status=VideoStatus.FAILED, status_code=8, trace_id="t9")
    runs = folded(
        (), [asked(0, "early"), *(asked(float(s), f"o{s}") for s in range(1, 4)), asked(60), asked(65)]
    )

    text = support_text(video, [*runs, replace(asked(70, "no answer", None), trace_ids=())])

    assert "Ai-trace-id: t9" in text
    assert "early" not in text
    assert text.endswith(
        "attempts:\n"
        "  1970-01-01T00:00:01Z: o1 (5); Ai-trace-id: t1\n"
        "  1970-01-01T00:00:02Z: o2 (5); Ai-trace-id: t2\n"
        "  1970-01-01T00:00:03Z: o3 (5); Ai-trace-id: t3\n"
        "  1970-01-01T00:01:00Z to 1970-01-01T00:01:05Z (2 times): waiting (5); Ai-trace-id: t60, t65\n"
        "  1970-01-01T00:01:10Z: no answer"
    )


def test_a_video_that_was_never_asked_about_says_nothing_of_attempts() -> None:
    assert "attempts" not in support_text(Video(video_id="7", added_at_s=0.0))
    assert attempt_lines(()) == []
