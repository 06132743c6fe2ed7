import logging
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pixverse_desktop.adapters.logs import LogFile, RedactingFormatter
from pixverse_desktop.core.secrets import ApiKey

KEY_TEXT = "sk-0123456789abcdef"
KEY = ApiKey(KEY_TEXT)
log = logging.getLogger("pixverse_desktop.anywhere")


@pytest.fixture
def file(tmp_path: Path) -> Iterator[LogFile]:
    file = LogFile(tmp_path)
    file.hide(KEY)
    yield file
    file.close()


def written(folder: Path) -> str:
    return (folder / "pixverse-desktop.log").read_text(encoding="utf-8")


@pytest.mark.usefixtures("file")
def test_a_key_in_the_message_is_taken_out(tmp_path: Path) -> None:
    log.info(f"asked with {KEY_TEXT} and {KEY_TEXT}")

    assert "asked with ●●● and ●●●" in written(tmp_path)


@pytest.mark.usefixtures("file")
def test_a_key_in_the_arguments_is_taken_out(tmp_path: Path) -> None:
    log.info("headers %r, then %s", {"API-KEY": KEY_TEXT}, KEY_TEXT)

    assert "{'API-KEY': '●●●'}, then ●●●" in written(tmp_path)


@pytest.mark.usefixtures("file")
def test_a_key_in_a_traceback_and_its_causes_is_taken_out(tmp_path: Path) -> None:
    try:
        try:
            raise ValueError(f"illegal header {KEY_TEXT}")
        except ValueError as error:
            raise RuntimeError(KEY_TEXT) from error
    except RuntimeError:
        log.exception("it went wrong", stack_info=True)

    text = written(tmp_path)
    assert KEY_TEXT not in text
    assert "RuntimeError: ●●●" in text
    assert "ValueError: illegal header ●●●" in text


def test_every_key_it_was_told_of_is_taken_out(file: LogFile, tmp_path: Path) -> None:
    file.hide(ApiKey("sk-another-key"))

    log.warning("%s %s", KEY_TEXT, "sk-another-key")

    assert "●●● ●●●" in written(tmp_path)


def test_a_traceback_another_handler_has_formatted_already_is_cleaned_too() -> None:
    formatter = RedactingFormatter()
    formatter.hide(KEY)
    try:
        raise ValueError(KEY_TEXT)
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "no", (), sys.exc_info())
    logging.Formatter().format(record)  # leaves its text in the record

    assert KEY_TEXT not in formatter.format(record)


@pytest.mark.usefixtures("file")
def test_nobody_else_may_read_the_log_not_even_an_older_one(tmp_path: Path) -> None:
    for _ in range(30):
        log.info("x" * 100_000)

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == {"pixverse-desktop.log": 0o600, "pixverse-desktop.log.1": 0o600}


@pytest.mark.usefixtures("file")
def test_the_log_does_not_grow_without_end(tmp_path: Path) -> None:
    for _ in range(150):
        log.info("x" * 100_000)

    assert len(list(tmp_path.iterdir())) == 4
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 9_000_000


@pytest.mark.usefixtures("file")
def test_only_our_own_words_are_written(tmp_path: Path) -> None:
    logging.getLogger("httpx").warning("GET https://somewhere")
    log.debug("too much detail")

    assert not (tmp_path / "pixverse-desktop.log").exists()


def test_a_closed_log_writes_no_more(tmp_path: Path) -> None:
    handlers = list(logging.getLogger("pixverse_desktop").handlers)
    file = LogFile(tmp_path)

    file.close()
    log.info("too late")

    assert logging.getLogger("pixverse_desktop").handlers == handlers
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("file")
def test_of_an_address_only_the_host_is_written(tmp_path: Path) -> None:
    log.info("got %s", "https://media.pixverse.ai/a%2Fb.mp4?Signature=abc")

    assert "got https://media.pixverse.ai/●●●\n" in written(tmp_path)


def test_the_end_of_the_log_is_read_also_from_what_was_moved_aside(file: LogFile, tmp_path: Path) -> None:
    assert file.tail(10) == []
    before = file.mark()
    for number in range(30):
        log.info("%d %s", number, "x" * 100_000)

    assert (tmp_path / "pixverse-desktop.log.1").exists()
    tail = file.tail(25)
    assert [int(line.split(": ", 1)[1].split()[0]) for line in tail] == list(range(5, 30))
    assert file.mark() != before
    mark = file.mark()
    assert mark == file.mark()
    log.info("one more")
    assert mark != file.mark()


def test_a_text_for_others_is_cleaned_as_the_log_is(file: LogFile) -> None:
    assert file.redact(f"{KEY_TEXT} https://a.example/b?c") == "●●● https://a.example/●●●"
