from typing import Any

import pytest

from pixverse_desktop.core.records import as_json
from pixverse_desktop.core.video import VideoRef
from pixverse_desktop.services.handover import HandoverDesk
from pixverse_desktop.services.library import Library
from tests.contracts.video_store import FULL, FULL_MARKS
from tests.fakes.video_store import DISK_FULL, FakeVideoStore

ID = "391504857968062"


def ids(library: Library) -> list[VideoRef]:
    return [video.ref for video in library]


@pytest.fixture
def desk(library: Library) -> HandoverDesk:
    return HandoverDesk(library, None)


async def test_ids_are_added_to_the_account_they_were_meant_for(desk: HandoverDesk, library: Library) -> None:
    answer = await desk.answer({"verb": "add", "ids": [ID], "account": "studio"})
    again = await desk.answer({"verb": "add", "ids": [ID, "8"], "account": "studio"})

    assert (answer, again) == ({"added": 1, "already": 0}, {"added": 1, "already": 1})
    assert ids(library) == [VideoRef("studio", ID), VideoRef("studio", "8")]


async def test_what_was_removed_is_named(desk: HandoverDesk, library: Library) -> None:
    await library.add([ID], account="default")

    answer = await desk.answer({"verb": "remove", "ids": ["8", ID], "account": "default"})

    assert answer == {"removed": [ID]}
    assert ids(library) == []


async def test_opening_shows_the_window_and_adds(library: Library) -> None:
    shown: list[str] = []

    answer = await HandoverDesk(library, shown.append).answer(
        {"verb": "open", "ids": [ID], "account": "default"}
    )

    assert shown == [""]
    assert answer == {"added": 1, "already": 0}


async def test_a_watch_shows_no_window_and_adds_nothing(desk: HandoverDesk, library: Library) -> None:
    answer = await desk.answer({"verb": "open", "ids": [ID], "account": "default"})

    assert "watch is running" in answer["error"]
    assert ids(library) == []


@pytest.mark.parametrize(
    "request_",
    [
        {},
        {"verb": "quit"},
        {"verb": ["add"]},
        {"verb": "key", "ids": [ID]},
        {"verb": None, "ids": None, "account": None},
    ],
)
async def test_an_unknown_request_is_answered_in_words(
    desk: HandoverDesk, library: Library, request_: dict[str, Any]
) -> None:
    answer = await desk.answer(request_)

    assert "does not know this request" in answer["error"]
    assert ids(library) == []


@pytest.mark.parametrize("sent", [None, 7, {"a": 1}, "abc", [7, None, [ID], {}, "--data-dir", "1e5", " 8 "]])
async def test_what_is_no_id_is_never_added(desk: HandoverDesk, library: Library, sent: object) -> None:
    answer = await desk.answer({"verb": "add", "ids": sent, "account": "default"})

    assert answer == {"added": 0, "already": 0}
    assert ids(library) == []


@pytest.mark.parametrize("verb", ["add", "remove"])
async def test_a_full_disk_is_answered_in_words(
    desk: HandoverDesk, library: Library, store: FakeVideoStore, verb: str
) -> None:
    await library.add(["8"], account="default")
    store.is_failing = True

    answer = await desk.answer({"verb": verb, "ids": ["8", ID], "account": "default"})

    assert answer == {"error": DISK_FULL}


async def test_what_was_refused_is_told_in_the_window(library: Library) -> None:
    told: list[str] = []
    refused = [["pixverse-desktop:", "the link has no video id"], ["x"], None, [1, 2]]

    await HandoverDesk(library, told.append).answer(
        {"verb": "open", "ids": [], "refused": refused, "account": "default"}
    )

    assert told == ["2 not ids: ‘pixverse-desktop:’ (the link has no video id), ‘1’ (2)"]


@pytest.mark.parametrize("sent", [None, 7, "abc", ["a"], {"a": 1}])
async def test_refusals_that_make_no_sense_are_left_out(library: Library, sent: object) -> None:
    told: list[str] = []

    await HandoverDesk(library, told.append).answer(
        {"verb": "open", "ids": [], "refused": sent, "account": "default"}
    )

    assert told == [""]


async def test_the_rows_of_an_export_are_taken_in(desk: HandoverDesk, library: Library) -> None:
    rows = as_json([(FULL, FULL_MARKS)])

    answer = await desk.answer({"verb": "add", "ids": ["8"], "rows": rows, "account": "default"})

    assert answer == {"added": 2, "already": 0}
    assert library.marks(FULL.ref) == FULL_MARKS
