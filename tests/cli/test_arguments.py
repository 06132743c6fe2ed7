from pathlib import Path

import pytest

from pixverse_desktop.cli.arguments import Options, parse_arguments
from pixverse_desktop.core.video import VideoStatus

ID = "391504857968062"


def test_without_a_verb_the_window_is_meant() -> None:
    assert parse_arguments([]) == Options()
    assert parse_arguments([ID, "ids.csv"]) == Options(inputs=(ID, "ids.csv"))


def test_the_window_takes_its_options() -> None:
    options = parse_arguments(
        ["--demo", "--data-dir", "d", "--save-to", "s", "--exit-when-done", "--screenshot", "p.png", ID]
    )

    assert options == Options(
        inputs=(ID,),
        is_demo=True,
        data_dir=Path("d"),
        save_to=Path("s"),
        screenshot=Path("p.png"),
        exit_when_done=True,
    )


def test_watch_takes_its_options_before_between_and_behind_the_ids() -> None:
    options = parse_arguments(
        [
            "watch",
            "--json",
            "1",
            "--interval",
            "3",
            "2",
            "--timeout",
            "1.5",
            "-",
            "--save-to",
            "s",
            "--no-save",
            "--account",
            " studio ",
            "--service-url",
            "http://127.0.0.1:8080/",
            "--data-dir",
            "d",
        ]
    )

    assert options == Options(
        verb="watch",
        inputs=("1", "2", "-"),
        as_json=True,
        interval_s=3.0,
        timeout_s=1.5,
        save_to=Path("s"),
        no_save=True,
        account="studio",
        service_url="http://127.0.0.1:8080",
        data_dir=Path("d"),
    )


@pytest.mark.parametrize("verb", ["add", "remove"])
def test_add_and_remove_take_ids_and_an_account(verb: str) -> None:
    options = parse_arguments([verb, "1", "--account", "studio", "-", "--data-dir", "d"])

    assert options == Options(verb=verb, inputs=("1", "-"), account="studio", data_dir=Path("d"))


@pytest.mark.parametrize(("verb", "form"), [("list", "table"), ("export", "json")])
def test_list_and_export_have_forms_of_their_own(verb: str, form: str) -> None:
    assert parse_arguments([verb]).format == form
    assert parse_arguments([verb, "--format", "ids"]).format == "ids"


def test_statuses_may_be_named_together_and_apart() -> None:
    options = parse_arguments(["list", "--status", "ready, not_found", "--status", "unknown"])

    assert options.statuses == (VideoStatus.READY, VideoStatus.NOT_FOUND, VideoStatus.UNKNOWN)


@pytest.mark.parametrize("action", ["set", "test", "remove", "list"])
def test_key_takes_an_action_and_never_a_key(action: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert parse_arguments(["key", action]).key_action == action
    with pytest.raises(SystemExit) as ended:
        parse_arguments(["key", action, "sk-secret"])

    assert ended.value.code == 2


@pytest.mark.parametrize("verb", ["watch", "add", "remove", "list", "export", "key"])
def test_every_verb_takes_service_and_data_folder(verb: str) -> None:
    words = ["key", "list"] if verb == "key" else [verb]

    options = parse_arguments([*words, "--service-url", "https://proxy.example/x/", "--data-dir", "d"])

    assert (options.service_url, options.data_dir) == ("https://proxy.example/x", Path("d"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["watch", "--interval", "2.9"], "not asked more often than every 3 seconds"),
        (["watch", "--interval", "nan"], "not a number of seconds"),
        (["watch", "--interval", "inf"], "not a number of seconds"),
        (["watch", "--interval", "soon"], "not a number of seconds"),
        (["watch", "--timeout", "0"], "more than 0 seconds"),
        (["watch", "--timeout", "-1"], "more than 0 seconds"),
        (["watch", "--account", " "], "visible characters"),
        (["watch", "--account", "a\nb"], "visible characters"),
        (["watch", "--service-url", "http://example.com"], "must begin with https://"),
        (["watch", "--service-url", "https://a:b@example.com"], "plain address"),
        (["watch", "--service-url", "ftp://example.com"], "must look like"),
        (["watch", "--key", "sk"], "unrecognized"),
        (["watch", "--js"], "unrecognized"),
        (["watch", "--save-to"], "expected one argument"),
        (["add", "--json"], "unrecognized"),
        (["list", "--format", "xml"], "invalid choice"),
        (["list", "--status", "done"], "names no status; there are waiting, ready"),
        (["list", "1"], "unrecognized"),
        (["key"], "key_action"),
        (["key", "show"], "invalid choice"),
        (["--screenshot", "a.png"], "goes with --exit-when-done"),
        (["--demo", "--service-url", "https://example.com"], "brings its own service"),
        (["--frobnicate"], "unrecognized"),
    ],
)
def test_what_makes_no_sense_ends_with_2_and_one_sentence(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parse_arguments(arguments)

    out, err = capsys.readouterr()
    assert ended.value.code == 2
    assert words in err
    assert err.startswith("pixverse-desktop")
    assert err.count("\n") == 1
    assert out == ""


@pytest.mark.parametrize("arguments", [["--help"], ["watch", "--help"], ["key", "-h"], ["--version"]])
def test_help_and_version_end_with_0(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse_arguments(arguments)

    assert not ended.value.code
    assert capsys.readouterr().out
