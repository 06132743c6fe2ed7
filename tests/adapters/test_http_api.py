import asyncio
import gzip
import json
import logging
import socket
import ssl
import time
import traceback
import tracemalloc
import uuid
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
import trustme

from pixverse_desktop.adapters.http_api import HttpVideoApi
from pixverse_desktop.core.answers import VideoAnswer
from pixverse_desktop.core.errors import (
    CreditsUsedUp,
    KeyRefused,
    PixverseError,
    RateLimited,
    RequestRefused,
    ServiceBusy,
    ServiceError,
    ServiceUnreachable,
    VideoGone,
    VideoModerated,
    VideoNotKnown,
)
from pixverse_desktop.core.secrets import ApiKey
from pixverse_desktop.core.video import Balance
from pixverse_desktop.simulator import (
    Life,
    Simulation,
    SimulatorServer,
    Step,
    UrlKind,
    faults,
    stories,
)
from tests.adapters.raw_server import RawServer, Reply, http, raw_server
from tests.core.boxes import WHOLE_CLIP

ID = "627410861853514292"
KEY_TEXT = "sk-0123456789abcdef-very-secret"
KEY = ApiKey(KEY_TEXT)
READY = (Step(0, 1, UrlKind.CLIP),)


@asynccontextmanager
async def api_at(url: str) -> AsyncIterator[HttpVideoApi]:
    api = HttpVideoApi(url, KEY)
    try:
        yield api
    finally:
        await api.aclose()


@asynccontextmanager
async def api_answered(reply: Reply | bytes) -> AsyncIterator[tuple[HttpVideoApi, RawServer]]:
    async with raw_server(reply) as server, api_at(server.url) as api:
        yield api, server


async def ask(reply: Reply | bytes, video_id: str = ID) -> VideoAnswer:
    async with api_answered(reply) as (api, _):
        return await api.get_video_result(video_id)


def enveloped(code: object, message: str = "", resp: object = None) -> bytes:
    return json.dumps({"ErrCode": code, "ErrMsg": message, "Resp": resp}).encode()


def resp(**fields: object) -> bytes:
    return http(enveloped(0, "success", {"id": int(ID), "status": 5, **fields}))


@pytest.fixture
def simulation() -> Simulation:
    life = Life(
        video_id=ID,
        steps=READY,
        prompt="夜の海辺",
        negative_prompt="hens",
        style="anime",
        seed=7,
        width=1280,
        height=720,
        has_audio=False,
        started_at_s=1_788_249_600.0,
    )
    return Simulation(time.time, [life], keys=[KEY_TEXT])


@pytest.fixture
def service(simulation: Simulation) -> Iterator[SimulatorServer]:
    with SimulatorServer(simulation, {"a.mp4": WHOLE_CLIP}) as server:
        yield server


@pytest.fixture
async def api(service: SimulatorServer) -> AsyncIterator[HttpVideoApi]:
    async with api_at(service.url) as api:
        yield api


# The ordinary way.


async def test_a_finished_video_is_read_with_all_its_facts(
    api: HttpVideoApi, service: SimulatorServer, simulation: Simulation
) -> None:
    answer = await api.get_video_result(ID)

    assert (answer.status_code, answer.status_text) == (1, "")
    assert answer.url.startswith(f"{service.url}/media/openapi%2F")
    assert (answer.prompt, answer.negative_prompt, answer.style) == ("夜の海辺", "hens", "anime")
    assert (answer.seed, answer.width, answer.height) == (7, 1280, 720)
    assert (answer.size_bytes, answer.has_audio, answer.credits) == (len(WHOLE_CLIP), False, 45)
    assert answer.created_at_s == answer.modified_at_s == 1_788_249_600.0
    assert answer.trace_id == simulation.requests[0].trace_id
    assert json.loads(answer.raw)["render_lane"] == "simulated"
    assert KEY_TEXT not in answer.raw


async def test_a_running_video_is_read(simulation: Simulation, api: HttpVideoApi) -> None:
    simulation.add(Life(video_id="391504857968062", steps=stories.never()))

    answer = await api.get_video_result("391504857968062")

    assert (answer.status_code, answer.url, answer.size_bytes, answer.width) == (5, "", 0, 0)


async def test_the_balance_is_read(api: HttpVideoApi) -> None:
    assert await api.get_account_balance() == Balance(monthly=1200, package=300)


async def test_every_attempt_has_a_new_trace_id(simulation: Simulation, api: HttpVideoApi) -> None:
    simulation.inject(faults.reset(), times=3)
    simulation.inject(faults.error(500069), times=3)
    for _ in range(9):
        try:
            await api.get_video_result(ID)
        except PixverseError:
            continue
    await api.get_account_balance()

    traces = [request.trace_id for request in simulation.requests]

    assert len(set(traces)) == 10
    assert all(uuid.UUID(trace).version == 4 for trace in traces if trace is not None)
    assert simulation.statistics().missing_traces == 0


async def test_many_questions_at_once_are_all_answered(simulation: Simulation, api: HttpVideoApi) -> None:
    answers = await asyncio.gather(*(api.get_video_result(ID) for _ in range(50)))

    assert {answer.status_code for answer in answers} == {1}
    assert len({answer.trace_id for answer in answers}) == 50


async def test_the_key_travels_in_its_header_alone() -> None:
    async with api_answered(resp()) as (api, server):
        await api.get_video_result(ID)
        with pytest.raises(ServiceBusy):
            await api.get_account_balance()

    for head in server.heads:
        assert head.count(KEY_TEXT) == 1
        assert f"\r\napi-key: {KEY_TEXT}\r\n" in head.replace("API-KEY", "api-key")
    assert server.heads[0].startswith(f"GET /openapi/v2/video/result/{ID} HTTP/1.1\r\n")
    assert server.heads[1].startswith("GET /openapi/v2/account/balance HTTP/1.1\r\n")


async def test_a_base_address_may_have_a_path() -> None:
    async with raw_server(resp()) as server, api_at(server.url + "/proxy/") as api:
        await api.get_video_result(ID)

    assert server.heads[0].startswith(f"GET /proxy/openapi/v2/video/result/{ID} ")


# Errors, by part A of the fact sheet.


@pytest.mark.parametrize(
    ("status", "body", "error", "code"),
    [
        *((200, enveloped(code), KeyRefused, code) for code in (10001, 10002, 10003, 10004, 10005)),
        (200, enveloped(400012, "invalid account"), KeyRefused, 400012),
        (200, enveloped(500200, "user does not exist"), KeyRefused, 500200),
        (200, enveloped(77, "Invalid API-KEY"), KeyRefused, 77),
        (400, enveloped(400013, "invalid api key"), KeyRefused, 400013),
        (400, json.dumps({"ErrMsg": "Invalid API-KEY"}).encode(), KeyRefused, 400),
        (401, b"", KeyRefused, 401),
        (401, b'{"message": "Unauthorized"}', KeyRefused, 401),
        (403, b'{"message": "Forbidden"}', KeyRefused, 403),
        (401, b"<html>Authorization Required</html>", KeyRefused, 401),
        (403, b"<html>forbidden</html>", KeyRefused, 403),
        (403, b"", KeyRefused, 403),
        (200, enveloped(500008), VideoNotKnown, 500008),
        (400, enveloped(500047, "The provided media is invalid"), VideoNotKnown, 500047),
        (200, enveloped(400001), VideoNotKnown, 400001),
        (404, enveloped(500047), VideoNotKnown, 500047),
        (404, b"<html>", VideoNotKnown, 404),
        (404, b"", VideoNotKnown, 404),
        (404, b'{"message": "Not Found"}', VideoNotKnown, 404),
        (200, enveloped(500064), VideoGone, 500064),
        (200, enveloped(500054), VideoModerated, 500054),
        (200, enveloped(500063), VideoModerated, 500063),
        *((400, enveloped(code), RequestRefused, code) for code in (400011, 400013, 400017, 400099)),
        (200, enveloped(500020), RequestRefused, 500020),
        (200, enveloped("400017"), RequestRefused, 400017),
        (429, b"<html>slow down</html>", RateLimited, 429),
        (429, enveloped(10001), RateLimited, 10001),
        (429, enveloped(0, "", {"id": int(ID), "status": 1}), RateLimited, 429),
        (200, enveloped(429), RateLimited, 429),
        (200, enveloped(500044), RateLimited, 500044),
        (200, enveloped(500043), CreditsUsedUp, 500043),
        (200, enveloped(500060), CreditsUsedUp, 500060),
        (200, enveloped(500090), CreditsUsedUp, 500090),
        *((200, enveloped(code), ServiceBusy, code) for code in (500069, 500100, 99999, 500, 123456, -1)),
        (500, enveloped(500100), ServiceBusy, 500100),
        (500, b"", ServiceBusy, 500),
        (502, b"<html>Bad Gateway</html>", ServiceBusy, 502),
        (503, b'{"message": "unavailable"}', ServiceBusy, 503),
        (400, b"{}", ServiceBusy, 400),
        (200, b"", ServiceBusy, 200),
        (200, b"<html>sign in</html>", ServiceBusy, 200),
        (200, enveloped(0, "success", {"id": int(ID), "status": 1})[:-9], ServiceBusy, 200),
        (200, b"[]", ServiceBusy, 200),
        (200, b"null", ServiceBusy, 200),
        (200, b'"text"', ServiceBusy, 200),
        (200, b'{"Resp": {"status": 1}}', ServiceBusy, 200),
        (200, enveloped(None, "", {"status": 1}), ServiceBusy, 200),
        (200, enveloped(True, "", {"status": 1}), ServiceBusy, 200),
        (200, enveloped(False, "", {"status": 1}), ServiceBusy, 200),
        (200, enveloped([0], "", {"status": 1}), ServiceBusy, 200),
        (200, enveloped(0.5, "", {"status": 1}), ServiceBusy, 200),
        (200, enveloped("", "", {"status": 1}), ServiceBusy, 200),
        (200, enveloped(0), ServiceBusy, 0),
        (200, b'{"ErrCode": 0}', ServiceBusy, 0),
        (200, enveloped(0, "", [{"id": int(ID), "status": 1}]), ServiceBusy, 0),
        (200, enveloped(0, "", "done"), ServiceBusy, 0),
        (200, enveloped(0, "", {"id": 5, "status": 1}), ServiceBusy, 0),
        (200, enveloped(0, "", {"id": True, "status": 1}), ServiceBusy, 0),
        (200, enveloped(0, "", {"id": [int(ID)], "status": 1}), ServiceBusy, 0),
        (200, enveloped(0, "", {"id": int(ID) + 1, "status": 1}), ServiceBusy, 0),
    ],
)
async def test_each_answer_stands_for_its_class_of_error(
    status: int, body: bytes, error: type[ServiceError], code: int
) -> None:
    with pytest.raises(ServiceError) as failure:
        await ask(http(body, status))

    assert type(failure.value) is error
    assert failure.value.code == code
    assert str(failure.value)


@pytest.mark.parametrize(
    ("status", "body", "is_certain"),
    [
        (200, enveloped(10001), True),
        (401, b"", True),
        (403, b'{"message": "Forbidden"}', True),
        (401, b"<html>Authorization Required</html>", False),
        (403, b"blocked by the firewall", False),
    ],
)
async def test_a_page_is_no_certain_word_on_the_key(status: int, body: bytes, is_certain: bool) -> None:
    with pytest.raises(KeyRefused) as failure:
        await ask(http(body, status))

    assert failure.value.is_certain is is_certain


@pytest.mark.parametrize("status", [200, 201, 400, 404, 401, 403, 500, 503])
async def test_a_good_envelope_counts_at_every_http_status(status: int) -> None:
    answer = await ask(http(enveloped(0, "", {"id": int(ID), "status": 5}), status))

    assert answer.status_code == 5


@pytest.mark.parametrize("message", [None, 5, ["x"], {"a": 1}])
async def test_a_message_that_is_no_text_is_survived(message: object) -> None:
    body = json.dumps({"ErrCode": 500069, "ErrMsg": message, "Resp": None}).encode()

    with pytest.raises(ServiceBusy):
        await ask(http(body))


async def test_foreign_text_is_shown_plain_and_short() -> None:
    message = "<b>no</b>\x1b[31m\r\n\u202e" + "x" * 5000

    with pytest.raises(RequestRefused) as failure:
        await ask(http(enveloped(400011, message)))

    shown = str(failure.value)
    assert "<b>no</b> [31m" in shown
    assert shown.isprintable()
    assert len(shown) < 300


async def test_a_refused_key_of_the_simulator_is_known(service: SimulatorServer) -> None:
    api = HttpVideoApi(service.url, ApiKey("sk-wrong"))

    with pytest.raises(KeyRefused):
        await api.get_video_result(ID)
    with pytest.raises(KeyRefused):
        await api.get_account_balance()
    await api.aclose()


async def test_an_unknown_video_of_the_simulator_is_known(api: HttpVideoApi) -> None:
    with pytest.raises(VideoNotKnown, match="web app"):
        await api.get_video_result("999999999999999")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        (" 7 ", 7.0),
        ("0", 0.0),
        ("1.5", 1.5),
        ("86400", 86400.0),
        ("soon", None),
        ("-5", None),
        ("1e9", None),
        ("", None),
        ("99999999999999999999", None),
        ("nan", None),
    ],
)
async def test_a_pause_in_seconds_is_read(value: str, seconds: float | None) -> None:
    with pytest.raises(RateLimited) as failure:
        await ask(http(b"", 429, f"Retry-After: {value}"))

    assert failure.value.retry_after_s == seconds


async def test_a_missing_pause_is_none() -> None:
    with pytest.raises(RateLimited) as failure:
        await ask(http(b"", 429))

    assert failure.value.retry_after_s is None


@pytest.mark.parametrize(("offset_s", "seconds"), [(90, 90.0), (-90, 0.0)])
async def test_a_pause_until_a_date_is_measured_by_the_server_s_own_clock(
    offset_s: int, seconds: float
) -> None:
    theirs = datetime(2031, 1, 1, tzinfo=UTC)
    until = format_datetime(theirs + timedelta(seconds=offset_s), usegmt=True)

    with pytest.raises(RateLimited) as failure:
        await ask(http(b"", 429, f"Retry-After: {until}", f"Date: {format_datetime(theirs, usegmt=True)}"))

    assert failure.value.retry_after_s == seconds


async def test_a_pause_until_a_date_without_their_clock_is_measured_by_ours() -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)

    with pytest.raises(RateLimited) as failure:
        await ask(http(b"", 429, f"Retry-After: {until}"))

    assert failure.value.retry_after_s == pytest.approx(100, abs=5)


# Well-formed, but odd.


@pytest.mark.parametrize(
    "given",
    [int(ID), ID, f" {ID} ", float(ID), None, ""],
    ids=["int", "text", "spaced", "float", "null", "empty"],
)
async def test_the_id_may_come_in_any_of_these_forms(given: object) -> None:
    assert (await ask(resp(id=given))).status_code == 5


async def test_the_id_may_be_missing() -> None:
    assert (await ask(http(enveloped(0, "", {"status": 5})))).status_code == 5


@pytest.mark.parametrize(
    ("status", "code", "text"),
    [
        (1, 1, ""),
        ("1", 1, ""),
        (1.0, 1, ""),
        (-7, -7, ""),
        (True, None, ""),
        (None, None, ""),
        ("rendering", None, "rendering"),
        (1.5, None, ""),
        ({"code": 1}, None, ""),
        ([1], None, ""),
        ("x" * 500, None, "x" * 40),
        (10**30, None, ""),
    ],
)
async def test_a_status_of_any_type_is_read_or_shown(status: object, code: int | None, text: str) -> None:
    answer = await ask(resp(status=status))

    assert answer.status_code == code
    assert len(answer.status_text) <= 40
    if text:
        assert answer.status_text == text


async def test_wrong_types_everywhere_leave_the_facts_unknown(
    simulation: Simulation, api: HttpVideoApi
) -> None:
    simulation.inject(faults.wrong_types(keep=["id", "status"]))

    answer = await api.get_video_result(ID)

    assert (answer.status_code, answer.url, answer.prompt, answer.style) == (1, "", "", "")
    assert (answer.seed, answer.width, answer.height, answer.size_bytes) == (None, 0, 0, 0)
    assert (answer.has_audio, answer.credits, answer.created_at_s, answer.modified_at_s) == (None,) * 4


@pytest.mark.parametrize(
    ("given", "size_bytes"),
    [(9, 9), ("9", 9), (9.0, 9), (10.5, 0), (-3, 0), (True, 0), (None, 0), ("big", 0)],
)
async def test_a_size_counts_only_as_a_whole_number(given: object, size_bytes: int) -> None:
    assert (await ask(resp(size=given))).size_bytes == size_bytes


@pytest.mark.parametrize(
    ("given", "at_s"),
    [
        ("2026-11-24T06:55:00Z", 1_795_503_300.0),
        ("2026-11-24T06:55:00.250Z", 1_795_503_300.25),
        ("2026-11-24T14:55:00+08:00", 1_795_503_300.0),
        ("2026-11-24T06:55:00", 1_795_503_300.0),
        ("", None),
        ("yesterday", None),
        ("0001-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59-23:59", 253_402_387_139.0),
        (1_795_503_300, None),
    ],
)
async def test_moments_are_read_where_they_make_sense(given: object, at_s: float | None) -> None:
    assert (await ask(resp(create_time=given))).created_at_s == at_s


async def test_absent_fields_are_unknown_not_zero() -> None:
    answer = await ask(http(enveloped(0, "", {"id": int(ID), "status": 8})))

    assert answer == VideoAnswer(status_code=8, trace_id=answer.trace_id, raw=answer.raw)


@pytest.mark.parametrize(
    ("fields", "balance"),
    [
        ({"credit_monthly": 5, "credit_package": 7}, Balance(5, 7)),
        ({"credit_monthly": "5"}, Balance(5, 0)),
        ({"credit_package": 7.0, "credit_monthly": None}, Balance(0, 7)),
    ],
)
async def test_half_a_balance_is_a_balance(fields: dict[str, object], balance: Balance) -> None:
    async with api_answered(http(enveloped(0, "", fields))) as (api, _):
        assert await api.get_account_balance() == balance


@pytest.mark.parametrize("fields", [None, {}, [], "5", {"credit_monthly": True}])
async def test_no_balance_is_no_balance(fields: object) -> None:
    async with api_answered(http(enveloped(0, "", fields))) as (api, _):
        with pytest.raises(ServiceBusy):
            await api.get_account_balance()


# Hostile.


@pytest.mark.parametrize(
    "fault",
    [
        faults.nan(),
        faults.nested(),
        faults.nested(600),
        faults.not_utf8(),
        faults.truncated_json(),
        faults.huge_numbers(400),
        faults.huge_numbers(5000),
        faults.huge_numbers(500_000),
        faults.endless(),
        faults.exactly(b"\xff\xfe" * 500),
        faults.exactly(b'{"ErrCode": 0, "Resp": {"status": 1, "prompt": "\\ud800"}}'),
        faults.exactly(b'{"ErrCode": ' + b"9" * 400 + b"}"),
        faults.exactly(b'{"ErrCode": 0, "Resp": {"id": ' + b"9" * 400 + b', "status": 1}}'),
    ],
)
async def test_an_answer_without_sense_is_a_passing_fault(
    simulation: Simulation, api: HttpVideoApi, fault: faults.Fault
) -> None:
    simulation.inject(fault)

    with pytest.raises(ServiceBusy):
        await api.get_video_result(ID)
    assert (await api.get_video_result(ID)).status_code == 1


async def test_absurd_numbers_beside_a_good_status_are_left_out(
    simulation: Simulation, api: HttpVideoApi
) -> None:
    literal = b"9" * 400
    body = b'{"ErrCode":0,"Resp":{"status":1,"seed":%b,"outputWidth":%b,"size":%b,"credits":%b}}'
    simulation.inject(faults.exactly(body % ((literal,) * 4)))

    answer = await api.get_video_result(ID)

    assert (answer.status_code, answer.seed, answer.width, answer.size_bytes) == (1, None, 0, 0)


@pytest.mark.parametrize("depth", range(850, 1000, 7))
async def test_nesting_at_the_edge_of_what_can_be_read_is_survived(depth: int) -> None:
    nested = b"[" * depth + b"]" * depth
    body = b'{"ErrCode":0,"Resp":{"id":%b,"status":%b}}' % (ID.encode(), nested)

    try:
        answer = await ask(http(body))
    except ServiceBusy:
        return

    assert answer.status_code is None


async def test_a_huge_prompt_is_shortened_and_the_raw_answer_bounded() -> None:
    answer = await ask(resp(prompt="x" * 500_000))

    assert len(answer.prompt) <= 20_000
    assert len(answer.raw) <= 64 * 1024


async def test_a_packed_answer_is_unpacked(simulation: Simulation, api: HttpVideoApi) -> None:
    simulation.inject(faults.gzipped())

    assert (await api.get_video_result(ID)).status_code == 1


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_a_badly_packed_answer_is_a_passing_fault(encoding: str) -> None:
    with pytest.raises(ServiceBusy):
        await ask(http(b"\x1f\x8bnonsense" * 9, 200, f"Content-Encoding: {encoding}"))


def bomb(layers: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    data = b"".join(packer.compress(b" " * 1_000_000) for _ in range(200)) + packer.flush()
    return data if layers == 1 else gzip.compress(data, 9)


@pytest.mark.parametrize("layers", [1, 2])
async def test_a_bomb_does_not_go_off(layers: int) -> None:
    answer = http(bomb(layers), 200, "Content-Encoding: " + ", ".join(["gzip"] * layers))
    tracemalloc.start()
    try:
        with pytest.raises(ServiceBusy):
            await ask(answer)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak_bytes < 160_000_000


@pytest.mark.timeout(20)
async def test_an_endless_body_is_cut_off() -> None:
    sent = 0

    async def endless(_: bytes, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
        while True:
            writer.write(b" " * 65_536)
            await writer.drain()
            sent += 65_536

    with pytest.raises(ServiceBusy, match="too long"):
        await ask(endless)

    assert sent < 32_000_000


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(status: int) -> None:
    async with raw_server(resp(status=1)) as other:
        answer = http(b"", status, f"Location: {other.url}/openapi/v2/video/result/{ID}")

        with pytest.raises(ServiceBusy, match="elsewhere") as failure:
            await ask(answer)

    assert other.connections == 0
    assert failure.value.code == status


# A network that answers in PixVerse's place.

PAGE = b"<!doctype html><html><body>Welcome. Please sign in.</body></html>"


@pytest.mark.parametrize(
    "answer",
    [
        http(PAGE, 200, "Content-Type: text/html"),
        http(PAGE, 203, "Content-Type: Text/HTML; charset=utf-8"),
        http(PAGE, 511, "Content-Type: text/html"),
        http(b"", 511),
        http(b"", 302, "Location: http://sign-in.example/?from=pixverse"),
        http(PAGE, 307, "Location: //sign-in.example/", "Content-Type: text/html"),
    ],
)
async def test_a_sign_in_page_of_the_network_is_an_absent_service(answer: bytes) -> None:
    with pytest.raises(ServiceUnreachable, match="sign-in page of the network answered instead of PixVerse"):
        await ask(answer)


@pytest.mark.parametrize(
    "answer",
    [
        http(b"", 302),
        http(b"", 302, "Location: /elsewhere"),
        http(PAGE, 302, "Location: /elsewhere", "Content-Type: text/html"),
        http(PAGE, 502, "Content-Type: text/html"),
        http(PAGE, 503, "Content-Type: text/html"),
        http(b"ok", 200, "Content-Type: text/plain"),
    ],
)
async def test_a_gateway_in_trouble_is_a_busy_service(answer: bytes) -> None:
    with pytest.raises(ServiceBusy):
        await ask(answer)


async def test_an_answer_with_its_envelope_counts_whatever_it_is_called() -> None:
    body = enveloped(0, "success", {"id": int(ID), "status": 1})

    answer = await ask(http(body, 200, "Content-Type: text/html"))

    assert answer.status_code == 1


# No answer at all.


def refused_url() -> str:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


async def reset(_: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(resp()[:-20])
    await writer.drain()
    writer.transport.abort()


@pytest.mark.parametrize(
    "reply",
    [
        reset,
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        http(enveloped(0), 200, length=9999),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 500_000,
        b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n{}",
    ],
    ids=["reset", "hung up", "not http", "cut short", "bad chunks", "endless head", "absurd length"],
)
async def test_a_connection_that_breaks_is_no_answer(reply: Reply | bytes) -> None:
    with pytest.raises(ServiceUnreachable, match="broke off"):
        await ask(reply)


async def test_a_refused_connection_is_no_answer() -> None:
    async with api_at(refused_url()) as api:
        with pytest.raises(ServiceUnreachable, match="Check the network"):
            await api.get_video_result(ID)


@pytest.mark.parametrize(
    "url", ["https://nowhere.invalid", "https://" + "a" * 70 + ".invalid", "https://a..b", "https://*"]
)
async def test_a_name_that_leads_nowhere_is_no_answer(url: str) -> None:
    async with api_at(url) as api:
        with pytest.raises(ServiceUnreachable):
            await api.get_video_result(ID)


async def test_the_service_comes_back_on_the_same_connection_pool(
    simulation: Simulation, service: SimulatorServer, api: HttpVideoApi
) -> None:
    await api.get_video_result(ID)
    service.close()
    with pytest.raises(ServiceUnreachable):
        await api.get_video_result(ID)
    service.start()

    assert (await api.get_video_result(ID)).status_code == 1


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


def server_side(authority: trustme.CA, name: str = "127.0.0.1") -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


async def test_a_certificate_nobody_knows_is_no_answer(authority: trustme.CA) -> None:
    async with raw_server(resp(), certificates=server_side(authority)) as server, api_at(server.url) as api:
        with pytest.raises(ServiceUnreachable, match="certificate"):
            await api.get_video_result(ID)

    assert server.heads == []


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))


@pytest.mark.usefixtures("trusted")
async def test_the_system_s_certificates_are_trusted(authority: trustme.CA) -> None:
    async with raw_server(resp(), certificates=server_side(authority)) as server, api_at(server.url) as api:
        assert (await api.get_video_result(ID)).status_code == 5


@pytest.mark.usefixtures("trusted")
async def test_another_host_s_certificate_is_no_answer(authority: trustme.CA) -> None:
    context = server_side(authority, "somebody.example")
    async with raw_server(resp(), certificates=context) as server, api_at(server.url) as api:
        with pytest.raises(ServiceUnreachable, match="certificate"):
            await api.get_video_result(ID)

    assert server.heads == []


@pytest.mark.usefixtures("trusted")
async def test_garbage_inside_a_secure_connection_is_no_answer(authority: trustme.CA) -> None:
    async def garbage(_: bytes, writer: asyncio.StreamWriter) -> None:
        raw = writer.get_extra_info("socket")
        handle = socket.fromfd(raw.fileno(), socket.AF_INET, socket.SOCK_STREAM)
        handle.send(b"\x17\x03\x03\x00\x20" + b"\x00" * 32)  # a record that was never encrypted
        handle.close()
        await asyncio.sleep(0.2)

    async with raw_server(garbage, certificates=server_side(authority)) as server, api_at(server.url) as api:
        with pytest.raises(ServiceUnreachable):
            await api.get_video_result(ID)


async def test_the_key_is_taken_out_of_what_a_service_repeats() -> None:
    answer = await ask(resp(prompt="a fox", note=f"asked with {KEY_TEXT}"))

    assert KEY_TEXT not in answer.raw
    assert json.loads(answer.raw)["note"] == "asked with ●●●"


@pytest.mark.parametrize("is_written_as", ["\\u{:04x}", "\\u{:04X}"])
async def test_the_key_is_taken_out_however_its_letters_are_written(is_written_as: str) -> None:
    escaped = "".join(is_written_as.format(ord(letter)) for letter in KEY_TEXT)
    body = json.dumps({"ErrCode": 0, "Resp": {"id": int(ID), "status": 5, "prompt": "@", "list": ["@"]}})

    answer = await ask(http(body.replace("@", escaped).encode()))

    assert KEY_TEXT not in answer.raw
    assert answer.prompt == "●●●"
    assert json.loads(answer.raw)["list"] == ["●●●"]


async def test_the_key_is_taken_out_of_what_is_said_of_an_error() -> None:
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in KEY_TEXT)
    body = json.dumps({"ErrCode": 500020, "ErrMsg": "The key @ may not."}).replace("@", escaped)

    with pytest.raises(RequestRefused, match="●●●") as refused:
        await ask(http(body.encode()))

    assert KEY_TEXT not in str(refused.value)


async def test_a_redirect_to_a_host_that_is_no_name_is_an_answer_all_the_same() -> None:
    answer = b"HTTP/1.1 302 Found\r\nLocation: http://xn--a/\r\nContent-Length: 0\r\n\r\n"

    with pytest.raises(PixverseError):
        await ask(answer)


async def test_a_plain_server_behind_https_is_no_answer() -> None:
    async with raw_server(resp()) as server, api_at(server.url.replace("http:", "https:")) as api:
        with pytest.raises(ServiceUnreachable):
            await api.get_video_result(ID)


async def test_a_question_can_be_cancelled(simulation: Simulation, api: HttpVideoApi) -> None:
    simulation.inject(faults.stall())
    task = asyncio.create_task(api.get_video_result(ID))
    while not simulation.requests:
        await asyncio.sleep(0.001)

    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await api.get_video_result(ID)).status_code == 1


# The key.

LEAK_REPLIES: list[Reply | bytes] = [
    reset,
    b"",
    b"nonsense\r\n\r\n",
    resp(),
    http(b"<html>", 401),
    http(enveloped(10001, f"invalid token {KEY_TEXT}")),
    http(b"", 302, "Location: http://127.0.0.1:1/"),
    http(b"\x1f\x8b", 200, "Content-Encoding: gzip"),
    http(b"{", 200, length=99),
]


@pytest.mark.parametrize("reply", LEAK_REPLIES)
async def test_the_key_shows_in_no_exception_and_no_log(
    reply: Reply | bytes, caplog: pytest.LogCaptureFixture
) -> None:
    for name in (None, *logging.root.manager.loggerDict):
        caplog.set_level(logging.DEBUG, logger=name)
    shown = ""
    try:
        await ask(reply)
    except PixverseError as failure:
        shown = "".join(traceback.format_exception(failure)) + repr(failure)
        cause: BaseException | None = failure
        while cause is not None:
            shown += repr(cause) + str(cause) + repr(cause.args)
            cause = cause.__cause__ or cause.__context__

    assert KEY_TEXT not in shown
    assert KEY_TEXT not in caplog.text
    assert not any(KEY_TEXT in repr(record.__dict__) for record in caplog.records)
    assert any(record.name.startswith("httpcore") for record in caplog.records)


async def test_the_key_shows_in_no_description_of_the_client() -> None:
    async with api_at("https://app-api.pixverse.ai") as api:
        shown = f"{api!r} {api!s}"

    assert KEY_TEXT not in shown
    assert "app-api.pixverse.ai" in shown
