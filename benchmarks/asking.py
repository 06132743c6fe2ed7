"""The cost of asking: 1,000 open jobs on five keys in the real window, against a bare httpx loop."""

import asyncio
import itertools
import json
import multiprocessing
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import httpx

from benchmarks.desk import open_window, run
from benchmarks.figures import Figures, LoopLatency, finish
from pixverse_desktop.adapters.http_api import HttpVideoApi
from pixverse_desktop.core.secrets import ApiKey
from pixverse_desktop.services.engine import Engine
from pixverse_desktop.services.polling import Poller
from pixverse_desktop.simulator import Life, Simulation, SimulatorServer, stories

_KEYS = [f"key-of-the-benchmark-{number}" for number in range(5)]
_JOBS = 1000
_SPAN_S = 20.0
_RATE_PER_S = 25.0  # what five keys may ask


def main() -> None:
    """Measure."""
    with _service() as (url, count), tempfile.TemporaryDirectory() as folder:
        figures = Figures(f"asking, {_JOBS:,} open jobs on {len(_KEYS)} keys")
        run(
            _measure_asking(figures, Path(folder, "open"), url, count),
            _measure_rest(figures, Path(folder, "rest"), url, count),
        )
    finish(figures)


async def _measure_asking(figures: Figures, data: Path, url: str, count: Callable[[], int]) -> None:
    async with open_window(data, url, _KEYS[0]) as (engine, _):
        for account, ids in _jobs().items():
            await engine.library.add(ids, account=account)
        idle_cpu_s, _, idle_latency_ms = await _spend(asyncio.sleep(_SPAN_S), count)
        print(f"  (the window alone: {idle_cpu_s / _SPAN_S:.1%} CPU, latency p99 {idle_latency_ms:.1f} ms)")
        bare_cpu_s, bare, _ = await _spend(_bare_loop(url), count)
        async with _pollers(engine, url):
            first_cpu_s, first, first_latency_ms = await _spend(_all_asked_once(count), count)
            ours_cpu_s, ours, latency_ms = await _spend(asyncio.sleep(_SPAN_S), count)
    per_bare_s, per_ours_s = (bare_cpu_s - idle_cpu_s) / bare, (ours_cpu_s - idle_cpu_s) / ours
    print(
        f"  (bare: {bare} requests at {per_bare_s * 1000:.2f} ms, ours: {ours} at {per_ours_s * 1000:.2f} ms)"
    )
    # A first answer is more than a question: the row is written to disk, told, and painted.
    first_ms = first_cpu_s / first * 1000
    print(f"  (first answers: {first} at {first_ms:.2f} ms, latency p99 {first_latency_ms:.1f} ms)")
    figures.add("latency of the window's loop, p99", max(latency_ms, first_latency_ms), 16, "ms")
    figures.add("processor time a poll, times a bare httpx loop", per_ours_s / per_bare_s, 1.5, "×")


async def _all_asked_once(count: Callable[[], int]) -> None:
    wanted = count() + _JOBS
    while count() < wanted:  # noqa: ASYNC110 - what is counted happens in another process
        await asyncio.sleep(0.5)


async def _measure_rest(figures: Figures, data: Path, url: str, count: Callable[[], int]) -> None:
    """Nothing open: a list that has ended costs nothing."""
    async with open_window(data, url, _KEYS[0]) as (engine, _), _pollers(engine, url):
        await asyncio.sleep(2.0)
        cpu_s, asked, _ = await _spend(asyncio.sleep(_SPAN_S), count, ticks=False)
    figures.add("nothing open: requests", asked, 0, "")
    figures.add("nothing open: processor", 100 * cpu_s / _SPAN_S, 0.5, "%")


async def _spend(
    work: Awaitable[object], count: Callable[[], int], *, ticks: bool = True
) -> tuple[float, int, float]:
    """Processor seconds, requests, and the loop's latency (p99, milliseconds) while ``work`` lasts."""
    latency = LoopLatency() if ticks else None
    asked, began_s = count(), time.process_time()
    await work
    spent_s, asked = time.process_time() - began_s, count() - asked
    return spent_s, asked, latency.close() if latency else 0.0


async def _bare_loop(url: str) -> None:
    """What anybody would write: one client a key, the two headers, the answer read as JSON."""
    ids = _jobs()
    ends_s = time.perf_counter() + _SPAN_S
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(httpx.AsyncClient()) for _ in _KEYS]

        async def ask(number: int) -> None:
            key = _KEYS[number % len(_KEYS)]
            video_id = ids[key][number // len(_KEYS) % len(ids[key])]
            headers = {"API-KEY": key, "Ai-trace-id": str(uuid.uuid4())}
            answer = await clients[number % len(_KEYS)].get(
                f"{url}/openapi/v2/video/result/{video_id}", headers=headers
            )
            json.loads(answer.content)

        async with asyncio.TaskGroup() as group:
            for number in itertools.count():
                if time.perf_counter() > ends_s:
                    break
                group.create_task(ask(number))
                await asyncio.sleep(1 / _RATE_PER_S)


def _jobs() -> dict[str, list[str]]:
    """The ids of each account; an account is named as its key."""
    return {
        key: [str(391504857000000 + 1000 * number + each) for each in range(_JOBS // len(_KEYS))]
        for number, key in enumerate(_KEYS)
    }


@asynccontextmanager
async def _pollers(engine: Engine, url: str) -> AsyncIterator[None]:
    """A poller a key, each with a connection of its own."""
    async with AsyncExitStack() as stack:
        for key in _KEYS:
            api = HttpVideoApi(url, ApiKey(key))
            stack.push_async_callback(api.aclose)
            poller = Poller(
                account=key,
                api=api,
                library=engine.library,
                announcer=engine.announcer,
                clock=engine.clock,
                nursery=engine.nursery,
            )
            running = engine.nursery.start(poller.run(), name=f"poll {key}")
            stack.callback(running.cancel)
        yield
        await engine.nursery.aclose()


class _service:
    """A service with 1,000 jobs that never end, in a process of its own."""

    def __enter__(self) -> tuple[str, Callable[[], int]]:
        context = multiprocessing.get_context("spawn")
        self._ours, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        return self._ours.recv(), self._count

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.join()

    def _count(self) -> int:
        self._ours.send("count")
        return int(self._ours.recv())


def _serve(pipe: Connection) -> None:
    simulation = Simulation(time.time, keys=_KEYS)
    for ids in _jobs().values():
        for video_id in ids:
            simulation.add(Life(video_id=video_id, steps=stories.never()))
    with SimulatorServer(simulation, {"clip.mp4": b""}) as server:
        pipe.send(server.url)
        while True:
            pipe.recv()
            pipe.send(simulation.statistics().results)


if __name__ == "__main__":
    main()
