"""A process that serves does without what only training needs, and one that trains has it all."""

from __future__ import annotations

import subprocess
import sys
import unittest
from pathlib import Path

from engine.idle_modules import IDLE

BOT = Path(__file__).resolve().parents[3] / "bot"
_LOADED = """
import sys
from engine.starting import prepare
prepare(serves={serves})
import engine.agent, engine.host, components.intent_classifier
for name in sorted(sys.modules):
    if getattr(sys.modules[name], "__file__", None):
        print("real", name)
    elif type(sys.modules[name]).__name__ == "_AbsentModule":
        print("left-out", name)
"""


def loaded(*, serves: bool) -> tuple[set[str], set[str]]:
    """What a new process loads from files, and what it leaves out."""
    command = [sys.executable, "-W", "ignore", "-c", _LOADED.format(serves=serves)]
    done = subprocess.run(command, cwd=BOT, capture_output=True, text=True, check=True)
    lines = [line.split() for line in done.stdout.splitlines()]
    real = {name for kind, name in lines if kind == "real"}
    return real, {name for kind, name in lines if kind == "left-out"}


class IdleModules(unittest.TestCase):
    def test_serving_loads_none_of_them_and_still_asks_for_each(self) -> None:
        real, left_out = loaded(serves=True)

        below = tuple(f"{name}." for name in IDLE)
        self.assertEqual(set(), {n for n in real if n in IDLE or n.startswith(below)})
        # A name that nobody imports any more is taken off the list.
        self.assertEqual(set(), {n for n in IDLE if n not in left_out})

    def test_training_has_what_it_learns_with(self) -> None:
        real, left_out = loaded(serves=False)

        self.assertIn("sklearn.svm", real)
        self.assertEqual(set(), left_out & IDLE)


if __name__ == "__main__":
    unittest.main()
