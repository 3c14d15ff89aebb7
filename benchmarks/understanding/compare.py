"""What messages are understood, and what that costs: our pipeline beside stock Rasa's.

Each contender is trained from nothing on data/nlu in a process of its own, one after another, and
scored by the evaluation of bin/evaluate on the same files: by default the development messages of
every variety, else any that are named. Tables go to the standard output.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.full import environment
from benchmarks.report import Report
from benchmarks.understanding import kept, tables
from benchmarks.understanding.training import (
    MB,
    MESSAGES,
    ROOT,
    RSS_UNIT,
    Contender,
    ContenderFailed,
    quietly,
    train,
)

_HERE: Final = Path(__file__).parent
_BOT_PYTHON: Final = ROOT / "bot" / ".venv" / "bin" / "python"
_THRESHOLD: Final = re.compile(r"^\s+threshold:\s*([\d.]+)", re.MULTILINE)
_DEVELOPMENT: Final = ROOT / "tests" / "understanding"
OURS: Final = Contender("twiza", ROOT / "config.yml", _BOT_PYTHON)
STOCK: Final = Contender("stock", _HERE / "stock.yml", _BOT_PYTHON)


def run(files: Sequence[Path], with_diet: bool, report: Report) -> int:
    """Train and score the contenders, print the tables. Raises ContenderFailed, FullRasaFailed."""
    named = [path.resolve() for path in files]
    contenders = [OURS, STOCK]
    if with_diet:
        contenders.append(Contender("diet", _HERE / "diet.yml", environment.make(say)))
    figures: dict[str, tables.Figures] = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        for contender in contenders:
            figures[contender.name] = _measure(contender, Path(folder), named or development())
    notes = []
    if with_diet and not named:
        kept.write(figures["diet"], development())
        notes.append(f"diet's row is kept in {kept.FILE.relative_to(ROOT)}")
    elif not with_diet and not named and kept.FILE.exists():
        figures["diet"], note = kept.read(development())
        notes.append(note)
    text = "\n\n".join([*tables.all_of(figures), *notes])
    report.show(text)
    report.write({"systems": figures})
    return 0


def development() -> list[Path]:
    """The development messages of every variety that there are training messages of."""
    varieties = sorted(path.name for path in MESSAGES.iterdir() if path.is_dir())
    found = [_DEVELOPMENT / f"{variety}.jsonl" for variety in varieties]
    return [path for path in found if path.exists()]


def say(sentence: str) -> None:
    """Print one line of progress."""
    print(f"bench: {sentence}", file=sys.stderr, flush=True)


def _measure(contender: Contender, folder: Path, files: Sequence[Path]) -> tables.Figures:
    say(f"training {contender.name}")
    training = train(contender, folder)
    say(f"scoring {contender.name}, trained in {training.seconds:.0f} s")
    threshold = threshold_of(contender.pipeline)
    command = [*quietly(folder), str(contender.python), "-m", "evaluation.contender"]
    command += [str(training.model), str(threshold), *map(str, files)]
    done = subprocess.run(command, cwd=ROOT / "bot", capture_output=True, text=True, check=False)
    if done.returncode:
        raise ContenderFailed(f"{contender.name}: {done.stderr[-1500:]}")
    scores: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return {
        "by_file": {stem: row["accuracy"] for stem, row in scores["files"].items()},
        **{name: scores["overall"][name] for name in tables.SCORES},
        "messages": scores["overall"]["n"],
        "accepted_at_5": scores["accepted_at_5"],
        **scores["out_of_scope"],
        "threshold": threshold,
        "train_s": round(training.seconds, 1),
        "train_cpu_s": round(training.cpu_seconds, 1),
        "train_peak_mb": round(training.peak_mb),
        "model_mb": round(training.model_mb, 1),
        "loaded_mb": round(scores["peak_memory"] * RSS_UNIT / MB),
        "parse_p50_ms": scores["parse_ms"]["p50"],
        "parse_p95_ms": scores["parse_ms"]["p95"],
    }


def threshold_of(pipeline: Path) -> float:
    """The fallback threshold of a pipeline; 0 where it has none."""
    found = _THRESHOLD.search(pipeline.read_text("utf-8"))
    return float(found[1]) if found else 0.0
