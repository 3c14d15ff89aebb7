"""Rasa's full environment, TensorFlow included: made once, in .state/, for comparisons alone.

It takes three gigabytes and half a minute. Its lock is its own (requirements.lock), with
dependencies as Rasa pins them, known holes included: only a comparison may ever run in it.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

from sandbox.house.layout import ROOT

FOLDER: Final = ROOT / ".state" / "full-rasa"
LOCK: Final = Path(__file__).with_name("requirements.lock")
_OWN_UV: Final = ROOT / ".state" / "uv" / "bin" / "uv"


class FullRasaFailed(RuntimeError):
    """The full environment was not made, or its model not trained; the text is the log's end."""


def make(say: Callable[[str], None], folder: Path = FOLDER, lock: Path = LOCK) -> Path:
    """The environment's Python, made where it is missing or not of this lock.

    Raises FullRasaFailed.
    """
    stamp = folder / ".stamp"
    wanted = lock.read_text(encoding="utf-8")
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return python(folder)
    say(f"installing Rasa with TensorFlow into {folder.name}: three gigabytes")
    shutil.rmtree(folder, ignore_errors=True)
    run(str(ROOT / "bot" / ".venv" / "bin" / "python"), "-m", "venv", str(folder))
    uv = str(_OWN_UV) if _OWN_UV.exists() else "uv"
    sync = (uv, "pip", "sync", "--quiet", "--python", str(python(folder)))
    run(*sync, "--require-hashes", str(lock))
    stamp.write_text(wanted, encoding="utf-8")
    return python(folder)


def python(folder: Path = FOLDER) -> Path:
    """Where the environment's Python stands once it is made."""
    return folder / "bin" / "python"


def run(*command: str) -> None:
    """Run a command from the root to its end. Raises FullRasaFailed."""
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    except OSError as missing:
        raise FullRasaFailed(f"{command[0]} can't be run: {missing.strerror}") from missing
    if done.returncode:
        raise FullRasaFailed(f"full Rasa: {(done.stderr + done.stdout)[-1500:]}")
