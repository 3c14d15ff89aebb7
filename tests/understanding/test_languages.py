"""The trained model tells the languages of messages it never saw, and is silent on single words."""

from __future__ import annotations

import json
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


@cache
def measured() -> dict[str, Any]:
    """What the engine's own measurement says (bot/evaluation/languages.py)."""
    subprocess.run([str(ROOT / "bin/train")], cwd=ROOT, check=True, capture_output=True)
    command = [str(ROOT / "bot/.venv/bin/python"), "-W", "ignore", "-m", "evaluation.languages"]
    done = subprocess.run(
        command, cwd=ROOT / "bot", capture_output=True, text=True, check=False, timeout=120
    )
    assert 0 == done.returncode, done.stderr
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def test_languages_are_told_apart_from_three_words_on() -> None:
    assert measured()["n"] > 1000
    assert measured()["macro_f1"] >= 0.96


def test_most_messages_of_three_words_are_sure_and_hardly_any_is_wrong() -> None:
    assert measured()["sure"] >= 0.85
    assert measured()["wrong"] <= 0.005


def test_tifinagh_is_always_amazigh() -> None:
    assert 1.0 == measured()["tifinagh"]


def test_no_message_of_one_word_ever_says_a_language() -> None:
    assert measured()["one_word"]["n"] > 300
    assert 0 == measured()["one_word"]["heard"]
