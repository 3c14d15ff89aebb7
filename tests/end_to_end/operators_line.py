"""A pretend SMSC and the process that binds to it, beside a house that is up."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from sandbox.house.layout import Layout
from sandbox.house.process import Process
from sandbox.house.processes import child_environment, process_table
from sandbox.house.secret_files import SecretFiles
from sandbox.smsc.handset import SmppHandset
from tests.end_to_end.running_house import ROOT, RunningHouse, wait_for


class OperatorsLine:
    """Both processes; they serve on the ports that the house keeps for them."""

    def __init__(self, house: RunningHouse, style: str) -> None:
        layout = Layout.of_stores(house.data, house.ports_from, house.run["stores"], style)
        table = process_table(layout, SecretFiles(house.data / "secrets"))
        self._rows = {row.name: row for row in table if row.name in ("smsc", "smpp")}
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._url = layout.url("smsc")
        self._channel = {"smsc_url": self._url, "address": "*555#"}
        self._logs = house.data / "logs"
        self._style = style

    @classmethod
    @contextmanager
    def started(cls, house: RunningHouse, style: str) -> Iterator[OperatorsLine]:
        """A line that is bound, and that stops without a fault at the end."""
        line = cls(house, style)
        try:
            for name in ("smsc", "smpp"):
                line.start(name)
            yield line
            assert line.stop("smpp") == 0
        finally:
            for name in list(line._running):
                line.stop(name)

    def start(self, name: str) -> None:
        """Start one of the processes, and wait until it serves."""
        row = self._rows[name]
        with self.log_of(name).open("ab") as log:
            self._running[name] = subprocess.Popen(
                row.command,
                cwd=ROOT,
                env=child_environment(row.settings),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_for(f"{name} ready", lambda: self._is_ready(row), 60.0)

    def stop(self, name: str, how: signal.Signals = signal.SIGTERM) -> int:
        """Stop one of the processes, and return its exit status."""
        running = self._running.pop(name)
        running.send_signal(how)
        try:
            return running.wait(20)
        finally:
            running.kill()
            running.wait()

    def handset(self, number: str) -> Any:
        """A phone at this operator."""
        return SmppHandset(self._channel, number)

    def state(self) -> dict[str, Any]:
        """Who is bound, how often that was, and how many answers nobody waited for."""
        told: dict[str, Any] = requests.get(f"{self._url}/state", timeout=5).json()
        return told

    def inject(self, **faults: Any) -> None:
        """Let something go wrong."""
        requests.post(f"{self._url}/faults", json=faults, timeout=5).raise_for_status()

    def log_of(self, name: str) -> Path:
        """The log of one of the processes."""
        return self._logs / f"{name}-{self._style}.log"

    def _is_ready(self, row: Process) -> bool:
        status = self._running[row.name].poll()
        assert status is None, self.log_of(row.name).read_text(errors="replace")[-2000:]
        return row.health(status, lambda: "")
