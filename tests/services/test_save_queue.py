from pixverse_desktop.core.saves import QueuedSave
from pixverse_desktop.services.save_queue import Job, SaveQueue
from tests.services.conftest import ref


def job(video_id: str, made_at_s: float = 0, folder: str = "/clips") -> Job:
    return Job(QueuedSave(ref(video_id), folder, 0), made_at_s)


def filled(*jobs: Job) -> SaveQueue:
    queue = SaveQueue()
    for each in jobs:
        queue.add(each)
    return queue


def taken(queue: SaveQueue, now_s: float = 0) -> list[str]:
    """Everything that can be begun, in its order."""
    found = []
    while (each := queue.next(now_s)) is not None:
        found.append(each.ref.video_id)
    return found


def test_the_newest_comes_first_and_those_of_one_moment_in_their_order() -> None:
    assert taken(filled(job("1", 5), job("2", 9), job("3", 5), job("4", 7))) == ["2", "4", "1", "3"]


def test_what_a_person_looks_at_comes_before_all_others() -> None:
    queue = filled(job("1", 1), job("2", 2), job("3", 3))

    queue.focus([ref("404"), ref("1"), ref("2")])

    assert taken(queue) == ["1", "2", "3"]


def test_what_rests_is_not_taken_before_its_time_also_when_it_is_looked_at() -> None:
    first = job("1", 9)
    queue = filled(first, job("2", 1))
    assert queue.next(0) is first
    queue.focus([ref("1")])

    queue.hold(first, 60, closes_folder=False)

    assert taken(queue, 59) == ["2"]
    assert queue.due_s == 60
    assert taken(queue, 60) == ["1"]
    assert queue.due_s is None


def test_what_failed_comes_after_what_did_not() -> None:
    newest = job("1", 9)
    newest.failures = 1

    assert taken(filled(newest, job("2", 1))) == ["2", "1"]


def test_nothing_is_taken_in_a_closed_folder_and_others_go_on() -> None:
    first = job("1", 9)
    queue = filled(first, job("2", 1, "/other"), job("3", 5))
    queue.focus([ref("3")])
    queue.remove(ref("1"))

    queue.hold(first, 60, closes_folder=True)

    assert taken(queue, 59) == ["2"]
    assert queue.due_s == 60
    assert taken(queue, 60) == ["3", "1"]


def test_what_is_removed_is_taken_no_more() -> None:
    queue = filled(job("1"), job("2"), job("3"))
    rests = queue.next(0)
    assert rests is not None
    queue.hold(rests, 5, closes_folder=False)

    removed = [queue.remove(ref(each)) for each in ("1", "2", "404")]

    assert [each is not None for each in removed] == [True, True, False]
    assert taken(queue, 10) == ["3"]
    assert [each.ref.video_id for each in queue] == ["3"]


def test_what_is_removed_and_added_again_is_taken_once() -> None:
    queue = filled(job("1"))
    queue.remove(ref("1"))
    queue.add(job("1"))

    assert taken(queue) == ["1"]


def test_what_is_woken_is_taken_at_once() -> None:
    held = job("1")
    queue = filled(held)
    assert queue.next(0) is held
    queue.hold(held, 60, closes_folder=False)
    waits = job("2", folder="/other")
    queue.hold(waits, 60, closes_folder=True)

    woken = [queue.wake(held), queue.wake(waits), queue.wake(waits)]

    assert woken == [True, True, False]
    assert sorted(taken(queue, 1)) == ["1", "2"]


def test_what_is_expected_is_not_taken_yet() -> None:
    queue = SaveQueue()
    expected = job("1")

    queue.expect(expected)
    early = taken(queue)
    queue.add(expected)

    assert early == []
    assert queue.get(ref("1")) is expected
    assert taken(queue) == ["1"]


def test_a_hundred_thousand_are_taken_without_looking_at_each_every_time() -> None:
    queue = filled(*(job(str(number), number) for number in range(100_000)))
    for number in range(50_000, 100_000):
        queue.remove(ref(str(number)))

    assert taken(queue)[:2] == ["49999", "49998"]


def test_what_is_wished_again_while_it_is_tried_is_tried_once_more_at_once() -> None:
    tried = job("1")
    queue = filled(tried)
    assert queue.next(0) is tried

    queue.wake(tried)
    queue.hold(tried, 60, closes_folder=True)
    again = queue.next(1)
    queue.hold(tried, 60, closes_folder=True)

    assert again is tried
    assert queue.next(59) is None
