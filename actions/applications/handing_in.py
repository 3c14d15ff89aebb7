"""Handing in what is complete, and the receipt for it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from actions.applications.desk import Opened
from actions.applications.sitting import Sitting
from actions.applications.writing import Written
from core.messages import ChannelKind
from core.references import in_groups
from core.staff_hours import MOROCCO
from locales.formats import format_date
from records.applications import Submission

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
    telling = sitting.telling
    telling.services.following.handed_in(telling.who)
    _say_what_follows(sitting, reference, telling.services.today(), by_sms=True)


def say_made_already(sitting: Sitting, made: Submission) -> None:
    """Say when the request was made, its reference and what comes next; no SMS goes again."""
    day = made.created.astimezone(MOROCCO).date()
    sitting.telling.say("utter_application_already", date=sitting.telling.shown_date(day))
    _say_what_follows(sitting, made.reference, day, by_sms=False)


def _say_what_follows(sitting: Sitting, reference: str, made_on: date, by_sms: bool) -> None:
    telling, procedure = sitting.telling, sitting.procedure
    shown = telling.shown(in_groups(reference))
    telling.say("utter_application_sent", reference=shown)
    programme = telling.services.programmes.get(procedure.key)
    days = programme.days_for("decision", made_on) if programme else None
    if days is None:
        telling.say(_NEXT.get(procedure.kind, "utter_application_next"))
    else:
        day = format_date(made_on + timedelta(days=days), telling.language)
        telling.say("utter_application_decision", date=day)
    if not telling.services.following.shows_number(telling.who):
        telling.say("utter_application_no_number")
    elif by_sms and telling.who.kind is not ChannelKind.SMS:
        telling.say("utter_application_sms", reference=shown)
