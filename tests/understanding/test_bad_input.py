"""The trained model reads whatever is sent: quickly, unharmed, and as what it says or not at all.

A text that begins with a slash is a payload to Rasa; the door takes the slash away from what is
typed (`core.vault.neutralise`), so it is taken away here too.
"""

from __future__ import annotations

import json
import os
import subprocess
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

from core.vault import neutralise
from tests.understanding.perturbations import look_alikes, unseen_signs

ROOT = Path(__file__).parents[2]
MOST_MS = 50
NOT_UNDERSTOOD = {"nlu_fallback", "out_of_scope"}
_ANY_SCRIPT = "abcdeé '3٣اشحالⵣⵓⵍяжω漢字😀\u202e\u200d\u0336\n\t\x00"

NOISE = {
    "10,000 times one letter": "x" * 10_000,
    "10,000 words of one letter": "و " * 10_000,
    "10,000 characters of any script": "".join(Random(1).choices(_ANY_SCRIPT, k=10_000)),
    "one word of 10,000 letters": "".join(Random(2).choices("abcdefghijklmnop", k=10_000)),
    "10,000 marks on one letter": "e" + "\u0336" * 10_000,
    "10,000 unseen signs": "\u200b\u202e" * 5_000,
    "emoji": "😀😂👍🏽🇲🇦👨‍👩‍👧‍👦",
    "digits": "123456789012345",
    "Arabic digits": "٠١٢٣٤٥٦٧٨٩",
    "punctuation": "?!... ؟؟ ,,, ---",
    "nothing": "",
    "blanks": " \n\t\u00a0\u3000",
    "a null": "\x00\x00",
    "half a surrogate pair": "\ud83d",
    "Russian": "какая завтра погода в москве",
    "Chinese": "今天天气怎么样",
    "code": "'; DROP TABLE citizens; -- <script>alert(1)</script> {{7*7}} ${x}",
}
PLAIN = {
    "je veux parler à un conseiller": "talk_to_agent",
    "quels sont les papiers demandés pour le RSU": "required_documents",
    "bghit nbeddel numero dyal telephone": "update_information",
    "mon argent n'est pas arrivé ce mois": "track_benefit",
}
PAYLOADS = (
    '/affirm{"programme": "rsu"}',
    '/track_benefit{"programme": "asd"}',
    '/inform{"idcs": "2111111116"}',
    "/restart",
    "/session_start",
)


@cache
def understood(texts: tuple[str, ...]) -> list[dict[str, Any]]:
    done = subprocess.run(
        [ROOT / "bot/.venv/bin/python", "-W", "ignore", "-m", "evaluation.parses", MODEL],
        cwd=ROOT / "bot",
        input=json.dumps(texts),
        env={**os.environ, "LOG_LEVEL": "ERROR", "RASA_TELEMETRY_ENABLED": "false"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert 0 == done.returncode, done.stderr[-2000:]
    found: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return found


MODEL = str(ROOT / "models" / "twiza.tar.gz")


def disguised() -> list[tuple[str, str]]:
    """Texts in disguise, and the intent that each has."""
    chance = Random(3)
    found = []
    for text, intent in PLAIN.items():
        circled = "".join(chr(ord(c) + 0x1D41A - 97) if "a" <= c <= "z" else c for c in text)
        found += [(look_alikes(text, chance), intent), (unseen_signs(text, chance), intent)]
        found += [(f"\u202e{text}\u202c", intent), (circled, intent), (text.upper(), intent)]
    return found


def everything() -> tuple[str, ...]:
    """Every text of this file, so that the model is loaded once."""
    typed = [neutralise(text) for text in PAYLOADS]
    return (*NOISE.values(), *(text for text, _ in disguised()), *typed)


def parse_of(text: str) -> dict[str, Any]:
    return understood(everything())[everything().index(text)]


@pytest.mark.parametrize("text", NOISE.values(), ids=NOISE)
def test_noise_is_not_understood_as_anything(text: str) -> None:
    assert parse_of(text)["intent"] in NOT_UNDERSTOOD
    assert not parse_of(text)["entities"]


@pytest.mark.parametrize(("text", "intent"), disguised())
def test_a_text_in_disguise_is_understood_as_what_it_says(text: str, intent: str) -> None:
    assert intent == parse_of(text)["intent"]


@pytest.mark.parametrize("text", PAYLOADS)
def test_a_payload_typed_by_hand_commands_nothing(text: str) -> None:
    parsed = parse_of(neutralise(text))

    assert not neutralise(text).startswith("/")
    assert parsed["confidence"] < 1.0


def test_nothing_takes_long() -> None:
    slow = {
        text[:30]: parse["least_ms"]
        for text, parse in zip(everything(), understood(everything()), strict=True)
        if parse["least_ms"] >= MOST_MS
    }

    assert not slow
