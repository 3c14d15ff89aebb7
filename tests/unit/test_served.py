"""The server of tests closes what it answers, whatever the reader does."""

from __future__ import annotations

import gc
import socket
import struct
import sys
from pathlib import Path

import pytest
from flask import Flask

from tests.served import served

# On: close at once, and tell the other side that nothing more is read.
HANG_UP = struct.pack("ii", 1, 0)


def test_a_reader_that_hangs_up_at_the_end_leaves_no_file_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_bytes(b"x" * 300)
    app = Flask("files", static_folder=str(tmp_path), static_url_path="/files")
    left: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda told: left.append(told.exc_value))
    with served(app) as url:
        host, _, port = url.removeprefix("http://").rpartition(":")
        for _ in range(10):
            with socket.create_connection((host, int(port))) as reader:
                reader.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, HANG_UP)
                reader.sendall(b"GET /files/a.txt HTTP/1.1\r\nHost: a\r\n\r\n")
                said = b""
                while b"x" * 300 not in said:
                    said += reader.recv(4000)
    gc.collect()

    assert [] == left
