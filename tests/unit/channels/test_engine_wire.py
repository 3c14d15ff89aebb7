"""What comes over the wire from the engine, in one piece or many, whole or broken off."""

from __future__ import annotations

import socket
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest

from channels.engine_wire import Wire
from core.errors import EngineError, EngineTimeout, EngineUnavailable

WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]"
CLOSES = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n[]"
CHUNKED = b"HTTP/1.1 503 Later\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[1\r\n1\r\n]\r\n0\r\n\r\n"


class Server:
    """Answers each request with the next bytes of `script`, and closes where they are empty.

    `asked` are the requests, `callers` the connections they came over.
    """

    def __init__(self) -> None:
        self.script: deque[bytes] = deque()
        self.asked: list[bytes] = []
        self.callers: list[int] = []
        self.closed = threading.Semaphore(0)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/engine/"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Be there no more."""
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                line, (_, port) = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(line, port), daemon=True).start()

    def _answer(self, line: socket.socket, port: int) -> None:
        with line, suppress(ConnectionError):
            while request := line.recv(65536):
                self.asked.append(request)
                self.callers.append(port)
                answer = self.script.popleft()
                for letter in answer:
                    line.sendall(bytes((letter,)))
                if not answer or not self.script:
                    break
        self.closed.release()


@pytest.fixture
def server() -> Iterator[Server]:
    with closing(Server()) as running:
        yield running


def ask(wire: Wire) -> tuple[int, bytes]:
    return wire.post("/tell", b"{}", {"traceparent": "00-1-2-00"})


def test_the_request_is_whole(server: Server) -> None:
    server.script.append(WHOLE)
    ask(Wire(server.url, 5.0))
    head, _, body = server.asked[0].partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")

    assert ("POST /engine/tell HTTP/1.1", b"{}") == (first, body)
    assert {
        "Host: " + server.url.split("/")[2],
        "Content-Length: 2",
        "Content-Type: application/json",
        "traceparent: 00-1-2-00",
    } == set(lines)


def test_an_answer_is_read_whole_however_it_is_cut(server: Server) -> None:
    server.script += [WHOLE, CHUNKED, WHOLE]
    wire = Wire(server.url, 5.0)

    assert [(200, b"[]"), (503, b"[1]"), (200, b"[]")] == [ask(wire) for _ in range(3)]


def test_a_connection_is_kept_until_either_side_closes_it(server: Server) -> None:
    server.script += [WHOLE, WHOLE, CLOSES, WHOLE]
    wire = Wire(server.url, 5.0)
    for _ in range(4):
        ask(wire)
    assert server.closed.acquire(timeout=5)
    assert server.closed.acquire(timeout=5)
    server.script.append(WHOLE)
    ask(wire)
    first, second, third, fourth, fifth = server.callers

    assert first == second == third
    assert 3 == len({third, fourth, fifth})


@pytest.mark.parametrize("broken", [b"", WHOLE[:-1], WHOLE[:20], b"what is no HTTP at all\r\n\r\n"])
def test_what_breaks_off_is_no_answer_and_the_next_call_is_answered(
    server: Server, broken: bytes
) -> None:
    server.script += [WHOLE, broken]
    wire = Wire(server.url, 5.0)
    ask(wire)
    with pytest.raises(EngineUnavailable):
        ask(wire)
    server.script.append(WHOLE)

    assert (200, b"[]") == ask(wire)


def test_an_answer_that_came_too_late_is_not_taken_for_the_next(server: Server) -> None:
    wire = Wire(server.url, 0.2)
    server.script += [WHOLE[:-1], WHOLE]
    with pytest.raises(EngineTimeout):
        ask(wire)

    assert (200, b"[]") == ask(wire)
    assert 2 == len(set(server.callers))


def test_many_threads_have_each_their_own_answer(server: Server) -> None:
    answers = [b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n%02d" % n for n in range(40)]
    server.script += [*answers, WHOLE]
    wire = Wire(server.url, 5.0)
    found: list[bytes] = []

    def work() -> None:
        found.extend(ask(wire)[1] for _ in range(5))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)

    assert sorted(answer[-2:] for answer in answers) == sorted(found)
    assert len(set(server.callers)) <= 8


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_server_that_is_not_there_was_told_nothing(scheme: str) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"{scheme}://127.0.0.1:{unused.getsockname()[1]}"

        with pytest.raises(EngineError):
            ask(Wire(url, 1.0))
