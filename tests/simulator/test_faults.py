import gzip
import json
import math
from datetime import UTC, datetime

import pytest

from pixverse_desktop.simulator import Answer, Delivery, Life, faults, stories
from pixverse_desktop.simulator.exchange import Place
from pixverse_desktop.simulator.faults import Fault

from .conftest import VIDEO_ID, Caller, Living, document


@pytest.fixture
def caller(living: Living) -> Caller:
    return living(Life(video_id=VIDEO_ID, steps=stories.quick(0), prompt="a lighthouse"))


def under(fault: Fault, caller: Caller) -> Answer:
    """Ask once under the fault."""
    caller.simulation.inject(fault)
    return caller.ask()


@pytest.mark.parametrize("status", [200, 500, 502])
def test_a_page_is_html_at_any_status(status: int, caller: Caller) -> None:
    answer = under(faults.page(status), caller)

    assert (answer.status, answer.header("Content-Type")) == (status, "text/html; charset=utf-8")
    assert answer.body.startswith(b"<!DOCTYPE html>")


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_bare_status_has_no_envelope(status: int, caller: Caller) -> None:
    answer = under(faults.bare(status), caller)

    assert (answer.status, document(answer)) == (status, {"message": f"HTTP {status}"})


def test_a_redirect_points_elsewhere(caller: Caller) -> None:
    answer = under(faults.redirect("https://elsewhere.test/", 307), caller)

    assert (answer.status, answer.header("Location")) == (307, "https://elsewhere.test/")


@pytest.mark.parametrize("status", [200, 400, 500])
def test_an_error_code_comes_with_any_status(status: int, caller: Caller) -> None:
    answer = under(faults.error(500069, "high load", status), caller)

    assert answer.status == status
    assert document(answer) == {"ErrCode": 500069, "ErrMsg": "high load", "Resp": None}


def test_too_many_requests_tell_when_to_come_back(caller: Caller) -> None:
    date = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)

    in_seconds = under(faults.too_many(3, with_envelope=True), caller)
    at_a_date = under(faults.too_many(date), caller)
    silent = under(faults.too_many(), caller)

    assert (document(in_seconds)["ErrCode"], in_seconds.header("Retry-After")) == (429, "3")
    assert at_a_date.header("Retry-After") == "Tue, 01 Sep 2026 08:30:00 GMT"
    assert [answer.status for answer in (in_seconds, at_a_date, silent)] == [429] * 3
    assert silent.header("Retry-After") is None


@pytest.mark.parametrize("fault", [faults.truncated_json(), faults.not_utf8(), faults.gzipped()])
def test_a_damaged_answer_is_no_json(fault: Fault, caller: Caller) -> None:
    answer = under(fault, caller)

    with pytest.raises(ValueError, match=r".+"):
        json.loads(answer.body.decode())


def test_a_compressed_answer_says_so(caller: Caller) -> None:
    answer = under(faults.gzipped(), caller)

    assert answer.header("Content-Encoding") == "gzip"
    assert json.loads(gzip.decompress(answer.body))["ErrCode"] == 0


def test_an_envelope_may_lack_its_code_or_hold_text(caller: Caller) -> None:
    assert "ErrCode" not in document(under(faults.without_code(), caller))
    assert document(under(faults.text_code(), caller))["ErrCode"] == "0"


def test_a_good_code_may_come_without_a_result(caller: Caller) -> None:
    assert document(under(faults.null_resp(), caller)) == {"ErrCode": 0, "ErrMsg": "Success", "Resp": None}
    assert document(under(faults.empty_resp(), caller))["Resp"] == {}
    assert document(under(faults.list_resp(), caller))["Resp"][0]["id"] == int(VIDEO_ID)


def test_an_answer_may_be_about_another_video_or_name_it_as_text(caller: Caller) -> None:
    assert document(under(faults.another_id("77"), caller))["Resp"]["id"] == 77
    assert document(under(faults.text_id(), caller))["Resp"]["id"] == VIDEO_ID


def test_fields_may_be_missing_or_changed(caller: Caller) -> None:
    resp = document(under(faults.without_fields("prompt", "nonsense"), caller))["Resp"]
    assert "prompt" not in resp

    assert document(under(faults.changed_resp({"prompt": None}), caller))["Resp"]["prompt"] is None


def test_changes_to_a_result_let_an_error_pass(caller: Caller) -> None:
    caller.simulation.inject(faults.text_id())

    assert document(caller.ask("404404404404404"))["ErrCode"] == 500047


def test_every_field_may_be_of_a_wrong_type(caller: Caller) -> None:
    right = caller.resp()
    wrong = document(under(faults.wrong_types(keep=("id",)), caller))["Resp"]

    same = [name for name, value in right.items() if type(value) is type(wrong[name])]
    assert same == ["id", "render_lane"]


def test_numbers_may_be_huge(caller: Caller) -> None:
    resp = document(under(faults.huge_numbers(keep=("id",)), caller))["Resp"]

    assert (resp["id"], resp["seed"], resp["size"]) == (int(VIDEO_ID), 10**400 - 1, math.inf)


def test_numbers_may_be_longer_than_python_reads(caller: Caller) -> None:
    with pytest.raises(ValueError, match="Exceeds the limit"):
        json.loads(under(faults.huge_numbers(5000), caller).body)


def test_numbers_may_be_no_numbers(caller: Caller) -> None:
    resp = document(under(faults.nan(), caller))["Resp"]

    assert math.isnan(resp["status"])
    assert (resp["size"], resp["seed"]) == (math.inf, -math.inf)


def test_json_may_be_deeper_than_a_reader_can_go(caller: Caller) -> None:
    with pytest.raises(RecursionError):
        json.loads(under(faults.nested(), caller).body)


def test_bytes_may_be_anything(caller: Caller) -> None:
    answer = under(faults.exactly(b"\0", 203, "text/plain"), caller)

    assert (answer.status, answer.header("Content-Type"), answer.body) == (203, "text/plain", b"\0")


@pytest.mark.parametrize(
    ("fault", "delivery"),
    [
        (faults.stall(), Delivery.STALLED),
        (faults.reset(), Delivery.RESET),
        (faults.endless(), Delivery.ENDLESS),
        (faults.chunked(), Delivery.CHUNKED),
    ],
)
def test_a_delivery_may_go_wrong(fault: Fault, delivery: Delivery, caller: Caller) -> None:
    assert under(fault, caller).delivery is delivery


def test_the_balance_fails_in_the_same_ways(caller: Caller) -> None:
    caller.simulation.inject(faults.truncated_json(), place=Place.BALANCE)

    with pytest.raises(ValueError, match=r".+"):
        document(caller.balance())
