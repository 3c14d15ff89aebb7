"""Run the cases of bot/'s parts in its own Python, which has unittest and no pytest.

Every `<part>_cases.py` beside this file is such a set of cases, with an empty Redis at REDIS_PORT.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
import redis

from locales import compile as catalogs
from tests.redis_server import RedisServer

ROOT = Path(__file__).parents[3]
ENGINE_PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"
CASES = sorted(path.stem for path in Path(__file__).parent.glob("*_cases.py"))


@pytest.mark.parametrize("cases", CASES)
def test_the_parts_of_the_engine_keep_their_promises(
    cases: str, redis_server: RedisServer, store: redis.Redis
) -> None:
    catalogs.main()
    paths = os.pathsep.join([str(ROOT / "bot"), str(Path(__file__).parent)])

    done = subprocess.run(
        [ENGINE_PYTHON, "-W", "ignore", "-m", "unittest", cases],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": paths,
            "RASA_TELEMETRY_ENABLED": "false",
            "REDIS_PORT": str(redis_server.port),
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert 0 == done.returncode, done.stderr
    assert "Ran 0 tests" not in done.stderr
