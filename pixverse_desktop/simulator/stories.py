"""The lives worth telling, by name: each function returns the steps of one."""

from collections.abc import Callable, Mapping

from pixverse_desktop.simulator.lives import MISSING, NOT_KNOWN, Life, Refusal, Step, Story, UrlKind


def quick(ready_s: float = 2.0) -> Story:
    """Generate (5), then be ready (1); both documented."""
    return Step(0, 5), Step(ready_s, 1, UrlKind.CLIP)


def queued(processing_s: float = 4.0, ready_s: float = 9.0) -> Story:
    """Queue (9), process (10), be ready (1); 9 and 10 are documented for the official command line only."""
    return Step(0, 9), Step(processing_s, 10), Step(ready_s, 1, UrlKind.CLIP)


def moderated(at_s: float = 8.0) -> Story:
    """Generate, then be refused by moderation (7, documented)."""
    return Step(0, 5), Step(at_s, 7)


def failed(at_s: float = 10.0) -> Story:
    """Generate, then fail (8, documented)."""
    return Step(0, 5), Step(at_s, 8)


def deleted() -> Story:
    """Be deleted at PixVerse (6, documented in the API reference only)."""
    return (Step(0, 6),)


def unknown_code(code: object = 42, ready_s: float = 10.0) -> Story:
    """Show a status nobody documents, any JSON value, then be ready (inferred)."""
    return Step(0, code), Step(ready_s, 1, UrlKind.CLIP)


def without_status(ready_s: float = 10.0) -> Story:
    """Show no status at all (no field is documented as required), then be ready."""
    return unknown_code(MISSING, ready_s)


def empty_url_first(finished_s: float = 2.0, ready_s: float = 20.0) -> Story:
    """Finish without an address, as in the guide's own sample (documented), and get one later (inferred)."""
    return Step(0, 5), Step(finished_s, 1), Step(ready_s, 1, UrlKind.CLIP)


def early_address(ready_s: float = 6.0) -> Story:
    """Tell an address while still processing, which answers 404 until ready (seen in the web app)."""
    return Step(0, 10, UrlKind.CLIP), Step(ready_s, 1, UrlKind.CLIP)


def placeholder(finished_s: float = 2.0) -> Story:
    """Finish with the placeholder file, for good (seen in the web app)."""
    return Step(0, 5), Step(finished_s, 1, UrlKind.PLACEHOLDER)


def broken_address(finished_s: float = 2.0) -> Story:
    """Finish, with an address that answers 404 (inferred)."""
    return Step(0, 5), Step(finished_s, 1, UrlKind.BROKEN)


def page_address(finished_s: float = 2.0) -> Story:
    """Finish, with an address that answers a web page with HTTP 200 (inferred)."""
    return Step(0, 5), Step(finished_s, 1, UrlKind.PAGE)


def late_moderation(ready_s: float = 2.0, moderated_s: float = 62.0) -> Story:
    """Be ready, and flagged a minute later with the address blanked (seen in the web app)."""
    return *quick(ready_s), Step(moderated_s, 7)


def never() -> Story:
    """Generate for ever."""
    return (Step(0, 5),)


def not_known() -> Story:
    """Be an id of another account or of the web app: 500047 at HTTP 400 (seen)."""
    return (Step(0, refusal=NOT_KNOWN),)


def late_record(known_s: float = 5.0, ready_s: float = 10.0) -> Story:
    """Be not found (500008, documented) right after creation, then live as usual (inferred)."""
    not_found = Refusal(500008, "data not found")
    return Step(0, refusal=not_found), Step(known_s, 5), Step(ready_s, 1, UrlKind.CLIP)


STORIES: Mapping[str, Callable[[], Story]] = {
    story.__name__: story
    for story in (
        quick,
        queued,
        moderated,
        failed,
        deleted,
        unknown_code,
        without_status,
        empty_url_first,
        early_address,
        placeholder,
        broken_address,
        page_address,
        late_moderation,
        never,
        not_known,
        late_record,
    )
}


def named_life(name: str, video_id: str) -> Life:
    """Return the life with the story of that name at its usual pace; KeyError when there is none."""
    return Life(video_id=video_id, steps=STORIES[name](), prompt=f"A {name.replace('_', ' ')} clip")
