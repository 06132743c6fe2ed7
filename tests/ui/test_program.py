"""The program with its window, as far as it goes before a window is needed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pixverse_desktop.adapters.instance import ListOwnership, Request, own_within
from pixverse_desktop.adapters.places import Places
from pixverse_desktop.app.demo import open_demo
from pixverse_desktop.app.window import run_window
from pixverse_desktop.cli.arguments import Options
from pixverse_desktop.core.errors import InputUnreadable
from pixverse_desktop.core.exit_codes import ExitCode
from pixverse_desktop.simulator import DEMO_VIDEO_IDS
from tests.ui.lives import ONE, TWO


class OtherWindow:
    """Another program of ours that has the list.

    Attributes:
        asked: what it was asked for.
        answer: what it says.
    """

    def __init__(self) -> None:
        self.asked: list[Request] = []
        self.answer: Request = {"added": 2}

    def __call__(self, request: Request) -> Request:
        self.asked.append(request)
        return self.answer


@pytest.fixture
def other(where: Places) -> Iterator[OtherWindow]:
    window = OtherWindow()
    ownership: ListOwnership = own_within(where.data, 0.0)
    with ownership:
        ownership.listen(window)
        yield window
        ownership.stop_listening()


def test_ids_go_to_the_window_that_is_open(
    where: Places, other: OtherWindow, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run_window(Options(data_dir=where.data, inputs=(ONE, TWO)))

    assert code == ExitCode.ALL_READY
    assert [(each["verb"], each["ids"], each["account"]) for each in other.asked] == [
        ("open", [ONE, TWO], "default")
    ]
    assert capsys.readouterr().err == "Handed over to the window that is open.\n"


def test_what_the_open_window_cannot_do_is_told(
    where: Places, other: OtherWindow, capsys: pytest.CaptureFixture[str]
) -> None:
    other.answer = {"error": "The disk is full."}

    assert run_window(Options(data_dir=where.data)) == ExitCode.UNUSABLE_INPUT
    assert capsys.readouterr().err == "pixverse-desktop: The disk is full.\n"


def test_a_file_that_cannot_be_read_opens_nothing(where: Places, tmp_path: Path) -> None:
    with pytest.raises(InputUnreadable):
        run_window(Options(data_dir=where.data, inputs=(str(tmp_path / "gone.txt"),)))


def test_the_demo_has_a_list_of_its_own_that_goes_with_it() -> None:
    with open_demo(Options(is_demo=True)) as demo:
        assert demo.video_ids == DEMO_VIDEO_IDS
        assert demo.options.service_url is not None
        assert demo.options.service_url.startswith("http://127.0.0.1:")
        assert demo.options.data_dir is not None
        assert demo.options.data_dir.is_dir()

    assert not demo.options.data_dir.exists()


def test_the_demo_keeps_its_list_where_it_is_told(tmp_path: Path) -> None:
    with open_demo(Options(is_demo=True, data_dir=tmp_path)) as demo:
        assert demo.options.data_dir == tmp_path

    assert tmp_path.exists()
