"""What an answer of PixVerse means for a row: the rules of status, address and second look."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from types import MappingProxyType
from urllib.parse import unquote, urlsplit

from pixverse_desktop.core.video import Video, VideoStatus

# Documented: 1, 5, 7, 8 in the guide, 6 in the reference. Seen in official clients: 9, 10, 2, 3, 0.
STATUS_BY_CODE: Mapping[int, VideoStatus] = MappingProxyType(
    {
        1: VideoStatus.READY,
        5: VideoStatus.WAITING,
        9: VideoStatus.WAITING,
        10: VideoStatus.WAITING,
        0: VideoStatus.WAITING,
        2: VideoStatus.WAITING,
        3: VideoStatus.WAITING,
        6: VideoStatus.DELETED,
        7: VideoStatus.MODERATED,
        8: VideoStatus.FAILED,
    }
)

# Seen at the same back end: what stands in for a filtered result. Never a result itself.
_PLACEHOLDER_ENDINGS = ("/media/default.mp4", "/media/default.jpg", "/media/default.jpeg")

NO_FILE_LIMIT_S = 2 * 3600.0

FINISHED_WITHOUT_FILE = "PixVerse says it is finished but has given no file yet."
NO_FILE_CAME = (
    "PixVerse calls it finished but gave no file for two hours. Check now, or ask PixVerse’s support."
)
FLAGGED_LATE = "PixVerse flagged this clip after it was ready."
SAVED_COPY_STAYS = " Your saved copy stays where it is."
PAGE_FOR_KNOWN = "PixVerse’s address answers “not found” for a video that PixVerse knows. It is asked again."
STATUS_MESSAGES: Mapping[VideoStatus, str] = MappingProxyType(
    {
        VideoStatus.MODERATED: "Blocked by PixVerse’s moderation. The credits are given back.",
        VideoStatus.FAILED: "The generation failed at PixVerse. The credits are given back.",
        VideoStatus.DELETED: "Deleted at PixVerse.",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoAnswer:
    """One well-formed answer about one video, decoded but not yet judged.

    Attributes:
        status_code: the service's number, or None when it was missing, null or not a number.
        status_text: what stood there instead of a number, shortened, for "Unknown (…)".
        url: the address exactly as given, real or not.
        trace_id: the ``Ai-trace-id`` the question was asked with.
        raw: the whole answer as JSON text.
    """

    status_code: int | None = None
    status_text: str = ""
    url: str = ""
    prompt: str = ""
    negative_prompt: str = ""
    style: str = ""
    seed: int | None = None
    width: int = 0
    height: int = 0
    size_bytes: int = 0
    has_audio: bool | None = None
    credits: int | None = None
    created_at_s: float | None = None
    modified_at_s: float | None = None
    trace_id: str = ""
    raw: str = ""


def is_clip_address(url: str) -> bool:
    """Whether ``url`` can lead to a finished clip: http(s), a host, and no placeholder file."""
    try:
        parts = urlsplit(url.strip())
        has_host = bool(parts.hostname)
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not has_host:
        return False
    path = parts.path
    for _ in range(3):  # an address may be encoded more than once on its way to us
        path = unquote(path)
    return not path.lower().endswith(_PLACEHOLDER_ENDINGS)


def status_of(answer: VideoAnswer) -> VideoStatus:
    """The status an answer stands for; a finished video without a real address still waits."""
    if answer.status_code is None:
        return VideoStatus.UNKNOWN
    status = STATUS_BY_CODE.get(answer.status_code, VideoStatus.UNKNOWN)
    if status is VideoStatus.READY and not is_clip_address(answer.url):
        return VideoStatus.WAITING
    return status


def apply_answer(video: Video, answer: VideoAnswer, *, now_s: float, no_file_for_s: float = 0.0) -> Video:
    """The row after ``answer``: facts filled in, and never a good thing replaced by nothing.

    ``no_file_for_s`` is how long the video has been finished without a file, by a clock that nobody sets.
    An answer that tells nothing new gives back ``video`` itself, so that a quiet list stays quiet.
    """
    return unless_nothing_new(video, _judged(video, answer, now_s, no_file_for_s))


def unless_nothing_new(before: Video, after: Video) -> Video:
    """``after``, or ``before`` itself where the two differ in nothing that anybody sees."""
    same = replace(after, trace_id=before.trace_id, raw=before.raw) == before
    return before if same else after


def _judged(video: Video, answer: VideoAnswer, now_s: float, no_file_for_s: float) -> Video:
    facts = _with_facts(video, answer)
    if video.status is VideoStatus.READY:
        return _second_look(facts, answer, now_s)
    status = status_of(answer)
    if status is VideoStatus.WAITING and answer.status_code == 1:
        return _finished_without_file(facts, now_s, no_file_for_s)
    return replace(
        facts,
        status=status,
        status_code=answer.status_code,
        message=_message(status, answer),
        url=answer.url.strip() if status is VideoStatus.READY else video.url,
        ended_at_s=None if status.is_open else now_s,
        no_file_since_s=None,
    )


def end_without_answer(
    video: Video, status: VideoStatus, message: str, *, now_s: float, trace_id: str = ""
) -> Video:
    """The row after an error that ends it: not known, stopped, gone, moderated.

    A video that was ready keeps being ready unless the verdict is about the video itself.
    """
    video = replace(video, trace_id=trace_id or video.trace_id)
    about_the_video = status in (VideoStatus.DELETED, VideoStatus.MODERATED)
    if video.status is VideoStatus.READY and not about_the_video:
        return replace(video, second_look_done=True)
    late = video.status is VideoStatus.READY and status is VideoStatus.MODERATED
    return replace(
        video,
        status=status,
        message=_about_copy(video, FLAGGED_LATE if late else message),
        ended_at_s=now_s,
        second_look_done=True,
    )


def reopen(video: Video) -> Video:
    """The row as it should be asked about afresh, after "check now"."""
    if video.status not in (VideoStatus.NOT_FOUND, VideoStatus.STOPPED):
        return video
    return replace(
        video,
        status=VideoStatus.WAITING,
        message="",
        ended_at_s=None,
        no_file_since_s=None,
        second_look_done=False,
    )


def is_mere_page(code: int | None, video: Video) -> bool:
    """Whether “not known” came as a bare HTTP 404 about a video PixVerse has told of before.

    Then it is a gateway's word. PixVerse itself names unknown videos by codes of its own (seen).
    """
    was_told_of = video.status_code is not None or bool(video.raw)  # a status may be a word, or none
    return code == HTTPStatus.NOT_FOUND and was_told_of


def _with_facts(video: Video, answer: VideoAnswer) -> Video:
    return replace(
        video,
        prompt=answer.prompt or video.prompt,
        negative_prompt=answer.negative_prompt or video.negative_prompt,
        style=answer.style or video.style,
        seed=video.seed if answer.seed is None else answer.seed,
        width=answer.width or video.width,
        height=answer.height or video.height,
        size_bytes=answer.size_bytes or video.size_bytes,
        has_audio=video.has_audio if answer.has_audio is None else answer.has_audio,
        credits=video.credits if answer.credits is None else answer.credits,
        created_at_s=answer.created_at_s or video.created_at_s,
        modified_at_s=answer.modified_at_s or video.modified_at_s,
        trace_id=answer.trace_id,
        raw=answer.raw or video.raw,
    )


def _second_look(video: Video, answer: VideoAnswer, now_s: float) -> Video:
    """A ready video stays ready unless PixVerse took it back; a fresh address is welcome."""
    status = status_of(answer)
    if status in (VideoStatus.MODERATED, VideoStatus.DELETED):
        words = FLAGGED_LATE if status is VideoStatus.MODERATED else STATUS_MESSAGES[status]
        message = _about_copy(video, words)
        return replace(
            video,
            status=status,
            status_code=answer.status_code,
            message=message,
            ended_at_s=now_s,
            second_look_done=True,
        )
    url = answer.url.strip() if status is VideoStatus.READY else video.url
    return replace(video, url=url, second_look_done=True)


def _finished_without_file(video: Video, now_s: float, no_file_for_s: float) -> Video:
    if no_file_for_s >= NO_FILE_LIMIT_S:
        return replace(
            video, status=VideoStatus.STOPPED, status_code=1, message=NO_FILE_CAME, ended_at_s=now_s
        )
    return replace(
        video,
        status=VideoStatus.WAITING,
        status_code=1,
        message=FINISHED_WITHOUT_FILE,
        no_file_since_s=now_s if video.no_file_since_s is None else video.no_file_since_s,
    )


def _about_copy(video: Video, words: str) -> str:
    return words + SAVED_COPY_STAYS if video.is_saved else words


def _message(status: VideoStatus, answer: VideoAnswer) -> str:
    if status is VideoStatus.UNKNOWN:
        shown = answer.status_code if answer.status_code is not None else answer.status_text or "none"
        return f"PixVerse gave a status this program does not know ({shown}). It keeps asking, slowly."
    return STATUS_MESSAGES.get(status, "")
