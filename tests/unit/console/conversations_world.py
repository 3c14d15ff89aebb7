"""Conversations that the console's tests read: one on each channel, with all that can be in one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from core.privacy import Seal
from core.vault import Token
from records.database import Database
from records.handovers import Asked, Handover, Handovers, handover_context
from tests.builders import KEY, NOW, NUMBER
from transcripts.letters import Letter
from transcripts.reading import Reading
from transcripts.store import Transcripts
from transcripts.turns import RecordedTurn, Understood

NUMBER_KEY = "f" * 32
TOKEN = str(Token("idcs", "A" * 22, "19"))
HOSTILE = "<script>alert(1)</script>"


def fill(database: Database) -> dict[str, int]:
    """Record the conversations; the number of each by its channel."""
    who: dict[str, dict[str, Any]] = {
        kind: {
            "name": f"{kind}-{NUMBER_KEY}",
            "number_key": NUMBER_KEY,
            "kind": kind,
            "channel": kind,
            "provider": "ussd" if kind == "ussd" else "twilio",
        }
        for kind in ("ussd", "whatsapp", "sms")
    }

    def turn(key: str, kind: str, after: int, **given: Any) -> RecordedTurn:
        at = NOW + timedelta(minutes=after)
        fields: dict[str, Any] = {"outcome": "answered", "language": "fr", **who[kind], **given}
        return RecordedTurn(key=key, at=at, **fields)

    turns = [
        turn("u1", "ussd", 0, step="open", session_event="new", screens=["Menu:\n1. Inscription"]),
        turn("u2", "ussd", 1, step="choice", said="1", choice="check_registration", is_open=False),
        turn("w1", "whatsapp", 2, step="words", said="أين وصلت إعانتي", language="ar"),
        turn("w2", "whatsapp", 3, step="words", said=f"mon numéro {TOKEN}", language="ar"),
        turn("s1", "sms", 4, step="words", said=HOSTILE, language="zgh", outcome="EngineSilent"),
    ]
    store = Transcripts(database)
    store.record(turns)
    ranking = [{"name": "track_benefit", "confidence": 0.93}, ["find_office", 0.02]]
    entity = ["programme", "asd"]
    store.understand(
        [
            Understood("w1", "track_benefit", 0.93, ranking, [entity], ["utter_menu"], [], "asd"),
            Understood("s1", "nlu_fallback", 0.2),
        ]
    )
    store.keep_letters(
        [
            Letter(
                key="l1",
                at=NOW + timedelta(minutes=5),
                text="Un paiement vous attend.",
                state="undelivered",
                code="30005",
                **who["sms"],
            )
        ]
    )
    reading = Reading(database)
    found = {kind: reading.latest(each["name"]) for kind, each in who.items()}
    return {kind: row.id for kind, row in found.items() if row is not None}


def ask_for_a_person(database: Database, kind: str = "whatsapp") -> Handover:
    """The citizen of that channel's conversation asks for a person."""
    name = f"{kind}-{NUMBER_KEY}"
    sealed = Seal(KEY).close(NUMBER.encode(), handover_context(name))
    asked = Asked(NUMBER_KEY, name, kind, "fr", "track_benefit", "asd", sealed)
    return Handovers(database, lambda: NOW).ask(asked)
