"""Notifications over a real session bus; run by ``test_desktop_notices`` under ``dbus-run-session``."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from pixverse_desktop.adapters.desktop_notices import DesktopNotices
from pixverse_desktop.core.notices import Notice
from tests.fakes.notification_daemon import serving

PATIENCE_S = 10.0
ICON = "application://org.example.Ours.desktop"


async def until(condition: Callable[[], object]) -> None:
    """Go on as soon as ``condition`` holds."""
    async with asyncio.timeout(PATIENCE_S):
        while not condition():
            await asyncio.sleep(0.01)


@pytest.fixture
async def notices() -> AsyncIterator[DesktopNotices]:
    notices = DesktopNotices(application_id="org.example.Ours", name="Ours")
    yield notices
    await notices.aclose()


async def test_a_notice_arrives_as_the_interface_asks_for_it(notices: DesktopNotices) -> None:
    async with serving() as daemon:
        await notices.show(Notice("12 ready, 2 failed", "a < b & c"))

        (shown,) = daemon.shown
        assert shown.signature == "susssasa{sv}i"
        assert (shown.app_name, shown.icon, shown.replaces) == ("Ours", "org.example.Ours", 0)
        assert (shown.title, shown.body) == ("12 ready, 2 failed", "a < b & c")
        assert shown.actions == ["default", "Ours"]
        assert shown.timeout_ms == -1
        assert shown.hints["desktop-entry"] == ("s", "org.example.Ours")
        assert shown.hints["category"] == ("s", "transfer.complete")
        await notices.aclose()


async def test_the_newer_replaces_the_former(notices: DesktopNotices) -> None:
    async with serving() as daemon:
        await notices.show(Notice("1 ready"))
        await notices.show(Notice("2 ready"))

        assert [shown.replaces for shown in daemon.shown] == [0, daemon.shown[0].number]
        assert len(daemon.open) == 1
        await notices.aclose()


async def test_a_desktop_that_reads_markup_shows_the_words_as_they_are(notices: DesktopNotices) -> None:
    async with serving(["body", "body-markup"]) as daemon:
        await notices.show(Notice("x", "a < b & <i>c</i>"))

        assert daemon.shown[0].body == "a &lt; b &amp; &lt;i&gt;c&lt;/i&gt;"
        await notices.aclose()


async def test_a_click_is_told_with_the_leave_to_come_to_the_front(notices: DesktopNotices) -> None:
    clicks: list[str] = []
    notices.listen(clicks.append)
    async with serving() as daemon:
        await notices.show(Notice("1 ready"))
        number = daemon.shown[0].number
        await daemon.click(number + 100)  # of another program
        await daemon.click(number, token="let-me-in")
        await daemon.click(number)

        await until(lambda: len(clicks) == 2)

        assert clicks == ["let-me-in", ""]
        await notices.aclose()


async def test_what_was_seen_is_withdrawn(notices: DesktopNotices) -> None:
    async with serving() as daemon:
        await notices.withdraw()
        await notices.show(Notice("1 ready"))
        await notices.withdraw()
        assert daemon.open == set()

        await notices.show(Notice("2 ready"))

        assert daemon.shown[-1].replaces == 0
        await notices.aclose()
        assert daemon.open == set()


async def test_without_a_service_nothing_happens_and_one_that_comes_later_is_used(
    notices: DesktopNotices, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "pixverse_desktop")

    await notices.show(Notice("1 ready"))
    await notices.show(Notice("2 ready"))
    await notices.withdraw()
    assert [record.levelname for record in caplog.records] == ["INFO"]

    async with serving() as daemon:
        await notices.show(Notice("3 ready"))

        assert [shown.title for shown in daemon.shown] == ["3 ready"]
        await notices.aclose()


async def test_a_service_that_starts_anew_is_found_again(notices: DesktopNotices) -> None:
    async with serving():
        await notices.show(Notice("1 ready"))
    await notices.show(Notice("nobody sees this"))

    async with serving() as daemon:
        await notices.show(Notice("2 ready"))

        assert [shown.title for shown in daemon.shown] == ["2 ready"]
        await notices.aclose()


@pytest.mark.parametrize("has_service", [True, False])
async def test_progress_is_told_as_docks_read_it(notices: DesktopNotices, has_service: bool) -> None:
    async with serving(has_service=has_service) as daemon:
        await notices.show_progress(None)  # there is none to hide
        await notices.show_progress(0.25)
        await notices.show_progress(None)

        await until(lambda: len(daemon.updates) == 2)

        assert daemon.updates == [
            (ICON, {"progress": ("d", 0.25), "progress-visible": ("b", True)}),
            (ICON, {"progress": ("d", 0.0), "progress-visible": ("b", False)}),
        ]
        await notices.aclose()


async def test_no_bar_stays_behind_at_the_end(notices: DesktopNotices) -> None:
    async with serving() as daemon:
        await notices.show(Notice("1 ready"))
        await notices.show_progress(0.5)
        await notices.show(Notice("2 ready"))
        await notices.aclose()

        await until(lambda: len(daemon.updates) == 2)

        assert daemon.updates[-1][1]["progress-visible"] == ("b", False)
        assert [shown.replaces for shown in daemon.shown] == [0, daemon.shown[0].number]
