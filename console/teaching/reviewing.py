"""What stands on the page of one message: its candidates, its words, and what was marked in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final

from flask import abort

from console.teaching.rules import shared
from console.teaching.training import Trained, phrases, read_training
from locales.folding import fold
from transcripts.agreement import DISCARD, INTENT, NOTHING, Decision, Mark
from transcripts.gathering import candidates
from transcripts.tables import ReviewRow
from transcripts.varieties import VARIETIES

MOST_CANDIDATES: Final = 5
_MOST_NEAR: Final = 3
_MOST_MARKS: Final = 6
_LONGEST_PHRASE: Final = 5
_REFERENCE: Final = re.compile(r"[A-Z]{2,5}(-[A-Z0-9]{3,8}){1,3}")
_MARK: Final = re.compile(r"(\d{1,3})-(\d{1,3})-(\w{1,20})=([\w-]{1,40})")
LANGUAGES: Final = ("ar", "fr", "zgh")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An intent that may be meant; `score` is the engine's, None where it did not think of it."""

    intent: str
    score: float | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that a reviewer sees of a message."""

    review: ReviewRow
    words: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    near: tuple[Trained, ...]
    marks: tuple[Mark, ...]


def sheet(review: ReviewRow) -> Sheet:
    """The page of a message."""
    near = _near(review.words, review.variety)
    words = tuple(review.words.split(" "))
    found = _candidates(review, near)
    return Sheet(review, words, found, near[:_MOST_NEAR], _marks(words, review.entities))


@cache
def intents() -> tuple[str, ...]:
    """Every intent that is learnt from messages."""
    return tuple(sorted({one.intent for one in _trained()}))


@cache
def programmes() -> tuple[str, ...]:
    """Every programme that messages name."""
    return tuple(sorted({value for entity, value in phrases().values() if entity == "programme"}))


def read_decision(
    form: Mapping[str, str], marked: Sequence[str], staff: str, words: int, is_final: bool
) -> Decision:
    """What a form decides. Ends the request where it says nothing that can be."""
    verdict, intent = form.get("verdict", ""), ""
    if verdict.startswith("intent:"):
        verdict, intent = INTENT, verdict.removeprefix("intent:")
    elif verdict == "other":
        verdict, intent = INTENT, form.get("other", "").strip()
    if verdict not in (INTENT, NOTHING, DISCARD) or (verdict == INTENT and intent not in intents()):
        abort(400)
    variety = form.get("variety", "")
    if variety not in VARIETIES:
        abort(400)
    marks = tuple(sorted({_mark(text, words) for text in marked})) if verdict == INTENT else ()
    if len(marks) > _MOST_MARKS or any(one.end > other.begin for one, other in pairwise(marks)):
        abort(400)
    return Decision(staff, verdict, intent, variety, marks, is_final)


def _mark(text: str, words: int) -> Mark:
    found = _MARK.fullmatch(text)
    if found is None:
        abort(400)
    begin, end, entity, value = int(found[1]), int(found[2]), found[3], found[4]
    known = {"programme": programmes(), "language": LANGUAGES}.get(entity, ())
    is_known = value in known or (entity == "reference" and _REFERENCE.fullmatch(value))
    if not (0 <= begin < end <= words) or not is_known:
        abort(400)
    return Mark(begin, end, entity, value)


@cache
def _trained() -> tuple[Trained, ...]:
    return tuple(read_training())


@cache
def _counted(variety: str) -> tuple[tuple[Trained, Counter[str]], ...]:
    return tuple(
        (one, Counter(fold(one.typed).split())) for one in _trained() if one.variety == variety
    )


def _near(words: str, variety: str) -> tuple[Trained, ...]:
    """The training messages of the variety that have most words in common with it."""
    mine = Counter(fold(words).split())
    ranked = sorted(
        ((shared(mine, other), one) for one, other in _counted(variety)),
        key=lambda pair: -pair[0],
    )
    return tuple(one for alike, one in ranked[:30] if alike > 0)


def _candidates(review: ReviewRow, near: Sequence[Trained]) -> tuple[Candidate, ...]:
    """What the engine thought of, then what messages alike mean."""
    found = {intent: score for intent, score in candidates(review.ranking) if intent in intents()}
    names = list(dict.fromkeys([*found, *(one.intent for one in near), "out_of_scope"]))
    return tuple(Candidate(name, found.get(name)) for name in names[:MOST_CANDIDATES])


def _marks(words: Sequence[str], entities: Sequence[Sequence[str]]) -> tuple[Mark, ...]:
    """Where the values that the engine found stand in the words, as far as phrases are known."""
    wanted = {(one[0], one[1]) for one in entities}
    found: list[Mark] = []
    begin = 0
    while begin < len(words):
        for long in range(min(_LONGEST_PHRASE, len(words) - begin), 0, -1):
            meant = phrases().get(fold(" ".join(words[begin : begin + long])))
            if meant in wanted and meant is not None:
                found.append(Mark(begin, begin + long, *meant))
                begin += long - 1
                break
        begin += 1
    return tuple(found)
