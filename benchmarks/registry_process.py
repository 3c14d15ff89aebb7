"""A sandbox registry of the bench's own, as a process: its people, its faults, what it spends."""

from __future__ import annotations

import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import psutil
import requests

from benchmarks.cpu import read_process
from benchmarks.lookups import Home
from benchmarks.people import TooFewPeople
from sandbox.house.layout import PORTS, ROOT, Layout, find_taken_port
from sandbox.house.processes import child_environment, process_table
from sandbox.house.secret_files import SecretFiles
from sandbox.house.supervisor import StartFailed

USUAL: Final = 200
_START_SECONDS: Final = 600.0
_PORT_BLOCKS: Final = range(32000, 34000, len(PORTS))
# Households that have an index now, whoever of them is asked about.
_QUERY: Final = """
SELECT p.idcs, h."index" FROM people p JOIN households h ON h.code = p.household_code
WHERE h."index" IS NOT NULL AND h.number > 0 AND p.rank % ? = 0 LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class Registry:
    """Where a running registry is, and what opens it."""

    url: str
    secret: str
    database: Path
    process: int

    def homes(self, most: int) -> list[Home]:
        """People spread over the whole register. Raises TooFewPeople."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as registry:
            [people] = registry.execute("SELECT count(*) FROM people").fetchone()
            rows = registry.execute(_QUERY, (max(1, people // most), most)).fetchall()
        if len(rows) < max(1, min(people, most) // 4):
            raise TooFewPeople(f"only {len(rows)} people have an index")
        return [Home(idcs, Decimal(index)) for idcs, index in rows]

    def cpu(self) -> float:
        """Processor seconds it has spent so far, with its children."""
        master = psutil.Process(self.process)
        return sum(read_process(one) for one in (master, *master.children(recursive=True)))

    @contextmanager
    def failing(self, fault: Mapping[str, Any]) -> Iterator[None]:
        """Its standard interface has this fault meanwhile."""
        given = {"operation": "/registry/*", **fault}
        requests.post(f"{self.url}/sandbox/faults", json=given, timeout=10).raise_for_status()
        yield
        requests.delete(f"{self.url}/sandbox/faults", timeout=10).raise_for_status()


@contextmanager
def registry_running(households: int) -> Iterator[Registry]:
    """A sandbox registry as `bin/run` starts it. Raises StartFailed."""
    with tempfile.TemporaryDirectory(prefix="bench-registry-") as folder:
        data = Path(folder)
        layout = next(
            one for block in _PORT_BLOCKS if not find_taken_port(one := Layout(data, block))
        )
        secrets = SecretFiles(data / "secrets")
        row = next(one for one in process_table(layout, secrets) if one.name == "registry")
        settings = dict(row.settings) | {"SANDBOX_NOTIFY_URL": "", "SANDBOX_SMS_URL": ""}
        if households != USUAL:
            settings["SANDBOX_HOUSEHOLDS"] = str(households)
        with (data / "registry.log").open("wb") as log:
            process = subprocess.Popen(
                row.command, cwd=ROOT, env=child_environment(settings), stdout=log, stderr=log
            )
            try:
                url, secret = layout.url("registry"), secrets.read("registry_client_secret")
                _wait(url, process, data / "registry.log")
                yield Registry(url, secret, data / "registry.sqlite", process.pid)
            finally:
                process.terminate()
                process.wait()


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            if requests.get(f"{url}/health", timeout=2).ok:
                return
        except requests.RequestException:
            time.sleep(0.2)
    raise StartFailed(f"{log.read_text(errors='replace')[-2000:]}\nthe registry did not start")
