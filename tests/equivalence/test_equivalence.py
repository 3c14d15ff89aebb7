"""Random dialogues through stock Rasa and through ours: every event, slot, call and reply alike.

A few of them here, `TWIZA_EQUIVALENCE=2000` (`bin/check --equivalence`) as many as are given. The
engine's Python holds them (bot/equivalence).
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from locales import compile as catalogs
from tests.redis_server import RedisServer

ROOT = Path(__file__).parents[2]
ENGINE_PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"
DIALOGUES = int(os.environ.get("TWIZA_EQUIVALENCE", "6"))
TURNS = 20
# A stock turn costs tens of milliseconds, and both models take seconds to load.
SECONDS = 300 + DIALOGUES * TURNS


@pytest.fixture(scope="module", autouse=True)
def model() -> None:
    """The model of today's inputs, and the catalogs."""
    subprocess.run([str(ROOT / "bin/train")], cwd=ROOT, check=True, capture_output=True)
    catalogs.main()


def shares(processes: int) -> Iterator[tuple[int, int]]:
    """The first seed and the number of dialogues of each process."""
    each, more = divmod(DIALOGUES, processes)
    seed = 1
    for number in range(processes):
        count = each + (number < more)
        if count:
            yield seed, count
        seed += count


def test_random_dialogues_go_as_in_stock_rasa(redis_server: RedisServer) -> None:
    command = [str(ENGINE_PYTHON), "-W", "ignore", "-m", "equivalence", "--turns", str(TURNS)]
    command += ["--redis-port", str(redis_server.port)]
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "bot")}
    processes = 1 if DIALOGUES < 100 else os.cpu_count() or 1
    running = [
        subprocess.Popen(
            [*command, "--seed", str(seed), "--dialogues", str(count)],
            cwd=ROOT,
            env=env,
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed, count in shares(processes)
    ]
    try:
        said = [process.communicate(timeout=SECONDS)[0] for process in running]
    finally:
        for process in running:
            process.kill()
            process.wait()

    assert [0] * len(running) == [process.returncode for process in running], "\n".join(said)
    assert all("0 dialogues differ" in text for text in said)
