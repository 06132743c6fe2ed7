import logging

from pixverse_desktop.core.events import Event, Trouble
from pixverse_desktop.services.announcer import Announcer
from tests.fakes.heard import Heard

NEWS = Trouble("news")


def test_everybody_hears_in_the_order_of_subscription(announcer: Announcer) -> None:
    told: list[str] = []
    announcer.subscribe(lambda event: told.append("first"))
    announcer.subscribe(lambda event: told.append("second"))

    announcer.announce(NEWS)

    assert told == ["first", "second"]


def test_who_has_unsubscribed_hears_nothing_more(announcer: Announcer, heard: Heard) -> None:
    other = Heard()
    unsubscribe = announcer.subscribe(other)

    unsubscribe()
    unsubscribe()
    announcer.announce(NEWS)

    assert (other.events, heard.events) == ([], [NEWS])


def test_a_listener_may_unsubscribe_while_it_listens(announcer: Announcer) -> None:
    told: list[str] = []

    def once(event: Event) -> None:
        told.append("once")
        unsubscribe()

    unsubscribe = announcer.subscribe(once)
    announcer.subscribe(lambda event: told.append("always"))

    announcer.announce(NEWS)
    announcer.announce(NEWS)

    assert told == ["once", "always", "always"]


def test_a_listener_that_fails_keeps_nobody_from_hearing(
    announcer: Announcer, defects: list[BaseException], complaints: list[logging.LogRecord]
) -> None:
    def fail(event: Event) -> None:
        raise ZeroDivisionError("ours")

    announcer.subscribe(fail)
    after = Heard()
    announcer.subscribe(after)

    announcer.announce(NEWS)

    assert after.events == [NEWS]
    assert [str(defect) for defect in defects] == ["ours"]
    assert [record.getMessage() for record in complaints] == ["A listener failed on Trouble"]
    defects.clear()
    complaints.clear()
