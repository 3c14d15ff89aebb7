"""The trained model understands messages that it was not trained on, in every variety."""

from __future__ import annotations

import json
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]
VARIETIES = {
    "ar": 0.92,
    "ary_arab": 0.92,
    "ary_latn": 0.90,
    "fr": 0.92,
    "zgh_latn": 0.82,
    "zgh_tfng": 0.82,
    "zgh_arab": 0.82,
}


@cache
def scored() -> dict[str, Any]:
    """What bin/evaluate says of every development file."""
    files = [str(FOLDER / f"{variety}.jsonl") for variety in VARIETIES]
    command = [str(ROOT / "bin/evaluate"), "--json", "--out-of-scope", *files]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


@pytest.mark.parametrize("variety", VARIETIES)
def test_each_variety_is_understood(variety: str) -> None:
    assert scored()["files"][variety]["accuracy"] >= VARIETIES[variety], scored()["confusions"]


def test_no_variety_is_left_far_behind() -> None:
    accuracies = [scored()["files"][variety]["accuracy"] for variety in VARIETIES]

    assert max(accuracies) - min(accuracies) <= 0.10


def test_rare_intents_are_understood_as_well_as_frequent_ones() -> None:
    overall = scored()["overall"]

    assert abs(overall["accuracy"] - overall["macro_f1"]) <= 0.02


def test_what_is_named_is_found() -> None:
    assert scored()["overall"]["entity_f1"] >= 0.92


def test_what_is_accepted_is_right_and_little_is_asked_again() -> None:
    assert scored()["overall"]["accepted_accuracy"] >= 0.95
    assert scored()["overall"]["fallback"] <= 0.10


def test_what_is_out_of_scope_scores_low() -> None:
    assert scored()["out_of_scope"]["auroc"] >= 0.96
