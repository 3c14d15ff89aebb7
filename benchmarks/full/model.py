"""The model of Rasa's default pipeline and policies, trained on the project's own data.

It is kept in .state/ and trained anew where what it is made of has changed. Few epochs, because a
turn costs as much however well the model was trained, and the measured session has no free text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

from benchmarks.full import environment
from sandbox.house.layout import ROOT

FILE: Final = ROOT / ".state" / "full-rasa-model" / "full.tar.gz"
_HERE: Final = Path(__file__).parent
_INPUTS: Final = (
    "benchmarks/full/*.yml",
    "benchmarks/full/requirements.lock",
    "data/**/*.yml",
    "bot/domain/**/*.yml",
    "bot/components/sealed_values.py",
)


def make(say: Callable[[str], None]) -> Path:
    """The trained model, with its environment. Raises FullRasaFailed."""
    python = environment.make(say)
    made_of, stamp = fingerprint(), FILE.with_name("fingerprint")
    if FILE.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == made_of:
        return FILE
    say("training Rasa's default pipeline and policies: some minutes")
    environment.run(
        *("env", "RASA_TELEMETRY_ENABLED=false", "LOG_LEVEL=ERROR", "TF_CPP_MIN_LOG_LEVEL=3"),
        f"RASA_CACHE_DIRECTORY={FILE.parent / 'cache'}",
        *(str(python), "bot/main.py", "train", "--config", str(_HERE / "config.yml")),
        *("--data", "data", str(_HERE / "stories.yml"), "--domain", "bot/domain"),
        *("--out", str(FILE.parent), "--fixed-model-name", "full"),
    )
    stamp.write_text(made_of, encoding="utf-8")
    return FILE


def fingerprint(root: Path = ROOT) -> str:
    """Digest the names and contents of all that the model is made of."""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in _INPUTS for path in root.glob(pattern)):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root)} {len(content)}\n".encode() + content)
    return digest.hexdigest()
