"""What the register said earlier is told with its day; what it closes for now is told as closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from actions.registry.port import Enrolment, EnrolmentStatus
from actions.registry.shapes import Availability, Office, ProgrammeState
from core.errors import RegistryUnavailable
from tests.unit.actions.files import an_office
from tests.unit.actions.world import KHADIJA, Engine, World

# Half past midnight of the next day in Morocco.
EARLIER = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)


def offices(world: World, monkeypatch: pytest.MonkeyPatch, *as_of: datetime | None) -> None:
    """Have the registry tell of offices as they were."""
    known = an_office().office
    told: tuple[Office, ...] = tuple(replace(known, as_of=moment) for moment in as_of)
    monkeypatch.setattr(world.registry, "offices", lambda *_: told)


def test_offices_from_earlier_are_told_with_their_day(
    engine: Engine, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    offices(world, monkeypatch, EARLIER, EARLIER)
    engine.hear("office_region", region="Rabat")
    engine.run("action_show_offices")

    assert ["utter_office", "utter_office", "utter_office_as_of"] == engine.keys[:3]
    assert "21/11/2026" == engine.said[2][1]["date"]


def test_offices_of_a_commune_too(
    engine: Engine, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    offices(world, monkeypatch, EARLIER)
    engine.hear("inform")
    engine.active = "office_form"
    engine.add({"event": "action", "name": "office_form", "policy": "RulePolicy", "confidence": 1})
    engine.set_slot("commune", engine.seal("Salé", "answer"))
    engine.run("validate_office_form")

    assert "utter_office_as_of" in engine.keys


def test_offices_of_today_have_no_day(
    engine: Engine, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    offices(world, monkeypatch, None)
    engine.hear("office_region", region="Rabat")
    engine.run("action_show_offices")

    assert "utter_office_as_of" not in engine.keys


def states(world: World, monkeypatch: pytest.MonkeyPatch, *told: ProgrammeState) -> None:
    """Have the registry's catalogue say so."""
    monkeypatch.setattr(world.registry, "programmes", lambda _: told)


def told_of(engine: Engine, programme: str) -> list[str]:
    """What is said of a programme to whoever asks."""
    engine.hear("list_programmes", programme=programme)
    return engine.run("action_list_programmes").keys


@pytest.mark.parametrize("state", [Availability.CLOSED, Availability.ENDED])
def test_what_the_register_takes_no_applications_for_is_told_as_such(
    engine: Engine, world: World, monkeypatch: pytest.MonkeyPatch, state: Availability
) -> None:
    states(world, monkeypatch, ProgrammeState("asd", state))

    assert "utter_programme_closed_now" in told_of(engine, "asd")
    assert "utter_programme_as_of" not in engine.keys
    assert "utter_programme_closed_now" not in told_of(engine, "amo_tadamon")


def test_and_of_which_day_that_is_where_it_is_away(
    engine: Engine, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    states(world, monkeypatch, ProgrammeState("asd", Availability.CLOSED, as_of=EARLIER))

    keys = told_of(engine, "asd")

    assert keys.index("utter_programme_as_of") == keys.index("utter_programme_closed_now") + 1
    [date_told] = [value["date"] for key, value in engine.said if key == "utter_programme_as_of"]
    assert "21/11/2026" == date_told


def test_without_the_register_the_file_of_the_programme_is_told(
    engine: Engine, world: World
) -> None:
    before = told_of(engine, "asd")
    world.registry.failure = RegistryUnavailable()

    assert before == told_of(engine, "asd")
    assert "utter_programme_about" in before


def test_whoever_is_in_a_programme_reads_so_when_they_ask_whether_they_may(
    engine: Engine, world: World
) -> None:
    world.give(enrolments=[Enrolment("asd", EnrolmentStatus.ACTIVE, date(2026, 1, 1))])
    engine.give(idcs=KHADIJA).give(birth_date="3/2/1980")
    engine.active = None
    engine.set_slot("programme", "asd")

    assert "utter_programme_enrolled" == engine.run("action_show_eligibility").keys[0]
    engine.set_slot("programme", "amo_tadamon")
    assert "utter_programme_enrolled" not in engine.run("action_show_eligibility").keys
