"""What was handed in and the registry does not have: it is told of without asking the registry."""

from __future__ import annotations

from actions.topic import Telling
from records.applications import Submission
from records.submissions import REFUSED, SENT


def find_kept(telling: Telling, reference: str) -> Submission | None:
    """What lies here under a reference, unless the registry has it."""
    found = telling.services.submissions.find(reference)
    return None if found is None or found.state == SENT else found


def known_there_as(telling: Telling, reference: str) -> str:
    """The reference under which the registry has what we gave another one."""
    found = telling.services.submissions.find(reference)
    return (found.registry_reference if found else "") or reference


def all_waiting(telling: Telling, idcs: str) -> list[Submission]:
    """What a person handed in that still waits here."""
    person_key = telling.services.pseudonyms.person(idcs)
    return telling.services.submissions.waiting_of(person_key)


def say_kept(telling: Telling, kept: Submission) -> None:
    """Say that it waits here, or that the registry would not take it."""
    procedure = telling.services.desk.procedures.get(kept.programme)
    name = procedure.name(telling.language) if procedure else kept.programme
    state = "not_taken" if kept.state == REFUSED else "not_sent_yet"
    telling.say(f"utter_application_{state}", programme=name)
