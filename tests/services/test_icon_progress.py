"""The bar on the program's icon: when there is one, and how often it is told."""

import asyncio

import pytest

from pixverse_desktop.core.saves import SavingOverview
from pixverse_desktop.services.icon_progress import IconProgress
from pixverse_desktop.services.tasks import TaskNursery
from tests.fakes.clock import settle
from tests.fakes.notifier import FakeNotifier

HALF = SavingOverview(2, 4, share=0.5)


class SlowNotifier(FakeNotifier):
    """A desktop that takes its time with each share."""

    def __init__(self) -> None:
        super().__init__()
        self.may_go_on = asyncio.Event()

    async def show_progress(self, share: float | None) -> None:
        await super().show_progress(share)
        await self.may_go_on.wait()


@pytest.mark.parametrize(
    "rest",
    [SavingOverview(), SavingOverview(held=3), SavingOverview(2, 4, share=0.5, is_paused=True)],
    ids=["done", "held", "paused"],
)
async def test_what_is_at_rest_has_no_bar(rest: SavingOverview, nursery: TaskNursery) -> None:
    notifier = FakeNotifier()
    icon = IconProgress(notifier, nursery)

    for saving in (rest, HALF, rest, rest):
        icon.show_saving(saving)
        await settle()

    assert notifier.progress == [0.5, None]


async def test_less_than_a_percent_is_not_told(nursery: TaskNursery) -> None:
    notifier = FakeNotifier()
    icon = IconProgress(notifier, nursery)

    for share in (0.5, 0.501, 0.5049, 0.512):
        icon.show_saving(SavingOverview(2, 4, share=share))
        await settle()

    assert notifier.progress == [0.5, 0.51]


async def test_a_slow_desktop_is_told_the_latest_alone(nursery: TaskNursery) -> None:
    notifier = SlowNotifier()
    icon = IconProgress(notifier, nursery)

    for share in (0.1, 0.2, 0.3, 0.4):
        icon.show_saving(SavingOverview(2, 4, share=share))
        await settle()
    notifier.may_go_on.set()
    await settle()

    assert notifier.progress == [0.1, 0.4]


async def test_after_the_end_nothing_is_told(nursery: TaskNursery) -> None:
    notifier = FakeNotifier()
    icon = IconProgress(notifier, nursery)
    await nursery.aclose()

    icon.show_saving(HALF)
    await settle()

    assert notifier.progress == []
