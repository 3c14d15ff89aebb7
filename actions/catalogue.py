"""Which aids there are, what each is, and the papers for it: public, for anybody who asks."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import dropwhile
from typing import Final

from rasa_sdk.events import EventType, SlotSet

from actions.programmes import Programme
from actions.registry.shapes import Availability
from actions.topic import Telling, Topic
from core.errors import RegistryError
from core.messages import ChannelKind
from locales.formats import format_index, format_number

# The answer to an appeal is told to whom it concerns, with the refusal.
_TOLD_DELAYS: Final = ("decision", "appeal")


class ActionListProgrammes(Topic):
    """Tells of the programme that is named, or offers those there are."""

    action_name = "action_list_programmes"

    def tell(self, telling: Telling) -> list[EventType]:
        """Say what its file says for today, and the way on."""
        programme = _named(telling)
        if programme is None:
            _offer_all(telling, "utter_programmes", "list_programmes")
        else:
            programme = _going_on(telling, programme)
            _say_about(telling, programme)
            if programme.status == "open":
                _say_availability(telling, programme)
            if telling.who.kind is not ChannelKind.USSD:
                _say_conditions(telling, programme)
            _say_next(telling, programme)
        return _forgotten(telling)


class ActionShowConditions(Topic):
    """Tells what a programme asks for, by when and where: on USSD a screen of its own."""

    action_name = "action_show_conditions"

    def tell(self, telling: Telling) -> list[EventType]:
        """Say it of the programme that is named, or offer those there are."""
        programme = _named(telling)
        if programme is None:
            _offer_all(telling, "utter_programmes", "list_programmes")
        else:
            programme = _going_on(telling, programme)
            name = programme.short_name(telling.language)
            telling.say("utter_conditions", programme=name)
            _say_conditions(telling, programme)
            _close(telling, programme)
        return _forgotten(telling)


class ActionRequiredDocuments(Topic):
    """Tells the papers for the programme that is named, or asks which one is meant."""

    action_name = "action_required_documents"

    def tell(self, telling: Telling) -> list[EventType]:
        """List the papers its file knows of, and say that there may be more."""
        programme = _named(telling) or _under_way(telling)
        if programme is None:
            _offer_all(telling, "utter_documents_which", "required_documents")
        else:
            programme = _going_on(telling, programme)
            _say_documents(telling, programme)
            _close(telling, programme)
        return _forgotten(telling)


def _named(telling: Telling) -> Programme | None:
    asked = telling.asked_programme()
    programmes = telling.services.programmes
    meant = (programme for programme in programmes.values() if programme.means == asked)
    return programmes.get(asked or "") or next(meant, None)


def _under_way(telling: Telling) -> Programme | None:
    """What is being asked for, where a form waits."""
    if not telling.is_in_a_form:
        return None
    slots = (telling.tracker.get_slot(name) for name in ("procedure", "programme"))
    known = (telling.services.programmes.get(str(value)) for value in slots if value)
    return next((programme for programme in known if programme), None)


def _going_on(telling: Telling, programme: Programme) -> Programme:
    """The programme itself, or the one that took its place."""
    if programme.status != "ended":
        return programme
    successor = telling.services.programmes[programme.successor]
    telling.say(
        "utter_programme_ended",
        programme=programme.short_name(telling.language),
        successor=successor.short_name(telling.language),
    )
    return successor


def _whole(telling: Telling, programme: Programme) -> Programme:
    return telling.services.programmes.get(programme.part_of, programme)


def _listed(telling: Telling) -> list[Programme]:
    """What is offered first: no parts, which the whole offers, and nothing that has ended."""
    programmes = telling.services.programmes.values()
    return [one for one in programmes if one.status not in ("ended", "closed") and not one.part_of]


def _offer_all(telling: Telling, key: str, intent: str) -> None:
    programmes = _listed(telling)
    if telling.is_in_a_form:
        names = "\n".join(one.short_name(telling.language) for one in programmes)
        telling.say("utter_programmes_named", programmes=names)
    else:
        telling.offer(key, _choices(telling, programmes, intent))


def _choices(telling: Telling, programmes: list[Programme], intent: str) -> list[dict[str, str]]:
    return [
        {
            "title": one.short_name(telling.language),
            "payload": f'/{intent}{{"programme":"{one.key}"}}',
        }
        for one in programmes
    ]


def _say_availability(telling: Telling, programme: Programme) -> None:
    """Say where the register takes no applications now; it is no matter where it does not say."""
    try:
        states = telling.services.registry.programmes(telling.language)
    except RegistryError:
        return
    found = next((one for one in states if one.programme == programme.key), None)
    if found is None or found.state is Availability.OPEN:
        return
    telling.say("utter_programme_closed_now", programme=programme.short_name(telling.language))
    if found.as_of is not None:
        telling.say("utter_programme_as_of", date=telling.public_date(found.as_of))


def _say_about(telling: Telling, programme: Programme) -> None:
    language, today = telling.language, telling.services.today()
    name = programme.short_name(language)
    summary = programme.summary.in_language(language) if programme.summary else ""
    telling.say("utter_programme_about", programme=name, summary=summary)
    for amount in programme.amounts_on(today):
        telling.say(
            f"utter_amount_{amount.per}",
            label=amount.label.in_language(language),
            amount=_figure(amount.dirhams, language),
        )
    if programme.part_of:
        whole = _whole(telling, programme)
        telling.say("utter_programme_within_another", programme=whole.short_name(language))
    if programme.status == "elsewhere" and programme.place:
        telling.say("utter_programme_elsewhere", place=programme.place.in_language(language))


def _figure(dirhams: Decimal, language: str) -> str:
    # The name of the currency stands before the number: what follows one is misplaced in Arabic.
    return format_number(int(dirhams), language) if dirhams % 1 == 0 else str(dirhams)


def _say_conditions(telling: Telling, programme: Programme) -> None:
    language, today = telling.language, telling.services.today()
    whole = _whole(telling, programme)
    for condition in programme.conditions_on(today):
        telling.say("utter_condition", condition=condition.text.in_language(language))
    limit = whole.threshold_on(today)
    if limit is not None:
        telling.say("utter_condition_index", threshold=format_index(limit, language))
    for what in _TOLD_DELAYS:
        days = whole.days_for(what, today)
        if days is not None:
            telling.say(f"utter_days_{what}", days=str(days))
    if whole.place and programme.status == "open":
        telling.say("utter_programme_place", place=whole.place.in_language(language))


def _close(telling: Telling, programme: Programme) -> None:
    if telling.is_in_a_form:
        return
    key = "utter_documents_next" if programme.status == "open" else "utter_what_next"
    telling.say(key, programme_key=programme.key)


def _say_next(telling: Telling, programme: Programme) -> None:
    if telling.is_in_a_form:
        return
    parts = [p for p in telling.services.programmes.values() if p.part_of == programme.key]
    kind = "elsewhere" if programme.status == "elsewhere" else programme.kind
    telling.offer(
        f"utter_{kind}_next",
        _choices(telling, parts, "list_programmes"),
        programme_key=programme.key,
    )


def _say_documents(telling: Telling, programme: Programme) -> None:
    today, whole = telling.services.today(), _whole(telling, programme)
    known = {one.key: one for one in (*whole.documents_on(today), *programme.documents_on(today))}
    name = programme.short_name(telling.language)
    if not known:
        telling.say("utter_documents_none", programme=name)
        return
    texts = (one.text.in_language(telling.language) for one in known.values())
    telling.say("utter_documents", programme=name, documents="\n".join(_dashed(texts)))
    telling.say("utter_documents_more")


def _dashed(texts: Iterator[str]) -> Iterator[str]:
    return (f"- {text}" for text in texts)


def _forgotten(telling: Telling) -> list[EventType]:
    """Nothing is kept of what was only looked up; a form that waits keeps what it was given."""
    before = None
    if telling.is_in_a_form:
        events = dropwhile(lambda event: event["event"] != "user", reversed(telling.tracker.events))
        set_before = (e for e in events if e["event"] == "slot" and e["name"] == "programme")
        before = next(set_before, {"value": None})["value"]
    return [SlotSet("programme", before)]
