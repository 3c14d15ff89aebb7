"""Was I paid? The last payment and the next of each programme, and whether the cover is active."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from rasa_sdk.events import EventType, SlotSet

from actions.registry.port import Enrolment, EnrolmentStatus
from actions.registry.shapes import Cover, Payment, PaymentState
from actions.topic import PersonalTopic, Telling
from locales.formats import format_month

Named = TypeVar("Named", Payment, Cover, Enrolment)
_TO_COME = (PaymentState.SCHEDULED, PaymentState.READY)


class ActionShowBenefits(PersonalTopic):
    """Shows the money and the cover of one programme, or of all."""

    action_name = "action_show_benefits"
    disclosure = "benefits"
    tells_money = True

    def tell_person(self, telling: Telling, idcs: str) -> list[EventType]:
        """Say what was paid last, what comes next, and why there is nothing."""
        registry, language = telling.services.registry, telling.language
        asked = telling.tracker.get_slot("programme")
        wanted = _with_parts(telling, asked) if asked else None
        payments = _of(wanted, registry.payments(idcs, language))
        covers = _of(wanted, registry.covers(idcs, language))
        enrolments = _of(wanted, registry.enrolments(idcs, language))
        for cover in covers:
            _say_cover(telling, cover)
        for programme in dict.fromkeys(payment.programme for payment in payments):
            _say_payments(telling, [one for one in payments if one.programme == programme])
        for enrolment in enrolments:
            if enrolment.status is EnrolmentStatus.SUSPENDED:
                name = telling.programme_name(enrolment.programme)
                telling.say("utter_benefit_suspended", programme=name)
        if not payments and not covers:
            _say_nothing(telling, asked, bool(enrolments))
        if not telling.is_in_a_form:
            telling.say("utter_benefits_next")
        return [SlotSet("programme", None)]


def _with_parts(telling: Telling, asked: str) -> set[str]:
    programmes = telling.services.programmes.values()
    return {asked, *(one.key for one in programmes if one.part_of == asked or one.means == asked)}


def _of(wanted: set[str] | None, found: Iterable[Named]) -> list[Named]:
    return [one for one in found if wanted is None or one.programme in wanted]


def _say_cover(telling: Telling, cover: Cover) -> None:
    name = telling.programme_name(cover.programme)
    if cover.is_active and cover.until:
        until = telling.shown_date(cover.until)
        telling.say("utter_cover_active_until", programme=name, date=until)
    elif cover.is_active:
        telling.say("utter_cover_active", programme=name)
    elif cover.until:
        telling.say("utter_cover_ended", programme=name, date=telling.shown_date(cover.until))
    else:
        telling.say("utter_cover_inactive", programme=name)


def _say_payments(telling: Telling, payments: list[Payment]) -> None:
    """The next payment to come and the last one before it; `payments` begin with the newest."""
    to_come = [payment for payment in payments if payment.state in _TO_COME]
    settled = [payment for payment in payments if payment.state not in _TO_COME]
    for payment in (*to_come[-1:], *settled[:1]):
        _say_payment(telling, payment)
    this_month = telling.services.today().replace(day=1)
    if not any(payment.month >= this_month for payment in payments):
        telling.say("utter_payment_none_this_month")


def _say_payment(telling: Telling, payment: Payment) -> None:
    values = {
        "programme": telling.programme_name(payment.programme),
        "month": format_month(payment.month, telling.language),
    }
    key = f"utter_payment_{payment.state.value}"
    if payment.state is not PaymentState.HELD:
        values["amount"] = telling.shown_amount(payment.amount)
    if payment.day and payment.state in (PaymentState.PAID, PaymentState.SCHEDULED):
        key, values["date"] = f"{key}_on", telling.shown_date(payment.day)
    telling.say(key, **values)
    if payment.state is PaymentState.READY:
        _say_where(telling, payment.collect_at, payment.collect_by)
    if payment.state in (PaymentState.FAILED, PaymentState.HELD):
        reason = payment.reason.value if payment.reason else "other"
        telling.say(f"utter_payment_reason_{reason}")


def _say_where(telling: Telling, place: str, by: date | None) -> None:
    if place:
        telling.say("utter_payment_collect_at", place=telling.shown(place))
    if by:
        telling.say("utter_payment_collect_by", date=telling.shown_date(by))


def _say_nothing(telling: Telling, asked: str | None, is_enrolled: bool) -> None:
    if asked is None:
        telling.say("utter_payment_none")
    elif is_enrolled:
        telling.say("utter_payment_none_of", programme=telling.programme_name(asked))
    else:
        telling.say("utter_benefit_not_enrolled", programme=telling.programme_name(asked))
