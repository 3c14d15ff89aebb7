"""Citizens live with two hosts that are upgraded in turn, and of which one is cut off."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.chaos.counting import SHOWN, THROWN_BACK, ZEROS
from sandbox.hosts.network import why_not
from sandbox.hosts.plan import ON_EACH
from sandbox.house.layout import ROOT
from sandbox.house.processes import child_environment

pytestmark = pytest.mark.e2e

MOST_SECONDS = 900
SHORT = ("--citizens", "24", "--seconds", "30", "--seed", "7", "--quiet", "60", "--upgrade")


def test_a_release_takes_over_and_a_host_is_cut_off_and_nobody_loses_anything(
    tmp_path: Path,
) -> None:
    if refusal := why_not():
        pytest.skip(refusal)
    figures = tmp_path / "figures.json"
    command = [sys.executable, "-m", "sandbox.hosts.living", *SHORT, "--json", str(figures)]
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
    assert any(kind.startswith("cut_") for kind in counted["faults"]), ran.stderr
    if "no upgrade:" in ran.stderr:
        pytest.skip(ran.stderr.partition("no upgrade:")[2].splitlines()[0])
    assert {f"replaced_{name}" for name in ON_EACH} <= counted["faults"].keys(), ran.stderr
    assert 0 == counted[THROWN_BACK], ran.stderr
    assert 0 == ran.returncode
