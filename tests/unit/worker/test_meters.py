"""Messages and the parts of SMS are counted, and Prometheus reads them over HTTP."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from prometheus_client import REGISTRY

from tests.builders import NUMBER
from tests.unit.worker.workshop import Workshop
from worker.meters import serve

pytestmark = pytest.mark.usefixtures("still")


def value(name: str, **labels: str) -> float:
    """What a counter stands at."""
    return REGISTRY.get_sample_value(name, labels) or 0.0


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize(("text", "parts"), [("Bonjour", 1), ("a" * 161, 2), ("ⵣ" * 71, 2)])
def test_each_sms_that_goes_counts_its_parts(workshop: Workshop, text: str, parts: int) -> None:
    before = value("twiza_sms_segments_total", channel="sms", purpose="answer")
    sent = value("twiza_worker_messages_total", channel="sms", outcome="sent")
    workshop.deliver(text)

    assert before + parts == value("twiza_sms_segments_total", channel="sms", purpose="answer")
    assert sent + 1 == value("twiza_worker_messages_total", channel="sms", outcome="sent")


def test_what_is_refused_or_no_sms_counts_no_part(workshop: Workshop) -> None:
    before = value("twiza_sms_segments_total", channel="sms", purpose="answer")
    workshop.twilio.script += [(400, 21408)]
    workshop.deliver("Bonjour")
    workshop.deliver("Bonjour", channel="whatsapp")

    assert before == value("twiza_sms_segments_total", channel="sms", purpose="answer")
    assert 0 == value("twiza_sms_segments_total", channel="whatsapp", purpose="answer")


def test_what_is_counted_is_read_over_http_and_tells_of_nobody(workshop: Workshop) -> None:
    workshop.deliver("Bonjour")
    port = free_port()
    serve(f"127.0.0.1:{port}")
    # A second worker of the machine finds the place taken, and goes on.
    serve(f"127.0.0.1:{port}")
    serve("")
    told = requests.get(f"http://127.0.0.1:{port}/metrics", timeout=5).text

    assert 'twiza_worker_messages_total{channel="sms",outcome="sent"}' in told
    assert NUMBER.removeprefix("+") not in told


def test_processes_of_one_worker_are_read_as_their_sum(tmp_path: Path) -> None:
    port = free_port()
    count = "from worker.meters import MESSAGES; MESSAGES.labels('sms', 'sent').inc(2)"
    read = (
        f"import worker.meters as m, urllib.request as u; m.serve('127.0.0.1:{port}');"
        f"print(u.urlopen('http://127.0.0.1:{port}/metrics').read().decode())"
    )
    env = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    told = [
        subprocess.run(
            [sys.executable, "-c", code], env=env, check=True, capture_output=True, text=True
        ).stdout
        for code in (count, count, read)
    ]

    assert 'twiza_worker_messages_total{channel="sms",outcome="sent"} 4.0' in told[-1]
