"""The engine by itself: its memory, its start, and what a second process brings.

Another engine is started with the settings of the one that runs, on a port of its own, so that it
finds the same Redis and the same actions.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import orjson
import psutil
import requests

from benchmarks.cpu import read_process
from benchmarks.stub_actions import served
from benchmarks.systems import System
from sandbox.house.layout import ROOT

_FREE_CORES: Final = 4
_READY_SECONDS: Final = 90.0
_WARM_TURNS: Final = 40
_SCALING_SECONDS: Final = 5.0
_CALLERS: Final = 16
_MB: Final = 1e6


@dataclass(frozen=True, slots=True)
class EngineAlone:
    """Proportional memory in MB, processor seconds to the first answer, and how two serve.

    `scaling` is None where too few cores are free to tell.
    """

    pss_mb: float
    fork_pss_mb: float
    cold_start_cpu_s: float
    scaling: float | None


def look_at_engine(system: System) -> EngineAlone:
    """Start engines of one and of two processes beside a running house."""
    with _started(system, 1) as one:
        cold = one.first_answer()
        one.warm_up()
        alone = one.pss()
    with _started(system, 2) as two:
        two.first_answer()
        two.warm_up()
        both = two.pss()
    return EngineAlone(alone / _MB, (both - alone) / _MB, cold, scaling(system))


def free_cores() -> float:
    """How many cores this process may use and nobody uses now."""
    return len(os.sched_getaffinity(0)) * (1 - psutil.cpu_percent(interval=1.0) / 100)


def scaling(system: System, needed: float = _FREE_CORES) -> float | None:
    """How many times the turns two engine processes answer, actions stubbed; None for few cores."""
    if free_cores() < needed:
        return None
    with served() as url:
        rates = []
        for processes in (1, 2):
            with _started(system, processes, {"TWIZA_ACTIONS_URL": url}) as engine:
                engine.first_answer()
                engine.warm_up()
                rates.append(engine.rate())
    return rates[1] / rates[0]


class _Engine:
    def __init__(self, process: psutil.Popen, port: int) -> None:
        self._process = process
        self._url = f"http://127.0.0.1:{port}/webhooks/rest/webhook"
        self._http = requests.Session()
        self._http.trust_env = False

    def first_answer(self) -> float:
        """Processor seconds until a first turn is answered."""
        until = time.monotonic() + _READY_SECONDS
        while True:
            with contextlib.suppress(requests.ConnectionError):
                self._tell(self._http, 0)
                break
            if time.monotonic() > until or self._process.poll() is not None:
                raise RuntimeError("the engine does not start")
            time.sleep(0.05)
        ended = self._process.cpu_times()
        running = sum(read_process(one) for one in self._all())
        return running + ended.children_user + ended.children_system

    def warm_up(self) -> None:
        """Have every process answer some turns; a new connection reaches any of them."""
        for turn in range(_WARM_TURNS):
            with requests.Session() as http:
                http.trust_env = False
                self._tell(http, turn)

    def pss(self) -> float:
        """Bytes of memory, what is shared counted once."""
        return float(sum(one.memory_full_info().pss for one in self._all()))

    def rate(self) -> float:
        """Turns per second of many callers at once."""
        until = time.monotonic() + _SCALING_SECONDS
        counts = [0] * _CALLERS

        def call(caller: int) -> None:
            with requests.Session() as http:
                http.trust_env = False
                while time.monotonic() < until:
                    self._tell(http, caller)
                    counts[caller] += 1

        callers = [threading.Thread(target=call, args=[n]) for n in range(_CALLERS)]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
        return sum(counts) / _SCALING_SECONDS

    def _all(self) -> list[psutil.Process]:
        return [self._process, *self._process.children(recursive=True)]

    def _tell(self, http: requests.Session, caller: int) -> None:
        body = {"sender": f"ussd-bench{caller}", "message": "/more", "input_channel": "ussd"}
        answer = http.post(self._url, data=orjson.dumps(body), timeout=30)
        if not answer.ok or not answer.json():
            raise RuntimeError(f"the engine answers {answer.status_code} {answer.text[:80]!r}")


@contextlib.contextmanager
def _started(
    system: System, processes: int, settings: Mapping[str, str] | None = None
) -> Iterator[_Engine]:
    running = next(one for one in system.house.children() if "bot/serve.py" in one.cmdline())
    command, port = running.cmdline(), _free_port()
    command[command.index("--port") + 1] = str(port)
    as_it_runs = running.as_dict(["environ"])["environ"] | dict(settings or {})
    process = psutil.Popen(
        [*command, "--processes", str(processes)],
        cwd=ROOT,
        env=as_it_runs,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield _Engine(process, port)
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
