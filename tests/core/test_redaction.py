import pytest

from pixverse_desktop.core.redaction import HIDDEN, Redactor
from pixverse_desktop.core.secrets import ApiKey

KEY = 'sk-"a/b+c'


@pytest.fixture
def redact() -> Redactor:
    redactor = Redactor()
    redactor.hide(ApiKey(KEY))
    return redactor


@pytest.mark.parametrize(
    "text", [KEY, f"x{KEY}x", "sk-%22a%2Fb%2Bc", r'{"key": "sk-\"a/b+c"}', f"https://{KEY}@a.example/x"]
)
def test_a_key_is_taken_out_in_every_form(redact: Redactor, text: str) -> None:
    shown = redact(text)

    assert HIDDEN in shown or shown == "https://a.example"
    assert "a/b" not in shown
    assert "a%2Fb" not in shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://media.pixverse.ai/a%2Fb.mp4?Signature=abc&Expires=1", "https://media.pixverse.ai/●●●"),
        ('get("HTTPS://m.example:8443/a.mp4") failed', 'get("HTTPS://m.example:8443/●●●") failed'),
        ("http://me:secret@proxy.example:8080/", "http://proxy.example:8080/"),
        ("https://m.example?sig=abc", "https://m.example/●●●"),
        ("https://m.example#abc", "https://m.example/●●●"),
        ("https://app-api.pixverse.ai", "https://app-api.pixverse.ai"),
        (
            "https://app-api.pixverse.ai could not be reached",
            "https://app-api.pixverse.ai could not be reached",
        ),
        ("two: https://a.example/x, https://b.example/y", "two: https://a.example/●●● https://b.example/●●●"),
        ("no address: 12:30, a/b, file.mp4", "no address: 12:30, a/b, file.mp4"),
    ],
)
def test_of_an_address_only_the_host_is_left(redact: Redactor, text: str, shown: str) -> None:
    assert redact(text) == shown
