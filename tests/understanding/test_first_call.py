"""The trained model understands messages that it was not trained on."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]
LEAST_SHARE = 0.82


def test_most_messages_of_the_first_call_are_understood() -> None:
    command = [ROOT / "bot/.venv/bin/python", ROOT / "bot/score.py", FOLDER / "first_call.jsonl"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    scored = json.loads(done.stdout.splitlines()[-1])

    share = 1 - len(scored["missed"]) / scored["lines"]

    assert share >= LEAST_SHARE, scored["missed"]
