"""Messages spelt otherwise are understood nearly as well.

Some of the development and of the held-out messages, the same for every way, are spelt anew in each
way of `perturbations.py`, by a seed; it takes less than a minute. `LOSS` is the most accuracy a way
may cost, in points: what was measured on all messages (beside it), and a margin for chance.
"""

from __future__ import annotations

import json
import subprocess
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.understanding import perturbations as ways

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]
EACH = 70
TYPOS = (ways.swapped_letters, ways.dropped_letter, ways.doubled_letter)
LOSS: dict[ways.Perturbation, float] = {
    ways.swapped_letters: 3.0,  # 1.5
    ways.dropped_letter: 3.5,  # 2.2
    ways.doubled_letter: 1.0,  # -0.1
    ways.joined_words: 3.5,  # 2.2
    ways.dropped_vowels: 3.5,  # 2.0
    ways.elongated: 1.0,  # -0.1
    ways.other_script: 6.0,  # 4.5: of what is written by a table nobody knows by heart
    ways.in_tifinagh: 5.0,  # 0.9; of one variety, so by chance more
    ways.dropped_accents: 0.0,
    ways.capitals: 0.0,
    ways.look_alikes: 0.0,
    ways.unseen_signs: 0.0,
}
TYPO_LOSS = 2.0  # 1.2
# Nobody writes standard Arabic or French in another script; Latin Amazigh has a way of its own.
ONLY: dict[ways.Perturbation, tuple[str, ...]] = {
    ways.other_script: ("ary_arab", "ary_latn", "zgh_tfng", "zgh_arab"),
    ways.in_tifinagh: ("zgh_latn",),
}
VARIETIES = ("ar", "ary_arab", "ary_latn", "fr", "zgh_latn", "zgh_tfng", "zgh_arab")


def sample(variety: str) -> list[dict[str, Any]]:
    """Some lines of a variety, of both sets."""
    files = [FOLDER / f"{variety}.jsonl", FOLDER / "held_out" / f"{variety}.jsonl"]
    lines = [line for path in files for line in path.read_text("utf-8").splitlines()]
    return [json.loads(line) for line in Random(variety).sample(lines, EACH)]


def spelt(way: ways.Perturbation, variety: str) -> list[dict[str, Any]]:
    """The same lines in another spelling."""
    chance = Random(f"{way.__name__} {variety}")
    return [{**line, "text": way(line["text"], chance)} for line in sample(variety)]


@cache
def accuracies(folder: Path) -> dict[str, float]:
    """The accuracy of each `<way>.<variety>`; `plain` is as it was written."""
    files = []
    for variety in VARIETIES:
        spellings = {"plain": sample(variety)}
        for way in LOSS:
            if variety in ONLY.get(way, VARIETIES):
                spellings[way.__name__] = spelt(way, variety)
        for name, lines in spellings.items():
            files.append(folder / f"{name}.{variety}.jsonl")
            written = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
            files[-1].write_text(written, "utf-8")
    command = [str(ROOT / "bin/evaluate"), "--json", *map(str, files)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])["files"]
    return {name: row["accuracy"] for name, row in found.items()}


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    return accuracies(tmp_path_factory.mktemp("spellings"))


def loss(measured: dict[str, float], way: ways.Perturbation) -> float:
    """The points of accuracy that a way costs, over the varieties it is for."""
    varieties = ONLY.get(way, VARIETIES)
    lost = [measured[f"plain.{v}"] - measured[f"{way.__name__}.{v}"] for v in varieties]
    return 100 * sum(lost) / len(lost)


@pytest.mark.parametrize("way", LOSS, ids=lambda way: way.__name__)
def test_a_message_spelt_otherwise_is_understood(
    measured: dict[str, float], way: ways.Perturbation
) -> None:
    assert loss(measured, way) <= LOSS[way]


def test_a_typo_costs_little_on_average(measured: dict[str, float]) -> None:
    assert sum(loss(measured, way) for way in TYPOS) / len(TYPOS) <= TYPO_LOSS


@pytest.mark.parametrize("way", LOSS, ids=lambda way: way.__name__)
def test_a_way_really_spells_otherwise(way: ways.Perturbation) -> None:
    varieties = ONLY.get(way, VARIETIES)
    changed = [
        one["text"] != other["text"]
        for variety in varieties
        for one, other in zip(spelt(way, variety), sample(variety), strict=True)
    ]
    # Accents and capitals are not in every message, nor in every script.
    least = 0.1 if way in (ways.dropped_accents, ways.capitals, ways.look_alikes) else 0.7

    assert sum(changed) >= least * len(changed)
