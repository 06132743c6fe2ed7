"""The API key as a value that does not show itself."""

from typing import NoReturn

from pixverse_desktop.core.errors import KeyRefused


class ApiKey:
    """A key that hides in ``repr``, ``str`` and logs; ``reveal()`` is the only way to the text.

    Surrounding white space and quotes, as they come with a copied key, are taken off.

    Raises:
        KeyRefused: the text is empty or cannot be sent in an HTTP header.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        text = text.strip().strip("\"'").strip()
        if not text:
            raise KeyRefused("The key is empty. Copy it from the API keys page of the PixVerse platform.")
        if not (text.isascii() and text.isprintable()) or " " in text:
            raise KeyRefused("This is not a PixVerse key: no key has such characters. Copy it again.")
        self._text = text

    def reveal(self) -> str:
        """The key itself, for the one header it belongs in."""
        return self._text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ApiKey) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __copy__(self) -> "ApiKey":
        return self

    def __deepcopy__(self, _: object) -> "ApiKey":
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is not pickled: it would stand there in plain text")

    def __repr__(self) -> str:
        return "ApiKey(●●●)"
