from pathlib import Path

from pixverse_desktop.core.events import ConnectionChanged, ConnectionKind
from pixverse_desktop.core.report import ReportFacts, report_text
from pixverse_desktop.core.settings import Settings

FACTS = ReportFacts(
    versions={"Python": "3.11.9"},
    settings=Settings(save_folder="/home/ann/clips", watch_folder="/srv/home/ann"),
    counts={"ready": 3},
    connections=[
        ConnectionChanged("default", ConnectionKind.ONLINE),
        ConnectionChanged("studio", ConnectionKind.OFFLINE, "No answer."),
    ],
    complaints=["WARNING no backup in /home/ann/x"],
    home="/home/ann",
)


def test_a_report_says_what_it_is_how_it_is_set_and_how_it_does() -> None:
    text = report_text(FACTS)

    for part in (
        "  Python: 3.11.9",
        "  ready: 3",
        "  default: online",
        "  studio: offline, No answer.",
        "  save_folder: ~/clips",
        "  notifies_ready: True",
        "WARNING no backup in ~/x",
    ):
        assert part in text.splitlines(), part


def test_a_home_that_is_the_root_shortens_nothing() -> None:
    text = report_text(
        ReportFacts(
            versions={},
            settings=Settings(save_folder="/a/b"),
            counts={},
            connections=[],
            complaints=[],
            home="/",
        )
    )

    assert "  save_folder: /a/b" in text.splitlines()
    assert "none" in text
    assert str(Path("/")) in text
