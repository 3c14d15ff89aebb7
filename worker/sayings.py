"""What is written to people of our own accord: which words, and what may stand in them. No I/O.

No identifier, index or amount is ever among the values; who chose short messages reads only that
something changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from actions.programmes import Programme
from actions.registry.port import ALREADY_OPEN, NOT_IN_HOUSEHOLD, PROGRAMME_CLOSED, SLOT_TAKEN
from actions.registry.shapes import ApplicationState, EventKind, PaymentState, RegistryEvent
from core.references import in_groups
from locales.catalogs import Catalogs
from records.followers import Detail

_HOW: Final = "notice_how"
_REFUSALS: Final = {
    ALREADY_OPEN: "notice_refused_already_open",
    PROGRAMME_CLOSED: "notice_refused_programme_closed",
    NOT_IN_HOUSEHOLD: "notice_refused_not_in_household",
    SLOT_TAKEN: "notice_refused_slot_taken",
}
_STATES: Final = {
    EventKind.APPLICATION_CHANGED: ("application", frozenset(map(str, ApplicationState))),
    EventKind.PAYMENT_CHANGED: ("payment", frozenset(map(str, PaymentState))),
}


def say_event(
    event: RegistryEvent,
    detail: Detail,
    programmes: Mapping[str, Programme],
    catalogs: Catalogs,
    language: str,
) -> str:
    """A change in a person's file, in as much detail as they chose."""
    programme = programmes.get(event.programme)
    key = _event_key(event, programme is not None) if detail is Detail.FULL else "notice_changed"
    name = programme.short_name(language) if programme else ""
    said = catalogs.say(language, key, programme=name)
    return f"{said}\n{catalogs.say(language, _HOW)}"


def say_arrived(reference: str, registry_reference: str, catalogs: Catalogs, language: str) -> str:
    """What was handed in is at the register, under the same reference or another."""
    key = "notice_arrived" if registry_reference in ("", reference) else "notice_renamed"
    return catalogs.say(
        language,
        key,
        reference=in_groups(reference),
        registry_reference=in_groups(registry_reference),
    )


def say_refused(reference: str, reason: str, catalogs: Catalogs, language: str) -> str:
    """What was handed in is refused for good, and why where there is a word for it."""
    key = _REFUSALS.get(reason, "notice_refused")
    return catalogs.say(language, key, reference=in_groups(reference))


def say_paper(reference: str, catalogs: Catalogs, language: str) -> str:
    """A file sent with what was handed in is not at the register, and what to do about it."""
    return catalogs.say(language, "notice_paper_not_taken", reference=in_groups(reference))


def _event_key(event: RegistryEvent, is_programme_known: bool) -> str:
    if event.kind is EventKind.INDEX_CHANGED:
        return "notice_index_changed"
    if not is_programme_known:
        return "notice_changed"
    if event.kind is EventKind.DOCUMENT_MISSING:
        return "notice_application_documents_missing"
    of, states = _STATES[event.kind]
    state = event.detail.get("state", "")
    return f"notice_{of}_{state}" if state in states else "notice_changed_programme"
