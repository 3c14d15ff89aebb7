"""The training messages of `data/nlu`, and new lines added to their files as they stand.

A file is changed by its text: a line is put behind the last of its intent, and nothing else moves.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from locales.folding import fold
from transcripts.agreement import Mark

ROOT: Final = Path(__file__).resolve().parents[2]
FOLDER: Final = ROOT / "data" / "nlu"
# Written by a program from other lines: nobody adds to it.
_DERIVED: Final = "derived"
_INTENT: Final = re.compile(r"^  - intent: (\w+)\s*$")
_LINE: Final = re.compile(r"^      - (.*)$")
MARK: Final = re.compile(r"\[(?P<said>[^\[\]]+)\](?P<meant>\{[^{}]*\})")


@dataclass(frozen=True, slots=True)
class Trained:
    """A training message: where it stands, as written with its marks, and as it was typed."""

    variety: str
    topic: str
    intent: str
    written: str
    typed: str


@dataclass(frozen=True, slots=True)
class Addition:
    """A line to add: of which review, where, under which intent, and as it is written."""

    review_id: int
    variety: str
    intent: str
    written: str

    @property
    def typed(self) -> str:
        """The line without its marks."""
        return unmarked(self.written)


def unmarked(written: str) -> str:
    """A training line as its citizen typed it."""
    return MARK.sub(lambda mark: mark["said"], written)


def written(words: str, marks: Sequence[Mark]) -> str:
    """Words as a training line, with what they mean; brackets and braces are left out."""
    parts = re.sub(r"[\[\]{}]", "", words).split(" ")
    for mark in sorted(marks, reverse=True):
        said = " ".join(parts[mark.begin : mark.end])
        meant = json.dumps({"entity": mark.entity, "value": mark.value}, ensure_ascii=False)
        before, said, behind = _trimmed(said)
        parts[mark.begin : mark.end] = [f"{before}[{said}]{meant}{behind}"]
    return " ".join(part for part in parts if part)


def read_training(folder: Path = FOLDER) -> list[Trained]:
    """Every training message, in the order of the files."""
    found = []
    for path in sorted(folder.glob("*/*.yml")):
        intent = ""
        for line in path.read_text(encoding="utf-8").splitlines():
            if begun := _INTENT.match(line):
                intent = begun.group(1)
            elif intent and (one := _LINE.match(line)):
                text = one.group(1)
                found.append(Trained(path.parent.name, path.stem, intent, text, unmarked(text)))
    return found


def added(additions: Iterable[Addition], folder: Path = FOLDER) -> dict[str, tuple[str, str]]:
    """Every file that changes, by its path below the folder: its text before and after.

    Raises KeyError where a variety has no file with the intent.
    """
    places = _places(folder)
    lines: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for one in additions:
        lines[places[one.variety, one.intent]][one.intent].append(one.written)
    changed = {}
    for path, by_intent in sorted(lines.items()):
        before = (folder / path).read_text(encoding="utf-8")
        changed[path] = (before, _with(before, by_intent))
    return changed


@cache
def phrases() -> dict[str, tuple[str, str]]:
    """What marked words of the training messages mean, by the folded words."""
    found: dict[str, tuple[str, str]] = {}
    for one in read_training():
        for mark in MARK.finditer(one.written):
            meant = json.loads(mark["meant"])
            found.setdefault(fold(mark["said"]), (meant["entity"], meant["value"]))
    return found


def _places(folder: Path) -> dict[tuple[str, str], str]:
    return {
        (one.variety, one.intent): f"{one.variety}/{one.topic}.yml"
        for one in read_training(folder)
        if one.topic != _DERIVED
    }


def _with(text: str, additions: dict[str, list[str]]) -> str:
    lines = text.splitlines()
    ends: dict[str, int] = {}
    intent = ""
    for number, line in enumerate(lines):
        if begun := _INTENT.match(line):
            intent = begun.group(1)
        elif intent and _LINE.match(line):
            ends[intent] = number
    for name in sorted(additions, key=lambda name: ends[name], reverse=True):
        behind = ends[name] + 1
        lines[behind:behind] = [f"      - {line}" for line in additions[name]]
    return "\n".join(lines) + "\n"


def _trimmed(said: str) -> tuple[str, str, str]:
    """Signs around words, which a mark does not cover."""
    found = re.fullmatch(r"([\W_]*)(.*?)([\W_]*)", said, re.DOTALL)
    if found is None or not found.group(2):
        return "", said, ""
    return found.group(1), found.group(2), found.group(3)
