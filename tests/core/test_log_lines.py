from pixverse_desktop.core.log_lines import last_complaints, read_lines

INFO = "2026-11-01 12:00:00,001 INFO pixverse_desktop.a: all is well"
WARNING = "2026-11-01 12:00:01,002 WARNING pixverse_desktop.a: hm"
ERROR = "2026-11-01 12:00:02,003 ERROR pixverse_desktop.a: no"
TRACE = ["Traceback (most recent call last):", "ValueError: INFO"]


def test_a_traceback_has_the_level_of_its_record() -> None:
    levels = [line.level for line in read_lines([INFO, ERROR, *TRACE, WARNING])]

    assert levels == ["INFO", "ERROR", "ERROR", "ERROR", "WARNING"]


def test_lines_whose_record_was_read_before_go_on_with_its_level() -> None:
    assert [line.level for line in read_lines(TRACE, "ERROR")] == ["ERROR", "ERROR"]


def test_the_last_complaints_come_with_their_tracebacks() -> None:
    lines = [WARNING, INFO, ERROR, *TRACE, INFO, "a line of INFO", WARNING]

    assert last_complaints(lines, 2) == ["\n".join([ERROR, *TRACE]), WARNING]
    assert len(last_complaints(lines, 20)) == 3


def test_levels_are_graded() -> None:
    (line,) = read_lines([WARNING])

    assert line.is_at_least("INFO")
    assert line.is_at_least("WARNING")
    assert not line.is_at_least("ERROR")
