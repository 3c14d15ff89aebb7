"""Rasa's full environment, TensorFlow included: made once, in .state/, for the comparison alone.

It takes three gigabytes and some minutes. Dependencies are as Rasa pins them, known holes included,
so nothing but the comparison may ever run in it.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

from benchmarks.understanding.training import ROOT, ContenderFailed

FOLDER: Final = ROOT / ".state" / "full-rasa"
# Rasa imports pkg_resources, which setuptools has no more from 81 on.
_PACKAGES: Final = ("rasa==3.6.21", "setuptools<81")


def make(say: Callable[[str], None], folder: Path = FOLDER) -> Path:
    """The environment's Python, made where it is missing or half made. Raises ContenderFailed."""
    python, stamp = folder / "bin" / "python", folder / ".stamp"
    wanted = " ".join(_PACKAGES)
    if stamp.exists() and stamp.read_text() == wanted:
        return python
    say(f"installing Rasa with TensorFlow into {folder.relative_to(ROOT)}, some minutes")
    shutil.rmtree(folder, ignore_errors=True)
    _run(str(ROOT / "bot" / ".venv" / "bin" / "python"), "-m", "venv", str(folder))
    _run(str(python), "-m", "pip", "install", "--quiet", *_PACKAGES)
    stamp.write_text(wanted)
    return python


def _run(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ContenderFailed(f"full Rasa can't be installed: {done.stderr[-1500:]}")
