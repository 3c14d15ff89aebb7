"""A connection is served by one thread while it is busy, and by none while it rests."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from core.staying import Held
from tests.end_to_end.running_house import wait_for

ROOT = Path(__file__).parents[3]
THREADS = 4
# Longer than a thread waits at a connection.
_REST_SECONDS = 0.3


class Caller:
    """A kept connection to a server of `threads_app`."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=10)

    def send(self, path: str = "/thread", times: int = 1, extra: str = "") -> None:
        """Send so many calls in one piece."""
        self._socket.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\n{extra}\r\n".encode() * times)

    def read(self) -> str:
        """The body of the next answer; empty where the connection is over."""
        received = b""
        while b"\r\n\r\n" not in received:
            part = self._socket.recv(1)
            if not part:
                return ""
            received += part
        length = int(received.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        return self._socket.recv(length, socket.MSG_WAITALL).decode()

    def call(self, path: str = "/thread") -> str:
        """What is answered to a call."""
        self.send(path)
        return self.read()

    def read_all(self) -> bytes:
        """Everything until the server ends the connection."""
        return b"".join(iter(lambda: self._socket.recv(4096), b""))

    def close(self) -> None:
        """End the connection."""
        self._socket.close()


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A server of four threads and its port."""
    with serving() as running:
        yield running


@contextmanager
def serving() -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The same, for the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "gunicorn", "tests.unit.core.threads_app:create_app()"]
    command += ["--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", str(THREADS)]
    command += ["--config", "python:core.forking", "--no-control-socket", "--log-level", "warning"]
    running = subprocess.Popen(command, cwd=ROOT, env=dict(os.environ))

    def answers() -> bool:
        assert running.poll() is None
        try:
            Caller(port).close()
        except ConnectionRefusedError:
            return False
        return True

    try:
        wait_for("the server", answers, 60)
        yield running, port
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(30)


@contextmanager
def callers(port: int, count: int) -> Iterator[list[Caller]]:
    """So many connections."""
    with ExitStack() as stack:
        made = [Caller(port) for _ in range(count)]
        for one in made:
            stack.callback(one.close)
        yield made


def test_busy_connections_keep_a_thread_each(
    server: tuple[subprocess.Popen[bytes], int],
) -> None:
    def kept_theirs() -> bool:
        # Threads that take whatever comes would give both one, or take turns.
        rounds = [(one.call(), one.call(), other.call()) for _ in range(10)]
        return 1 == len(set(rounds)) and rounds[0][0] == rounds[0][1] != rounds[0][2]

    with callers(server[1], 2) as [one, other]:
        # On a busy machine a call may come later than a thread waits.
        wait_for("ten rounds in time", kept_theirs, 30)


def test_a_connection_that_rested_is_answered_again(
    server: tuple[subprocess.Popen[bytes], int],
) -> None:
    with callers(server[1], 1) as [caller]:
        for _ in range(3):
            assert caller.call()
            time.sleep(_REST_SECONDS)


def test_calls_sent_in_one_piece_are_answered_in_their_order(
    server: tuple[subprocess.Popen[bytes], int],
) -> None:
    with callers(server[1], 1) as [caller]:
        caller.send("/count", times=3)
        first = int(caller.read())

        assert [first + 1, first + 2] == [int(caller.read()) for _ in range(2)]


def test_connections_that_are_waited_at_leave_threads_for_the_others(
    server: tuple[subprocess.Popen[bytes], int],
) -> None:
    with callers(server[1], 5 * THREADS) as many:
        for _ in range(5):
            for caller in many:
                assert caller.call()


def test_a_connection_that_ends_frees_its_thread(
    server: tuple[subprocess.Popen[bytes], int],
) -> None:
    for _ in range(5 * THREADS):
        with callers(server[1], 1) as [caller]:
            assert caller.call()


@pytest.mark.parametrize("path", ["/nothing", "/fails", "/pieces"])
def test_every_kind_of_answer_is_whole(
    server: tuple[subprocess.Popen[bytes], int], path: str
) -> None:
    said = {"/nothing": "", "/pieces": "abc"}
    with callers(server[1], 1) as [caller]:
        caller.send(path, extra="Connection: close\r\n")
        told = caller.read_all()

    head, _, body = told.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 500" if path == "/fails" else b"HTTP/1.1 2")
    if path in said:
        assert said[path] == body.decode()


def test_a_server_that_stops_answers_what_it_has_begun_and_ends() -> None:
    with serving() as (running, port), callers(port, 2) as [busy, resting]:
        assert resting.call()
        busy.send("/slow")
        wait_for("the slow call", lambda: "1" == resting.call("/begun"))
        began = time.monotonic()
        running.send_signal(signal.SIGTERM)

        assert "slow" == busy.read()
        assert 0 == running.wait(20)
        assert time.monotonic() - began < 10


def test_head_and_body_leave_as_one_piece_and_nothing_is_kept_back() -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        held = Held(ours)
        held.sendall(b"head")
        held.sendall(b"body")
        held.sendall(b"more")
        alone = Held(ours)
        alone.sendall(b"only a head")
        alone.let_go()
        alone.let_go()
        other = Held(ours)
        other.sendall(b"before")
        other.send(b"after")

        pieces = [theirs.recv(100) for _ in range(5)]

    assert [b"headbody", b"more", b"only a head", b"before", b"after"] == pieces
