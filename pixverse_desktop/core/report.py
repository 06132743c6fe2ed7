"""The text of a report about this program: what it is, how it is set, how it is doing. No key, no address."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from pixverse_desktop.core.events import ConnectionChanged
from pixverse_desktop.core.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFacts:
    """What a report is made of.

    Attributes:
        versions: the program, the system and the libraries, by name.
        counts: how many rows there are of each kind, by name.
        connections: how each account and the service stand to each other.
        complaints: the last warnings and errors of the log.
        home: the person's own folder, which is shown as ``~``; empty for none.
    """

    versions: Mapping[str, str]
    settings: Settings
    counts: Mapping[str, int]
    connections: Sequence[ConnectionChanged]
    complaints: Sequence[str]
    home: str = ""


def report_text(facts: ReportFacts) -> str:
    """The report as plain text. Whoever shows it takes keys and addresses out of it."""
    sections = {
        "Versions": _pairs(facts.versions),
        "Settings": _pairs(asdict(facts.settings)),
        "Videos": _pairs(facts.counts) or ["none"],
        "Connections": [_connection(each) for each in facts.connections],
        "Last warnings and errors": list(facts.complaints) or ["none"],
    }
    text = "\n\n".join("\n".join([f"{title}:", *lines]) for title, lines in sections.items())
    return _without_home(text, facts.home)


def _pairs(values: Mapping[str, object]) -> list[str]:
    return [f"  {name}: {value}" for name, value in values.items()]


def _connection(state: ConnectionChanged) -> str:
    return f"  {state.account}: {state.kind.value}" + (f", {state.message}" if state.message else "")


def _without_home(text: str, home: str) -> str:
    home = home.rstrip("/\\")
    return text.replace(home, "~") if len(home) > 1 else text
