"""A call's time runs from when it came, and not from when a thread was free for it."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from contextlib import closing

import pytest

from channels.waited import waited

needs_linux = pytest.mark.skipif(not hasattr(socket, "TCP_INFO"), reason="only Linux tells it")


@needs_linux
@pytest.mark.parametrize("server", ["gunicorn.socket", "werkzeug.socket"])
def test_a_call_that_nobody_accepted_yet_is_counted_from_when_it_came(server: str) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        came = time.monotonic()
        with socket.create_connection(listening.getsockname()) as caller:
            caller.sendall(b"POST / HTTP/1.1\r\n\r\n")
            connection, _ = listening.accept()
            with connection:
                _until(lambda: waited({server: connection}) >= 0.2)
                connection.recv(100)
                told = waited({server: connection})
                assert 0.2 <= told <= time.monotonic() - came + 0.1

                caller.sendall(b"again")
                # The next call over a kept connection is counted anew.
                _until(lambda: waited({server: connection}) < time.monotonic() - came - 0.1)


def test_a_call_of_which_nothing_is_known_has_just_come() -> None:
    here, there = socket.socketpair()
    with here, there:
        assert (0.0, 0.0) == (waited({}), waited({"gunicorn.socket": here}))


def _until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < deadline
