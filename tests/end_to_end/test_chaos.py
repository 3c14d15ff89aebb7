"""Citizens live with a service whose processes and stores fail, and nobody loses anything by it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.chaos.conductor import FAULTS
from sandbox.chaos.counting import SHOWN, ZEROS
from sandbox.house.layout import ROOT
from sandbox.house.processes import child_environment

pytestmark = pytest.mark.e2e

MOST_SECONDS = 600
SHORT = ("--citizens", "12", "--seconds", "60", "--seed", "7", "--quiet", "90")


def test_nobody_loses_anything_while_everything_fails(tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    command = [sys.executable, "-m", "sandbox.chaos", *SHORT, "--json", str(figures)]
    ran = subprocess.run(
        command,
        cwd=ROOT,
        env=child_environment({}),
        capture_output=True,
        text=True,
        timeout=MOST_SECONDS,
        check=False,
    )
    assert figures.exists(), ran.stderr
    counted = json.loads(figures.read_text(encoding="utf-8"))

    assert dict.fromkeys(ZEROS, 0) == {name: counted[name] for name in ZEROS}, ran.stderr
    assert counted[SHOWN] > 0, ran.stderr
    assert counted["hops"] > 50
    assert {f"{kind}_{name}" for kind, name in FAULTS} <= counted["faults"].keys()
    assert 0 == ran.returncode
