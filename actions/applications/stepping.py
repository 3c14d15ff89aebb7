"""Back and out of the form, where the engine itself understood that."""

from __future__ import annotations

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions.applications.form import FORM, say_kept
from actions.applications.sitting import Sitting
from actions.applications.taking import Taking
from actions.topic import Telling


def step_back(telling: Telling) -> list[EventType] | None:
    """The question before the open one, or None where there is none and the form is left."""
    sitting = Sitting.of(telling)
    if sitting is None:
        return None
    if not sitting.may_go_on:
        # Whoever must be verified anew begins where they were.
        return [FollowupAction(FORM)]
    draft = sitting.draft()
    if draft is None:
        return None
    taking = Taking(sitting, draft, "")
    draft = taking.go_back()
    if taking.is_left:
        return None
    return [SlotSet("draft", draft.id), FollowupAction(FORM)]


def say_what_is_kept(telling: Telling) -> None:
    """Say that the draft is kept, where one was being filled in."""
    if telling.tracker.active_loop_name == FORM and telling.tracker.get_slot("draft"):
        say_kept(telling)
