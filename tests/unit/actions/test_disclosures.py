"""What is shown of a file stands in the audit: who, what kind, which channel, never the value."""

from __future__ import annotations

import ast
import asyncio
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import redis
import sqlalchemy as sa

from actions.server import all_actions
from records.tables import AuditRow
from tests.unit.actions.applications.filling import PROGRAMMES, Filler, at_the_summary
from tests.unit.actions.files import (
    APPLIED,
    COMPLAINED,
    a_complaint,
    a_cover,
    a_member,
    a_payment,
    an_application,
    an_office,
)
from tests.unit.actions.world import KHADIJA, SALMA, ZINEB, World

ACTIONS = Path(__file__).parents[3] / "actions"
SHOWN = "[[shown:"
# What is written when something was shown; a verification shows nothing.
DISCLOSES = ("disclosure.", "application.handed_in", "complaint.handed_in", "contact.handed_in")
# Those that show something of a file like Khadija's without being asked for more.
OPEN_BOOKS = {
    "action_show_registration",
    "action_show_benefits",
    "action_show_index",
    "action_show_home_office",
    "action_follow_application",
    "action_export_data",
}
# The intent by which an action is asked for, where it looks at it.
INTENTS = {"action_begin_procedure": "report_problem"}


class Watched(Filler):
    """A citizen whose every screen is compared with the audit; `shows` names what showed."""

    def __init__(self, world: World, kind: str = "ussd", **more: Any) -> None:
        super().__init__(world, kind, **more)
        self.shows: list[str] = []

    def responses(self, action: str) -> list[dict[str, Any]]:
        """Run an action; nothing it shows may be missing in the audit."""
        before = len(rows(self.world))
        told = super().responses(action)
        if SHOWN in json.dumps(told):
            noted = [row.event for row in rows(self.world)[before:]]
            assert [event for event in noted if event.startswith(DISCLOSES)], action
            self.shows.append(action)
        return told


def rows(world: World) -> list[AuditRow]:
    """The audit, the oldest first."""
    with world.database.reading() as session:
        return list(session.scalars(sa.select(AuditRow).order_by(AuditRow.number)))


@pytest.fixture
def world(store: redis.Redis, records_url: str) -> World:
    """A world in which Khadija's file holds something of every kind."""
    world = World(store, records_url, programmes_folder=str(PROGRAMMES))
    world.registry.know_office(an_office())
    world.give(
        KHADIJA,
        members=[a_member(KHADIJA, "Khadija"), a_member(ZINEB), a_member(SALMA, "Saïd")],
        payments=[a_payment()],
        covers=[a_cover()],
        applications=[an_application()],
        complaints=[a_complaint()],
        home_office="C-1",
    )
    return world


def names() -> list[str]:
    """Every action of the domain, read from the code that serves them."""
    tree = ast.parse((ACTIONS / "server.py").read_text(encoding="utf-8"))
    [listed] = [
        n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == "all_actions"
    ]
    return [
        call.func.id
        for call in ast.walk(listed)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
    ]


@pytest.mark.parametrize("kind", ["ussd", "whatsapp"])
def test_no_action_shows_anything_that_the_audit_does_not_know(world: World, kind: str) -> None:
    shown: set[str] = set()
    for action in all_actions(world.services):
        for slots in ({}, {"programme": "asd"}, {"procedure": "contact"}):
            citizen = Watched(world, kind)
            citizen.verified()
            citizen.hear(INTENTS.get(action.name(), "inform"))
            citizen.slots |= slots
            citizen.responses(action.name())
            shown |= set(citizen.shows)
            # An erasure ends a verification and empties what others find.
            world.services.verification.forget(citizen.who)

    assert len(names()) == len(all_actions(world.services))
    assert OPEN_BOOKS <= shown
    assert world.services.audit.verify().broken_at is None


def test_everything_a_form_shows_is_in_the_audit(world: World) -> None:
    citizen = Watched(world, "whatsapp")
    at_the_summary(citizen.verified())
    citizen.choose("send").choose("no").choose("yes")

    assert "action_ask_application_form_answer" in citizen.shows
    assert "validate_application_form" in citizen.shows
    assert "application.handed_in" in [row.event for row in rows(world)]


@pytest.mark.parametrize("reference", [APPLIED, COMPLAINED])
def test_what_a_reference_shows_to_whoever_holds_it_is_in_the_audit(
    world: World, reference: str
) -> None:
    holder = Watched(world)
    holder.slots |= {"language": "fr", "consent": True}
    holder.hear("track_application")
    holder.set_slot("reference", reference)

    assert holder.responses("action_follow_application")
    assert ["action_follow_application"] == holder.shows
    [row] = [row for row in rows(world) if row.event == "disclosure.by_reference"]
    assert ("", "ussd") == (row.person_key, row.channel)
    assert row.number_key


def test_a_disclosure_names_kind_and_channel_and_no_value(world: World) -> None:
    citizen = Watched(world, "whatsapp").verified()
    citizen.hear("inform")
    citizen.responses("action_show_benefits")

    [row] = [row for row in rows(world) if row.event.startswith("disclosure.")]
    assert ("disclosure.benefits", "whatsapp", "{}") == (row.event, row.channel, row.detail)
    assert row.person_key
    assert world.services.audit.of(world.pseudonyms.person(KHADIJA))


def test_nothing_is_shown_where_the_audit_cannot_be_written(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    citizen = Watched(world).verified()
    citizen.hear("inform")

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("no audit")

    monkeypatch.setattr(type(world.services.audit), "append", fail)
    for action in sorted(OPEN_BOOKS):
        with pytest.raises(RuntimeError):
            asyncio.run(world.executor.run(citizen.call(action)))


def calls_of(path: Path, is_wanted: Callable[[ast.Attribute], bool]) -> int:
    """How many calls of a method a file has."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return sum(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and is_wanted(node.func)
        for node in ast.walk(tree)
    )


def test_values_are_sealed_for_the_screen_in_three_places_alone() -> None:
    def seals_for_the_screen(method: ast.Attribute) -> bool:
        owner = ast.unparse(method.value)
        return method.attr == "shown" and owner.endswith("services")

    found = {
        path.relative_to(ACTIONS).as_posix()
        for path in ACTIONS.rglob("*.py")
        if calls_of(path, seals_for_the_screen)
        or re.search(r"\bSHOWN\b", path.read_text(encoding="utf-8"))
    }

    # The topics' own way, what it goes through, and the registration, which writes its own row.
    assert {"topic.py", "services.py", "registration.py"} == found
