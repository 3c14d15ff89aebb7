"""The training messages keep the rules of data/README.md; the development ones stay apart."""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter, defaultdict
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
TRAINING = ROOT / "data" / "nlu"
FIRST_CALL = Path(__file__).with_name("first_call.jsonl")
DEVELOPMENT = sorted(Path(__file__).parent.rglob("*.jsonl"))

WIDE = ("ar", "ary_arab", "ary_latn", "fr")
AMAZIGH = ("zgh_latn", "zgh_tfng", "zgh_arab")
VARIETIES = WIDE + AMAZIGH
SHORT_ACTS = ("greet", "help", "affirm", "deny", "cancel", "back", "thank", "goodbye")
TASKS = (
    *("check_registration", "explain_score", "forgot_identifier"),
    *("check_eligibility", "list_programmes", "required_documents"),
    *("apply", "resume_application", "track_application"),
    *("track_benefit", "report_problem"),
    *("update_information", "privacy", "stop_notifications", "change_language"),
    *("find_office", "talk_to_agent"),
)
INTENTS = {*SHORT_ACTS, *TASKS, "out_of_scope"}
PROGRAMMES = {"rnp", "rsu", "asd", "amo_tadamon", "tayssir", "daam", "million_bags"}
VALUES = {"programme": PROGRAMMES, "language": {"ar", "fr", "zgh"}}
REFERENCE = re.compile(r"[A-Z]{2,5}(-[A-Z0-9]{3,8}){1,3}")
MINIMUM = {
    **{(intent, variety): 8 for intent in SHORT_ACTS for variety in VARIETIES},
    **{(intent, variety): 40 for intent in (*TASKS, "out_of_scope") for variety in WIDE},
    **{(intent, variety): 30 for intent in TASKS for variety in AMAZIGH},
    **{("out_of_scope", variety): 40 for variety in AMAZIGH},
}
MOST_SHARED = 0.70
MOST_ALIKE_OPENINGS = 0.15

MARK = re.compile(r"\[(?P<said>[^\[\]]+)\](?P<meant>\{[^{}]*\})")
TIFINAGH = re.compile(r"[\u2d30-\u2d7f]")
ARABIC = re.compile(r"[\u0600-\u06ff]")


class Message(NamedTuple):
    """One training line: as written with its entity marks, and as the citizen typed it."""

    variety: str
    intent: str
    written: str
    typed: str


def read_training() -> list[Message]:
    """Return every line under data/nlu, in the order of the files."""
    messages = []
    for path in sorted(TRAINING.glob("*/*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            for line in block["examples"].splitlines():
                written = line.removeprefix("- ")
                typed = MARK.sub(lambda mark: mark["said"], written)
                messages.append(Message(path.parent.name, block["intent"], written, typed))
    return messages


@cache
def folded() -> dict[str, tuple[str, ...]]:
    """Return the folded tokens of every message, by its text, as the engine's tokenizer finds them.

    The tokenizer is the engine's and runs in its Python, once for all messages.
    """
    texts = [message.typed for message in MESSAGES]
    texts += [message["text"] for message in DEVELOPMENT_MESSAGES]
    done = subprocess.run(
        [ROOT / "bot/.venv/bin/python", "-W", "ignore", "-m", "evaluation.tokens"],
        cwd=ROOT / "bot",
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(zip(texts, map(tuple, json.loads(done.stdout)), strict=True))


def words(text: str) -> tuple[str, ...]:
    """Return the folded tokens of a message."""
    return folded()[text]


@cache
def counted(text: str) -> Counter[str]:
    """Return how often each word of a message stands in it."""
    return Counter(words(text))


def shared(one: str, other: str) -> float:
    """Return how much two messages have in common: 0 for no word, 1 for the same words."""
    mine, theirs = counted(one), counted(other)
    return 2 * (mine & theirs).total() / (mine.total() + theirs.total())


MESSAGES = read_training()
DEVELOPMENT_MESSAGES = [
    json.loads(line) for path in DEVELOPMENT for line in path.read_text("utf-8").splitlines()
]
FIRST_CALL_MESSAGES = [json.loads(line) for line in FIRST_CALL.read_text("utf-8").splitlines()]
GROUPS: dict[tuple[str, str], list[str]] = defaultdict(list)
for _message in MESSAGES:
    GROUPS[_message.intent, _message.variety].append(_message.typed)


def is_known(entity: str, value: str) -> bool:
    """Return whether an entity may have this value."""
    if entity == "reference":
        return REFERENCE.fullmatch(value) is not None
    return value in VALUES[entity]


def test_every_line_stands_under_a_known_intent_and_variety() -> None:
    assert {m.intent for m in MESSAGES} == INTENTS
    assert {m.variety for m in MESSAGES} == set(VARIETIES)


@pytest.mark.parametrize(("intent", "variety"), MINIMUM)
def test_each_variety_has_enough_lines(intent: str, variety: str) -> None:
    assert len(GROUPS[intent, variety]) >= MINIMUM[intent, variety]


@pytest.mark.parametrize(("intent", "variety"), [k for k in MINIMUM if k[0] not in SHORT_ACTS])
def test_no_two_lines_say_the_same_in_the_same_words(intent: str, variety: str) -> None:
    alike = [
        pair
        for pair in combinations(GROUPS[intent, variety], 2)
        if words(pair[0]) == words(pair[1]) or shared(*pair) > MOST_SHARED
    ]

    assert [] == alike


@pytest.mark.parametrize(("intent", "variety"), [k for k in MINIMUM if k[0] not in SHORT_ACTS])
def test_no_opening_wears_out(intent: str, variety: str) -> None:
    lines = GROUPS[intent, variety]
    openings = Counter(words(line)[0] for line in lines)

    assert [] == [w for w, n in openings.items() if n > MOST_ALIKE_OPENINGS * len(lines)]


def test_no_text_stands_under_two_intents() -> None:
    intents = defaultdict(set)
    for message in MESSAGES:
        intents[" ".join(words(message.typed))].add(message.intent)

    assert {} == {text: found for text, found in intents.items() if len(found) > 1}


def test_entity_marks_are_whole_words_with_known_values() -> None:
    for message in MESSAGES:
        for mark in MARK.finditer(message.written):
            meant = json.loads(mark["meant"])
            around = message.written[: mark.start()][-1:] + message.written[mark.end() :][:1]
            assert is_known(meant["entity"], meant["value"]), message.written
            assert not re.search(r"[\w'’]", around), message.written


def test_a_word_never_means_two_entity_values() -> None:
    values = defaultdict(set)
    for message in MESSAGES:
        for mark in MARK.finditer(message.written):
            values[mark["said"].casefold()].add(mark["meant"])

    assert {} == {said: found for said, found in values.items() if len(found) > 1}


def test_lines_hold_no_stray_mark_and_no_identifier() -> None:
    broken = [m.written for m in MESSAGES if re.search(r"[\[\]{}]|\d{7,}", m.typed)]

    assert [] == broken


@pytest.mark.parametrize(
    ("variety", "script"),
    [("ar", ARABIC), ("ary_arab", ARABIC), ("zgh_arab", ARABIC), ("zgh_tfng", TIFINAGH)],
)
def test_each_line_is_in_the_script_of_its_variety(variety: str, script: re.Pattern[str]) -> None:
    assert [] == [m.typed for m in MESSAGES if m.variety == variety and not script.search(m.typed)]


@pytest.mark.parametrize("variety", ["ary_latn", "fr", "zgh_latn"])
def test_latin_varieties_hold_latin_letters_alone(variety: str) -> None:
    other = re.compile(f"{ARABIC.pattern}|{TIFINAGH.pattern}")

    assert [] == [m.typed for m in MESSAGES if m.variety == variety and other.search(m.typed)]


def test_development_messages_cover_every_intent_and_script() -> None:
    texts = [message["text"] for message in DEVELOPMENT_MESSAGES]

    assert {message["intent"] for message in DEVELOPMENT_MESSAGES} == INTENTS
    assert sum(1 for text in texts if TIFINAGH.search(text)) >= 100
    assert sum(1 for text in texts if ARABIC.search(text)) >= 400


def test_development_entities_have_known_values() -> None:
    for message in DEVELOPMENT_MESSAGES:
        assert {"text", "intent", "entities"} == set(message)
        for entity in message["entities"]:
            assert is_known(entity["entity"], entity["value"]), message["text"]


def test_no_development_message_stands_in_the_training_data() -> None:
    trained = {" ".join(words(message.typed)) for message in MESSAGES}

    assert [] == [m["text"] for m in DEVELOPMENT_MESSAGES if " ".join(words(m["text"])) in trained]


def test_development_messages_are_worded_otherwise() -> None:
    copied = [
        (message["text"], trained.typed)
        for message in FIRST_CALL_MESSAGES
        for trained in MESSAGES
        if shared(message["text"], trained.typed) > MOST_SHARED
    ]

    assert [] == copied
