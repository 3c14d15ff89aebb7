"""Words are folded here as the engine folds them."""

from __future__ import annotations

import json
import subprocess

import pytest

from locales.folding import fold
from tests.house.repository import ROOT

_ENGINE = ROOT / "bot/.venv/bin/python"
_PROGRAM = """
import json, sys
from components.folding import fold
print(json.dumps([fold(text) for text in json.load(sys.stdin)]))
"""


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Où est l'ÉCOLE ?", "ou est l ecole"),
        ("الطّلَب؟", "الطلب"),
        ("ⵜⴰⵎⴰⵣⵉⵖⵜ", "tamazight"),
        ("salaaaam", "salam"),
        ("٢٠٢٦", "2026"),
    ],
)
def test_what_is_spelt_in_many_ways_is_found_by_one(text: str, folded: str) -> None:
    assert folded == fold(text)


def test_the_engine_folds_every_message_alike() -> None:
    files = sorted((ROOT / "tests/understanding").rglob("*.jsonl"))
    lines = [line for path in files for line in path.read_text("utf-8").splitlines()]
    texts = [json.loads(line)["text"] for line in lines][::3]
    done = subprocess.run(
        [str(_ENGINE), "-c", _PROGRAM],
        cwd=ROOT / "bot",
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert texts
    assert json.loads(done.stdout) == [fold(text) for text in texts]
