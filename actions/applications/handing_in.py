"""Handing in what is complete, and the receipt for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from actions.applications.desk import Opened
from actions.applications.sitting import Sitting
from actions.applications.writing import Written
from core.messages import ChannelKind
from core.references import in_groups
from locales.formats import format_date

_NEXT: Final = {"complaint": "utter_procedure_next", "contact": "utter_contact_next"}


def hand_in(sitting: Sitting, draft: Opened) -> str:
    """Hand a draft in for good and return its reference; the draft is gone with it.

    Raises StoreUnavailable, and then nothing was handed in and the draft is as it was.
    """
    services, who = sitting.telling.services, sitting.telling.who
    written = Written(
        procedure=sitting.procedure,
        filled=draft.filled,
        idcs=sitting.declarant,
        language=who.language,
        channel=who.kind.value,
        consent_version=services.consent_version(who.kind),
        given_on=services.clock(),
    )
    reference = sitting.desk.hand_in(
        draft, sitting.procedure.kind, who.number_key, sitting.person_key, written
    )
    detail: dict[str, str | int | bool | None] = {
        "procedure": sitting.procedure.key,
        "assisted": draft.filled.assisted,
    }
    event = f"{sitting.procedure.kind}.handed_in"
    services.audit.append(event, sitting.person_key, who.number_key, who.kind.value, detail)
    return reference


def say_receipt(sitting: Sitting, reference: str) -> None:
    """Say the reference and what comes next, and have the reference sent by SMS too."""
    telling, procedure = sitting.telling, sitting.procedure
    telling.services.following.handed_in(telling.who)
    shown = telling.shown(in_groups(reference))
    telling.say("utter_application_sent", reference=shown)
    today = telling.services.today()
    programme = telling.services.programmes.get(procedure.key)
    days = programme.days_for("decision", today) if programme else None
    if days is None:
        telling.say(_NEXT.get(procedure.kind, "utter_application_next"))
    else:
        day = format_date(today + timedelta(days=days), telling.language)
        telling.say("utter_application_decision", date=day)
    if not telling.services.following.shows_number(telling.who):
        telling.say("utter_application_no_number")
    elif telling.who.kind is not ChannelKind.SMS:
        telling.say("utter_application_sms", reference=shown)
