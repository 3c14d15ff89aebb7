"""What the door and the actions leave in the stores before the worker comes: numbers, requests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import orjson

from core.messages import ChannelKind
from core.reach import Heard
from core.references import new_reference
from records.addresses import Addresses, address_context
from records.applications import Applications, HandedIn, submission_context
from records.consents import Consents
from records.followers import Detail, Followers
from records.people import Numbers
from tests.builders import IDCS, NUMBER
from tests.unit.worker.workshop import Workshop

PROGRAMME: Final = "asd"


def knows(workshop: Workshop, number: str = NUMBER, language: str = "fr") -> str:
    """A number that chose a language and agreed to the consent text; its key."""
    key = workshop.pseudonyms.number(number)
    Numbers(workshop.database).choose_language(key, language)
    Consents(workshop.database).give(key, "2026-11", language, "sms")
    sealed = workshop.seal.close(number.encode(), address_context(key))
    Addresses(workshop.database).keep(key, sealed, "ussd")
    return key


def hears(
    workshop: Workshop, kind: ChannelKind, number: str = NUMBER, at: datetime | None = None
) -> None:
    """The number calls or writes."""
    reach = workshop.house.house().reach
    heard = Heard(number, kind, at or datetime.now(UTC))
    reach.heard(workshop.pseudonyms.number(number), heard)


def follows(
    workshop: Workshop,
    detail: Detail = Detail.FULL,
    number: str = NUMBER,
    language: str = "fr",
    idcs: str = IDCS,
) -> str:
    """A person agrees to be told of changes on a number; the person's key."""
    number_key = knows(workshop, number, language)
    person_key = workshop.pseudonyms.person(idcs)
    Followers(workshop.database).agree(person_key, number_key, detail, "a-code")
    return person_key


def hands_in(
    workshop: Workshop, kind: str = "application", idcs: str = IDCS, **changes: Any
) -> str:
    """Something is handed in from NUMBER; its reference."""
    key = knows(workshop)
    reference = new_reference()
    name = f"draft-{reference}"
    told: dict[str, Any] = {
        "idempotency_key": name,
        "idcs": idcs,
        "reference": reference,
        "language": "fr",
        "channel": "ussd",
        "given_on": datetime.now(UTC).isoformat(),
    }
    if kind == "application":
        told |= {
            "programme": PROGRAMME,
            "for_idcs": [],
            "answers": {},
            "consent_version": "2026-11",
            "assisted": False,
        }
    elif kind == "complaint":
        told |= {"category": "payment", "text": "rien reçu", "about": ""}
    else:
        told |= {"phone": "+212612345679", "address": ""}
    value = told | changes
    sealed = workshop.seal.close(orjson.dumps(value), submission_context(name))
    person = workshop.pseudonyms.person(idcs)
    Applications(workshop.database).hand_in(
        HandedIn(name, reference, person, key, kind, PROGRAMME, sealed)
    )
    return reference
