import pytest

from pixverse_desktop.core.addresses import CHINA_URL, INTERNATIONAL_URL, check_base_url, is_loopback_host
from pixverse_desktop.core.errors import InputUnreadable


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        (INTERNATIONAL_URL, INTERNATIONAL_URL),
        (CHINA_URL, CHINA_URL),
        ("  https://app-api.pixverse.ai/ \n", INTERNATIONAL_URL),
        ("HTTPS://app-api.pixverse.ai", INTERNATIONAL_URL),
        ("https://App-API.PixVerse.ai:443", INTERNATIONAL_URL),
        ("http://[::1]:80", "http://[::1]"),
        ("https://Proxy.example:80/Pix", "https://proxy.example:80/Pix"),
        ("https://proxy.example:8443/pixverse/", "https://proxy.example:8443/pixverse"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://127.9.9.9", "http://127.9.9.9"),
        ("http://localhost:8000/", "http://localhost:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_a_usable_address_is_taken(given: str, taken: str) -> None:
    assert check_base_url(given) == taken


@pytest.mark.parametrize(
    "given",
    [
        "",
        "app-api.pixverse.ai",
        "ftp://app-api.pixverse.ai",
        "file:///etc/passwd",
        "https://",
        "https:///path",
        "http://app-api.pixverse.ai",
        "http://192.168.1.7",
        "http://localhost.evil.example",
        "http://127.0.0.1.evil.example",
        "http://127.0.0.1@evil.example",
        "https://name:word@app-api.pixverse.ai",
        "https://name@app-api.pixverse.ai",
        "https://app-api.pixverse.ai/?key=1",
        "https://app-api.pixverse.ai/#x",
        "https://app-api.pixverse.ai:notaport",
        "https://app-api.pixverse.ai:99999",
        "https://[::1",
        "https://app-api pixverse.ai",
        "https://evil.example\\@app-api.pixverse.ai",
    ],
)
def test_any_other_address_is_refused_in_words(given: str) -> None:
    with pytest.raises(InputUnreadable, match="service address"):
        check_base_url(given)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST.", "127.0.0.1", "127.3.2.1", "::1", "[::1]"])
def test_this_machine_is_known_by_its_names(host: str) -> None:
    assert is_loopback_host(host)


@pytest.mark.parametrize("host", ["", "0.0.0.0", "10.0.0.1", "localhost.example", "example.com", "fe80::1"])
def test_another_machine_is_not_taken_for_this_one(host: str) -> None:
    assert not is_loopback_host(host)
