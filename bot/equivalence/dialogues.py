"""What random citizens do: buttons, intents, sealed answers, sentences, garbage, long silences."""

from __future__ import annotations

import random
import re
import string
from pathlib import Path
from typing import Any

from rasa.shared.core.domain import Domain

_LINE = re.compile(r"^\s+- (.+)$", re.MULTILINE)
_MARK = re.compile(r"\[([^\]]*)\](?:\{[^}]*\}|\([^)]*\))")
_SEALED = ("idcs", "birth_date", "code", "phone", "reference", "place", "answer", "number", "odd")
_DEFAULTS = ("/restart", "/back", "/session_start")
_GARBAGE = (
    *("", " ", "/", "//help", "/no_such_intent", '/inform{"idcs":', "/inform{}", "/help rest"),
    *("0", "7", "12", "000", "1234", "12345678901", "٣", "½", "[[idcs:short:1]]", "{language}"),
    *(
        "a" * 3000,
        "😀",
        "\u200f",
        "<b>",
        "%s %(x)s",
        "/help@0.3",
        '/choose_language{"language":"fr"}',
    ),
    *('/choose_language{"language":"xx"}', '/inform{"programme":["asd","rnp"]}'),
)
_ALPHABET = string.ascii_letters + string.digits + "-_"
# Most turns follow within a minute; a session ends after an hour of silence.
_SILENCES = (*[20.0] * 18, 900.0, 4000.0)


class Citizen:
    """One random citizen; the same seed does the same."""

    def __init__(self, seed: int, domain: Domain, sentences: list[str]) -> None:
        """A citizen who may use the domain's intents and these sentences."""
        self.channel = ("ussd", "sms", "whatsapp")[seed % 3]
        self._dice = random.Random(seed)
        self._intents = sorted(domain.intents)
        self._entities = sorted(domain.entities)
        self._sentences = sentences

    def silence(self) -> float:
        """Seconds until the next message."""
        return self._dice.choice(_SILENCES)

    def metadata(self) -> dict[str, Any] | None:
        """What the door sends with a message."""
        return {"session": "s1"} if self.channel == "ussd" else None

    def message(self, replies: list[dict[str, Any]]) -> str:
        """The next message, in answer to the last replies."""
        dice, payloads = self._dice, _payloads(replies)
        kind = dice.random()
        if kind < 0.35 and payloads:
            return dice.choice(payloads)
        if kind < 0.55:
            return self._payload()
        if kind < 0.75:
            return self._sealed()
        if kind < 0.92:
            return dice.choice(self._sentences)
        return dice.choice(_DEFAULTS if kind < 0.94 else _GARBAGE)

    def _payload(self) -> str:
        dice = self._dice
        payload = f"/{dice.choice(self._intents)}"
        if dice.random() < 0.3:
            value = dice.choice(("fr", "asd", "rnp", "ar", self._token("idcs")))
            payload += f'{{"{dice.choice(self._entities)}":"{value}"}}'
        return payload

    def _sealed(self) -> str:
        dice = self._dice
        token = self._token(dice.choice(_SEALED))
        if dice.random() < 0.7:
            return token
        words = dice.choice(self._sentences)
        return dice.choice((f"{words} {token}", f"{token} {token}", f"c'est {token}", f" {token} "))

    def _token(self, purpose: str) -> str:
        middle = "".join(self._dice.choices(_ALPHABET, k=22))
        return f"[[{purpose}:{middle}:{self._dice.choice(('', '4', '42'))}]]"


def read_sentences(folder: Path) -> list[str]:
    """The training messages below a folder, without their marks."""
    found: list[str] = []
    for path in sorted(folder.glob("*/*.yml")):
        lines = _LINE.findall(path.read_text(encoding="utf-8"))
        found += (_MARK.sub(r"\1", line) for line in lines if not line.startswith("intent:"))
    return found


def _payloads(replies: list[dict[str, Any]]) -> list[str]:
    return [button["payload"] for reply in replies for button in reply.get("buttons") or []]
