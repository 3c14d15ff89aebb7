"""What an export does to accuracy: trained with it in a copy, evaluated before and after.

The engine's Python is a process of its own, as everywhere. What is measured are the development
messages, which are never trained on.
"""

from __future__ import annotations

import json
import runpy
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from console.teaching.change import additions_of
from console.teaching.rules import Rules
from console.teaching.training import ROOT, Addition, added, read_training
from core.errors import ServiceError
from transcripts.batches import BatchLine
from transcripts.varieties import VARIETIES

_COPIED: Final = ("config.yml", "data", "bot", "locales", "actions/programmes")
_LEFT_OUT: Final = shutil.ignore_patterns(".venv", "__pycache__", "*.mo")
_TRAINING_SECONDS: Final = 1800
_EVALUATING_SECONDS: Final = 600
_TOKENS_SECONDS: Final = 120


class NotMeasured(ServiceError):
    """The engine's part did not do its work; the message says where."""


def is_possible(root: Path = ROOT) -> bool:
    """True where the engine's environment stands beside this one."""
    return _python(root).exists()


def measure(
    lines: Sequence[BatchLine], root: Path = ROOT, say: Callable[[str], None] = lambda _: None
) -> tuple[dict[str, Any], dict[int, str]]:
    """The report of an export, and the rule that each faulty line breaks. Raises NotMeasured.

    The report holds what `bin/evaluate --json` says `before` and `after`.
    """
    began = time.monotonic()
    additions = additions_of(lines)
    faults = _faults(additions, root)
    taken = [one for one in additions if one.review_id not in faults]
    report: dict[str, Any] = {"taken": len(taken), "left_out": len(faults)}
    if not taken:
        return report, faults
    with tempfile.TemporaryDirectory(prefix="twiza-teaching-") as folder:
        scratch = Path(folder)
        _copy(root, scratch)
        model = root / "models" / "twiza.tar.gz"
        if not _is_current(root):
            say("training what is there")
            model = _train(root, scratch, "before")
        say("evaluating what is there")
        report["before"] = _evaluate(root, scratch, model)
        for path, (_, after) in added(taken, scratch / "data" / "nlu").items():
            (scratch / "data" / "nlu" / path).write_text(after, encoding="utf-8")
        say(f"training with {len(taken)} lines more")
        model = _train(root, scratch, "after")
        say("evaluating it")
        report["after"] = _evaluate(root, scratch, model)
    report["seconds"] = round(time.monotonic() - began)
    return report, faults


def _faults(additions: Sequence[Addition], root: Path) -> dict[int, str]:
    trained = read_training(root / "data" / "nlu")
    development = [
        json.loads(line)["text"]
        for path in sorted((root / "tests/understanding").rglob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    first_call = root / "tests/understanding/first_call.jsonl"
    like_no = [json.loads(line)["text"] for line in first_call.read_text("utf-8").splitlines()]
    texts = [*(one.typed for one in trained), *(one.typed for one in additions), *development]
    tokens = _tokens(texts, root)
    rules = Rules(trained, tokens.__getitem__, development, like_no)
    found = {one.review_id: rules.take(one) for one in additions}
    return {review_id: fault for review_id, fault in found.items() if fault}


def _tokens(texts: Sequence[str], root: Path) -> dict[str, list[str]]:
    """The folded words of texts, as the engine's tokenizer finds them."""
    command = [str(_python(root)), "-W", "ignore", "-m", "evaluation.tokens"]
    said = _run(command, root / "bot", _TOKENS_SECONDS, json.dumps(list(texts)))
    return dict(zip(texts, json.loads(said), strict=True))


def _copy(root: Path, scratch: Path) -> None:
    for name in _COPIED:
        source, target = root / name, scratch / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=_LEFT_OUT)
        else:
            shutil.copy2(source, target)


def _train(root: Path, scratch: Path, name: str) -> Path:
    command = [str(_python(root)), "bot/main.py", "train", "--config", "config.yml"]
    command += ["--data", "data", "--domain", "bot/domain", "--out", "models"]
    _run([*command, "--fixed-model-name", name], scratch, _TRAINING_SECONDS)
    return scratch / "models" / f"{name}.tar.gz"


def _evaluate(root: Path, scratch: Path, model: Path) -> dict[str, Any]:
    files = [root / "tests/understanding" / f"{variety}.jsonl" for variety in VARIETIES]
    command = [str(_python(root)), "bot/evaluate.py", "--json", "--model", str(model)]
    said = _run([*command, *map(str, files)], scratch, _EVALUATING_SECONDS)
    read: dict[str, Any] = json.loads(said.splitlines()[-1])
    return read


def _run(command: Sequence[str], folder: Path, seconds: float, given: str = "") -> str:
    # What would divert or slow the other Python does not reach it; citizens' turns go first.
    unwanted = ("-u", "PYTHONDONTWRITEBYTECODE", "-u", "PYTHONPATH", "-u", "VIRTUAL_ENV")
    cache = f"RASA_CACHE_DIRECTORY={folder / 'models' / 'cache'}"
    try:
        done = subprocess.run(
            ["env", *unwanted, cache, "nice", "-n", "10", *command],
            cwd=folder,
            input=given,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise NotMeasured(f"{Path(command[1]).name}: {type(fault).__name__}") from fault
    if done.returncode != 0:
        sys.stderr.write(done.stderr[-3000:])
        last = done.stderr.strip().splitlines()[-1:] or [""]
        raise NotMeasured(f"{' '.join(command[1:3])} ended with {done.returncode}: {last[0][:120]}")
    return done.stdout


def _is_current(root: Path) -> bool:
    """True where the model is made of the training data as they are."""
    read: Callable[[Path], bool] = runpy.run_path(str(root / "bin/train"))["is_current"]
    return read(root)


def _python(root: Path) -> Path:
    return root / "bot/.venv/bin/python"
