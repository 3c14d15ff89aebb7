"""A whole house of real processes for the end-to-end tests: started, phoned, stalled, killed."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import psutil
import requests

from core.identifiers import only_digits
from core.redis_address import with_database
from sandbox.phone.client import Chat, Handset
from tests.servers.stores import Servers

ROOT = Path(__file__).resolve().parents[2]
_OFFSETS = {"door": 0, "registry": 2, "phone": 3, "engine": 4, "actions": 5, "redis": 6}
_PORTS = 13
_START_SECONDS = 300.0

T = TypeVar("T")


def wait_for(what: str, look: Callable[[], T], seconds: float = 30.0) -> T:
    """What `look` finds, as soon as it finds something; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what} did not happen within {seconds:.0f} s")


class RunningHouse:
    """`bin/run --headless` in a folder of its own, on its own stores or on `servers`."""

    def __init__(
        self, data: Path, servers: Servers | None = None, settings: Mapping[str, str] | None = None
    ) -> None:
        self.data = data
        self.servers = servers
        self.ports_from = free_block()
        # Nobody else waits for a person, and nothing is recorded but what a test says.
        self._settings = os.environ | {"SANDBOX_CONVERSATIONS": "0"} | dict(settings or {})
        self._settings |= servers.environment if servers else {}
        self.process = self._begun()
        self.run: dict[str, Any] = {}

    def _begun(self) -> subprocess.Popen[bytes]:
        command = [str(ROOT / "bin/run"), "--headless", "--data", str(self.data)]
        command += ["--ports-from", str(self.ports_from)]
        self._output = (self.data.parent / f"{self.data.name}.log").open("ab")
        return subprocess.Popen(
            command, cwd=ROOT, env=self._settings, stdout=self._output, stderr=subprocess.STDOUT
        )

    @classmethod
    @contextmanager
    def started(
        cls, data: Path, servers: Servers | None = None, settings: Mapping[str, str] | None = None
    ) -> Iterator[RunningHouse]:
        """A house that is up, and that stops without a fault at the end."""
        running = cls(data, servers, settings)
        try:
            running.wait()
            yield running
        finally:
            assert running.stop() == 0

    def wait(self) -> None:
        """Wait until everything is healthy."""
        run_file = self.data / "run.json"

        def has_started() -> bool:
            if self.process.poll() is not None:
                raise AssertionError(Path(self._output.name).read_text(errors="replace")[-3000:])
            return run_file.exists()

        wait_for("the start", has_started, _START_SECONDS)
        self.run = json.loads(run_file.read_text(encoding="utf-8"))

    def go_on(self) -> None:
        """Start again where it was stopped, with what it kept."""
        if self.process.poll() is not None:
            self.process = self._begun()
            self.wait()

    def stop(self) -> int:
        """Ask it to stop, and return its exit status."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(40)
        finally:
            self._output.close()

    @property
    def records_url(self) -> str:
        """The address of its records."""
        return str(self.run["stores"]["records"])

    @property
    def transcripts_url(self) -> str:
        """The address of its transcripts."""
        return str(self.run["stores"]["transcripts"])

    def redis_url(self, database: int = 0) -> str:
        """The address of one of its Redis databases."""
        return with_database(self.run["stores"]["redis"], database)

    def handset(self, number: str) -> Handset:
        """A feature phone with that number."""
        return Handset(self.run["channels"]["ussd"], number)

    def chat(self, channel: str, number: str) -> Chat:
        """A chat of that number on whatsapp or sms."""
        return Chat(self.run["channels"][channel], number, phone=self.run["phone"])

    def citizen(self, part_of_summary: str) -> dict[str, Any]:
        """A demo person by a part of their summary."""
        return next(c for c in self.run["citizens"] if part_of_summary in c["summary"])

    def inbox(self, number: str) -> list[dict[str, Any]]:
        """What a number has received."""
        answer = requests.get(f"{self.run['phone']}/api/inbox", {"number": number}, timeout=5)
        messages: list[dict[str, Any]] = answer.json()["messages"]
        return [message for message in messages if message["direction"] == "received"]

    def code_after(self, number: str, known: int) -> str:
        """The one-time code of the SMS that comes after the first `known` messages."""
        texts = wait_for("the SMS", lambda: [m["text"] for m in self.inbox(number)][known:])
        digits = [word for word in texts[-1].split() if len(only_digits(word)) == 6]
        return only_digits(digits[0])

    def advance_registry_clock(self, seconds: int) -> None:
        """Let time pass for the registry."""
        url = f"{self.run['registry']}/sandbox/clock"
        requests.post(url, json={"advance_seconds": seconds}, timeout=5).raise_for_status()

    @contextmanager
    def stalled(self, *names: str) -> Iterator[None]:
        """The processes stand still (SIGSTOP) and then go on."""
        with ExitStack() as stack:
            if self.servers and "redis" in names:
                stack.enter_context(self.servers.redis.stalled())
                names = tuple(name for name in names if name != "redis")
            for group in [self._group(name) for name in names]:
                os.killpg(group, signal.SIGSTOP)
                stack.callback(os.killpg, group, signal.SIGCONT)
            yield

    @contextmanager
    def down(self, name: str) -> Iterator[None]:
        """A process is not there at all, its port closed, and then it comes back."""
        port = self.ports_from + _OFFSETS[name]
        with socket.socket() as held:
            # Taken but not listened on: whoever calls is refused, and the process cannot start.
            held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self.kill(name)
            wait_for(f"the port of {name}", lambda: _holds(held, port))
            held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
            yield
        self.wait_until_healthy(name)

    def kill(self, name: str) -> None:
        """Kill a process outright; the house starts it again after a while."""
        if self.servers and name == "redis":
            self.servers.redis.kill()
            return
        os.killpg(self._group(name), signal.SIGKILL)

    def wait_until_healthy(self, name: str) -> None:
        """Wait until a process answers again."""
        if self.servers and name == "redis":
            if not self.servers.redis.is_running:
                self.servers.redis.start()
            return
        port = self.ports_from + _OFFSETS[name]
        wait_for(f"{name} back", lambda: self._accepts(port), 60.0)
        path = "" if name == "engine" else "/health"
        if name != "redis":
            wait_for(f"{name} healthy", lambda: _is_ok(f"http://127.0.0.1:{port}{path}"), 60.0)

    def _group(self, name: str) -> int:
        port = self.ports_from + _OFFSETS[name]
        for connection in psutil.net_connections("tcp"):
            if connection.status == psutil.CONN_LISTEN and _port(connection.laddr) == port:
                return os.getpgid(connection.pid or 0)
        raise AssertionError(f"{name} does not run")

    @staticmethod
    def _accepts(port: int) -> bool:
        with socket.socket() as probe:
            probe.settimeout(0.5)
            return probe.connect_ex(("127.0.0.1", port)) == 0


def _holds(held: socket.socket, port: int) -> bool:
    try:
        held.bind(("127.0.0.1", port))
    except OSError:
        return False
    return True


def _port(address: Any) -> int:
    return address.port if address else 0


def _is_ok(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).ok
    except requests.RequestException:
        return False


def free_block() -> int:
    """Ports that nobody listens on; another at each try, as houses of other runs start too."""
    blocks = list(range(21000, 29000, _PORTS))
    random.shuffle(blocks)
    for start in blocks:
        if not any(RunningHouse._accepts(port) for port in range(start, start + _PORTS)):
            return start
    raise AssertionError("no free ports")
