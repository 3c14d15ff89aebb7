"""Several processes under one address are read as one, whichever of them answers."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from core import forking

ROOT = Path(__file__).parents[3]
_LEFT_OUT = """
import sys
from core import forking, logs, stores
print([name for name in sys.modules if name.startswith(("rich", "opentelemetry.sdk", "yaml"))])
from core import spans
import opentelemetry.sdk.metrics
print("opentelemetry.sdk.trace" in sys.modules)
"""


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Where two processes of gunicorn answer; an earlier server has left its counts."""
    folder = tmp_path / "counted"
    folder.mkdir()
    (folder / "counter_99999.db").write_bytes(b"left")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "gunicorn", "tests.unit.core.counting_app:create_app()"]
    command += ["--bind", f"127.0.0.1:{port}", "--workers", "2"]
    command += ["--config", "python:core.forking", "--no-control-socket", "--log-level", "warning"]
    env = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(folder)}
    server = subprocess.Popen(command, cwd=ROOT, env=env)
    url = f"http://127.0.0.1:{port}"
    until = time.monotonic() + 60
    while True:
        try:
            requests.get(f"{url}/metrics", timeout=5)
            break
        except requests.ConnectionError:
            assert server.poll() is None and time.monotonic() < until
            time.sleep(0.05)
    yield url
    server.send_signal(signal.SIGTERM)
    server.wait(30)


def told(url: str, name: str) -> float:
    """What a metric stands at, its labels apart."""
    text = requests.get(f"{url}/metrics", timeout=10).text
    found = re.search(rf"^{name}(?:\{{[^}}]*\}})? ([\d.]+)$", text, re.MULTILINE)
    return float(found.group(1)) if found else 0.0


def test_the_processes_of_a_server_are_read_as_their_sum_and_the_dead_take_nothing_away(
    address: str,
) -> None:
    called: list[int] = []
    until = time.monotonic() + 60
    while len(set(called)) < 2:
        assert time.monotonic() < until, "one process answers all"
        called.append(int(requests.get(f"{address}/call", timeout=10).text))
    assert len(called) == told(address, "twiza_test_calls_total")
    assert 2 == told(address, "twiza_test_living")

    os.kill(called[0], signal.SIGKILL)

    # What it counted stays, what it held does not.
    while told(address, "twiza_test_living") != 1:
        assert time.monotonic() < until, "the dead process still counts as one that lives"
        time.sleep(0.05)
    assert len(called) == told(address, "twiza_test_calls_total")


def test_a_connection_is_kept_longer_than_the_engine_keeps_one_it_does_not_use() -> None:
    text = (ROOT / "bot/engine/action_calls.py").read_text(encoding="utf-8")
    kept = re.search(r"^_SECONDS = (\d+)$", text, re.MULTILINE)

    assert kept is not None
    assert int(kept[1]) < forking.keepalive


def test_what_libraries_use_where_it_is_installed_is_left_out_and_can_be_had_later() -> None:
    said = subprocess.run(
        [sys.executable, "-c", _LEFT_OUT], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert ["[]", "True"] == said.stdout.split()
