"""A photograph or a PDF that is sent: taken with the request it is for, or not at all.

A file that nothing asked for is not kept, and its provider is told to forget it.
"""

from __future__ import annotations

from typing import Final

from rasa_sdk.events import EventType

from actions.applications.desk import Opened
from actions.applications.form import FORM
from actions.applications.sitting import Sitting
from actions.papers import Sent
from actions.topic import Telling, Topic
from core.errors import VaultError
from locales.formats import format_number

PURPOSE: Final = "document"


class ActionTakeDocument(Topic):
    """Takes a file for the request that is being filled in, where that asks for papers."""

    action_name = "action_take_document"

    def tell(self, telling: Telling) -> list[EventType]:
        """Say what becomes of it; a form that waits asks its question again."""
        token = next(telling.tracker.get_latest_entity_values("document"), None)
        try:
            opened = telling.services.vault.open(str(token), PURPOSE, telling.who.identity)
        except VaultError:
            telling.say("utter_document_again")
            telling.menu()
            return []
        sent = Sent.read(opened)
        sitting, draft = _what_asks(telling)
        if sitting is None or draft is None:
            telling.services.papers.discard(sent)
            telling.say("utter_document_not_asked")
            telling.menu()
            return []
        _take(telling, sitting, draft, sent)
        return []


def _what_asks(telling: Telling) -> tuple[Sitting | None, Opened | None]:
    """The request that is open and asks for papers, where whoever writes may go on with it."""
    if telling.tracker.active_loop_name != FORM:
        return None, None
    sitting = Sitting.of(telling)
    if sitting is None or not sitting.papers() or not sitting.may_go_on:
        return None, None
    draft = sitting.draft()
    if draft is None or not sitting.known_as or draft.id != sitting.known_as:
        return None, None
    return sitting, draft


def _take(telling: Telling, sitting: Sitting, draft: Opened, sent: Sent) -> None:
    who, papers = telling.who, telling.services.papers
    placed = papers.take(sent, draft.id, sitting.person_key, who.number_key)
    if not placed:
        telling.say("utter_document_too_many")
        return
    telling.services.audit.append(
        "document.taken", sitting.person_key, who.number_key, who.kind.value, {"files": placed}
    )
    count = format_number(papers.count(draft.id), telling.language)
    telling.say("utter_document_taken", count=count)
    telling.say("utter_document_originals")
