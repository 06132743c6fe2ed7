import copy
import logging
import pickle
import traceback

import pytest

from pixverse_desktop.core.errors import KeyRefused
from pixverse_desktop.core.secrets import ApiKey

TEXT = "sk-0123456789abcdef"


@pytest.mark.parametrize(
    "shown",
    [
        repr(ApiKey(TEXT)),
        str(ApiKey(TEXT)),
        f"{ApiKey(TEXT)}",
        f"{ApiKey(TEXT)!r} {ApiKey(TEXT)!s} {ApiKey(TEXT)!a}",
        "%s %r" % (ApiKey(TEXT), ApiKey(TEXT)),  # noqa: UP031 - logging formats like this
        "{}".format(ApiKey(TEXT)),  # noqa: UP032
        repr([ApiKey(TEXT)]),
        repr({"key": ApiKey(TEXT)}),
    ],
)
def test_a_key_never_shows_itself(shown: str) -> None:
    assert TEXT not in shown
    assert "●●●" in shown


def test_a_key_refuses_a_format_without_showing_itself() -> None:
    with pytest.raises(TypeError) as failure:
        format(ApiKey(TEXT), ">30")

    assert TEXT not in "".join(traceback.format_exception(failure.value))


def test_a_key_does_not_show_itself_in_a_log_record(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("any").warning("with %s and %r", ApiKey(TEXT), ApiKey(TEXT))

    assert caplog.text.count("●●●") == 2
    assert TEXT not in caplog.text


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_key_is_never_written_by_pickle(protocol: int) -> None:
    with pytest.raises(TypeError):
        pickle.dumps(ApiKey(TEXT), protocol)


def test_a_key_may_be_copied() -> None:
    assert copy.copy(ApiKey(TEXT)) == ApiKey(TEXT)
    assert copy.deepcopy([ApiKey(TEXT)]) == [ApiKey(TEXT)]


def test_a_key_has_no_dict_to_look_into() -> None:
    assert not hasattr(ApiKey(TEXT), "__dict__")


@pytest.mark.parametrize("given", [TEXT, f"  {TEXT}\n", f'"{TEXT}"', f"'{TEXT}' "])
def test_what_comes_with_a_copied_key_is_taken_off(given: str) -> None:
    assert ApiKey(given).reveal() == TEXT


def test_keys_are_equal_when_their_texts_are() -> None:
    assert ApiKey(TEXT) == ApiKey(f" {TEXT}")
    assert hash(ApiKey(TEXT)) == hash(ApiKey(f" {TEXT}"))
    assert ApiKey(TEXT) != ApiKey("sk-other")
    assert ApiKey(TEXT) != TEXT


@pytest.mark.parametrize(
    "given", ["", "  ", '""', "two words", "sk-ключ", "sk-\r\nX: 1", "sk-\x00", "sk-\x7f", "sk-\u200b1"]
)
def test_a_text_that_cannot_be_a_key_is_refused_without_repeating_it(given: str) -> None:
    with pytest.raises(KeyRefused) as failure:
        ApiKey(given)

    assert not given.strip() or given not in str(failure.value)
