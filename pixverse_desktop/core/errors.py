"""The ways the world can fail, each with a sentence for the person in front of the screen.

PixverseError
├── ServiceError                 PixVerse answered, but not with what was asked for
│   ├── KeyRefused               this key is not accepted; concerns every video of the account
│   ├── VideoNotKnown            no such video for this key
│   ├── VideoGone                the video was deleted at PixVerse
│   ├── VideoModerated           the video was refused by moderation
│   ├── RequestRefused           this one question is wrong and will stay wrong
│   ├── RateLimited              too many questions; the whole key has to wait
│   ├── CreditsUsedUp            the account has no credits left; reading goes on
│   └── ServiceBusy              a passing fault at PixVerse
├── ServiceUnreachable           no answer at all: network, DNS, TLS, time-out
├── KeyMissing                   no key is known for this account
├── KeychainUnavailable          the system's keychain is missing, locked or refused
├── SaveFailed                   a clip could not be brought to disk
│   ├── ClipAddressGone          its address answers with "not (any more) here"
│   ├── ClipRefused              what came is not a clip
│   ├── ClipCutShort             the transfer broke off; worth another try
│   │   └── ClipServerBusy       the clip's server asks for a pause
│   └── FolderUnusable           the disk is full, read-only, missing …
├── OutputFailed                 what is printed could not be written
├── StoreFailed                  the list could not be read or written
│   └── StoreTooNew              it was written by a newer program
├── ListInUse                    another program of ours owns the list
└── InputUnreadable              a file, an argument or a setting that cannot be used

``str()`` of each is fit to be shown: plain text, no address, no key. Anything that is not a
``PixverseError`` is a defect of this program.
"""


class PixverseError(Exception):
    """The world failed; ``str()`` says how, and what to do.

    Attributes:
        trace_id: the ``Ai-trace-id`` of the question that failed so, for PixVerse's support; or empty.
    """

    trace_id: str = ""


class ServiceError(PixverseError):
    """PixVerse answered, but not with what was asked for.

    Attributes:
        code: the service's own ``ErrCode``, or the HTTP status where there was none.
    """

    def __init__(self, message: str, *, code: int | None = None) -> None:
        super().__init__(message)
        self.code = code


class KeyRefused(ServiceError):
    """The key is not accepted; every video of the account waits until it is mended.

    Attributes:
        is_certain: whether PixVerse said so, and not a page that may be a gateway's.
    """

    def __init__(self, message: str, *, code: int | None = None, is_certain: bool = True) -> None:
        super().__init__(message, code=code)
        self.is_certain = is_certain


class VideoNotKnown(ServiceError):
    """The key does not know this video."""


class VideoGone(ServiceError):
    """The video was deleted at PixVerse."""


class VideoModerated(ServiceError):
    """The video was refused by moderation."""


class RequestRefused(ServiceError):
    """This one question is wrong and asking again will not help."""


class RateLimited(ServiceError):
    """Too many questions were asked.

    Attributes:
        retry_after_s: the pause the service asked for, in seconds, or None if it named none.
    """

    def __init__(self, message: str, *, code: int | None = None, retry_after_s: float | None = None) -> None:
        super().__init__(message, code=code)
        self.retry_after_s = retry_after_s


class CreditsUsedUp(ServiceError):
    """The account has no credits left; reading goes on all the same."""


class ServiceBusy(ServiceError):
    """A passing fault at PixVerse, or an answer that makes no sense."""


class ServiceUnreachable(PixverseError):
    """No answer came at all."""


class KeyMissing(PixverseError):
    """No key is known for this account."""


class KeychainUnavailable(PixverseError):
    """The system's keychain is missing, locked, or refused."""


class SaveFailed(PixverseError):
    """A clip could not be brought to disk."""


class ClipAddressGone(SaveFailed):
    """The clip's address does not lead to a file (any more)."""


class ClipRefused(SaveFailed):
    """What came from the clip's address is not a clip."""


class ClipCutShort(SaveFailed):
    """The transfer broke off before the end."""


class ClipServerBusy(ClipCutShort):
    """The clip's server asks to be left alone for a while.

    Attributes:
        retry_after_s: the pause it asked for, in seconds, or None if it named none.
    """

    def __init__(self, message: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class FolderUnusable(SaveFailed):
    """The folder cannot take the file: full, read-only, missing."""


class OutputFailed(PixverseError):
    """What is printed could not be written."""


class StoreFailed(PixverseError):
    """The list could not be read or written."""


class StoreTooNew(StoreFailed):
    """The list was written by a newer version of this program."""


class ListInUse(PixverseError):
    """Another program of ours owns this list right now."""


class InputUnreadable(PixverseError):
    """A file, an argument or a setting that cannot be used as it is."""
