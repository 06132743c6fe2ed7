import pytest

from pixverse_desktop.core.marks import rated, with_tag
from pixverse_desktop.core.query import parse_query
from pixverse_desktop.services.library import Library
from pixverse_desktop.services.tally import Tally
from tests.services.conftest import add_ready, ref

IDS = [str(number) for number in range(100, 150)]
QUERIES = {
    "all": parse_query(""),
    "ready": parse_query("status:ready"),
    "hero": parse_query("tag:hero rating:>=3"),
    "word": parse_query("10 -109"),
}


@pytest.fixture
async def filled(library: Library) -> Library:
    await library.add(IDS, account="default")
    await add_ready(library, "200", "201")
    await library.mark(map(ref, IDS[:5]), with_tag("hero"))
    await library.mark(map(ref, IDS[:3]), rated(4))
    return library


@pytest.mark.parametrize(("most", "turns"), [(1, 52), (10, 6), (1000, 1)])
async def test_it_counts_in_slices_what_fits(filled: Library, most: int, turns: int) -> None:
    tally = Tally(filled, QUERIES)

    taken = 1
    while not tally.advance(most):
        taken += 1

    assert taken == turns
    assert tally.counts == {"all": 52, "ready": 2, "hero": 3, "word": 10}


async def test_rows_that_go_meanwhile_do_no_harm(filled: Library) -> None:
    tally = Tally(filled, QUERIES)
    tally.advance(10)
    await filled.remove(map(ref, IDS[20:]))

    while not tally.advance(10):
        pass

    assert tally.counts["all"] == 52


async def test_nothing_is_counted_at_once(library: Library) -> None:
    assert Tally(library, QUERIES).advance(10)
