"""What a file says is said as it is, to the citizen who was verified, sealed on its way."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import redis

from actions.registry.port import Enrolment, EnrolmentStatus, Household, RnpStatus, RsuStatus
from actions.registry.pretend import PretendRecord
from core.errors import RegistryRefused, RegistryTimeout, RegistryUnavailable
from core.vault import SHOWN
from tests.builders import NOW, NUMBER
from tests.unit.actions.world import KHADIJA, SALMA, Engine, World, a_household, a_person

TODAY = NOW.date()
ASD, AMO = Decimal("9.743001"), Decimal("9.3264284")
Show = Callable[..., Engine]


@pytest.fixture
def show(store: redis.Redis, records_url: str) -> Iterator[Show]:
    """Shows a verified citizen a file; called with a household, enrolments, and changes."""
    worlds = []

    def shown(
        household: Household | None,
        *enrolments: Enrolment,
        kind: str = "ussd",
        language: str = "fr",
        **person: Any,
    ) -> Engine:
        record = PretendRecord(a_person(KHADIJA, **person), household, enrolments)
        world = World(store, records_url, record)
        worlds.append(world)
        engine = Engine(world, kind)
        engine.slots |= {"language": language, "consent": True}
        engine.give(idcs=KHADIJA, birth_date="3/2/1980")
        if kind != "ussd":
            engine.give(code=world.registry.sent[-1].code)
        assert "verified" == engine.slots["outcome"]
        # The rule that shows the file has ended the identity form.
        engine.active = None
        return engine.run("action_show_registration")

    yield shown
    for world in worlds:
        world.close()


def enrolled(programme: str, status: EnrolmentStatus) -> Enrolment:
    return Enrolment(programme, status, date(2024, 1, 1))


def opened(engine: Engine, value: str) -> str:
    return engine.world.services.vault.open(value, SHOWN, engine.conversation)


def programmes(engine: Engine) -> dict[str, str]:
    """What was said of each programme."""
    return {
        values["programme"]: key.removeprefix("utter_programme_")
        for key, values in engine.said
        if key.startswith("utter_programme_")
    }


@pytest.mark.parametrize("status", list(RnpStatus))
def test_the_state_in_the_population_register_is_said(show: Show, status: RnpStatus) -> None:
    assert f"utter_rnp_{status.value}" == show(a_household(), rnp_status=status).keys[0]


@pytest.mark.parametrize("status", list(RsuStatus))
def test_the_state_in_the_social_register_is_said(show: Show, status: RsuStatus) -> None:
    assert f"utter_rsu_{status.value}" == show(a_household(rsu_status=status)).keys[1]


def test_a_whole_answer_comes_in_its_order(show: Show) -> None:
    engine = show(a_household())

    assert [
        "utter_rnp_registered",
        "utter_rsu_index_ready",
        "utter_household",
        "utter_index",
        "utter_programme_within",
        "utter_programme_within",
        "utter_no_promise",
    ] == engine.keys


def test_without_a_household_nothing_is_said_of_programmes(show: Show) -> None:
    assert ["utter_rnp_registered", "utter_rsu_not_found"] == show(None).keys


def test_the_household_and_its_index_are_said_to_the_citizen_alone(show: Show) -> None:
    engine = show(a_household())
    said = dict(engine.said)

    assert "5" == opened(engine, said["utter_household"]["count"])
    assert "8,7654321" == opened(engine, said["utter_index"]["value"])
    assert "24/10/2026" == opened(engine, said["utter_index"]["date"])


@pytest.mark.parametrize("kind", ["ussd", "whatsapp"])
def test_no_value_of_the_file_can_be_read_in_what_the_engine_gets(show: Show, kind: str) -> None:
    told = json.dumps([(e := show(a_household(), kind=kind)).said, e.returned, e.call("x")])

    for secret in ("8,7654321", "8.7654321", "24/10/2026", "2026-10-24", KHADIJA, NUMBER[4:]):
        assert secret not in told


@pytest.mark.parametrize(
    ("language", "index", "day"),
    [
        ("ar", "8,7654321", "24/10/2026"),
        ("ary", "8,7654321", "24/10/2026"),
        ("fr", "8,7654321", "24/10/2026"),
        ("zgh", "8,7654321", "24/10/2026"),
    ],
)
def test_numbers_and_dates_are_written_as_moroccans_write_them(
    show: Show, language: str, index: str, day: str
) -> None:
    engine = show(a_household(), language=language)
    said = dict(engine.said)

    assert index == opened(engine, said["utter_index"]["value"])
    assert day == opened(engine, said["utter_index"]["date"])


@pytest.mark.parametrize(
    ("index", "asd", "amo"),
    [
        ("1", "within", "within"),
        ("9.3264284", "within", "within"),
        ("9.3264285", "within", "above"),
        ("9.743001", "within", "above"),
        ("9.743002", "above", "above"),
        ("9.7430011", "above", "above"),
        ("30", "above", "above"),
    ],
)
def test_an_index_is_within_a_limit_up_to_the_very_limit(
    show: Show, index: str, asd: str, amo: str
) -> None:
    engine = show(a_household(index=Decimal(index)))

    assert {"ASD": asd, "AMO-Tadamon": amo} == programmes(engine)


def test_the_limit_itself_is_said(show: Show) -> None:
    engine = show(a_household())
    limits = [v["threshold"] for key, v in engine.said if key.startswith("utter_programme_")]

    assert {"9,743001", "9,3264284"} == set(limits)


@pytest.mark.parametrize(
    "changes",
    [
        {"index": None, "index_date": None, "rsu_status": RsuStatus.REGISTERED},
        {"index": None},
    ],
)
def test_without_an_index_nothing_is_guessed(show: Show, changes: dict[str, Any]) -> None:
    engine = show(a_household(**changes))

    assert "utter_index_missing" in engine.keys
    assert {"utter_index", "utter_index_old"}.isdisjoint(engine.keys)
    assert {"ASD": "unknown", "AMO-Tadamon": "unknown"} == programmes(engine)


def test_an_index_without_a_date_is_no_index(show: Show) -> None:
    engine = show(a_household(index_date=None))

    assert "utter_index_missing" in engine.keys
    assert {"unknown"} == set(programmes(engine).values())


@pytest.mark.parametrize(
    ("days", "is_old"), [(0, False), (364, False), (365, False), (366, True), (900, True)]
)
def test_an_index_of_more_than_a_year_is_said_to_be_old(
    show: Show, days: int, is_old: bool
) -> None:
    engine = show(a_household(index_date=TODAY - timedelta(days=days)))

    assert is_old == ("utter_index_old" in engine.keys)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (EnrolmentStatus.ACTIVE, "enrolled"),
        (EnrolmentStatus.SUSPENDED, "suspended"),
        (EnrolmentStatus.AWAITING_RENEWAL, "above"),
        (EnrolmentStatus.ENDED, "above"),
    ],
)
def test_a_programme_somebody_was_accepted_in_is_said_as_it_stands(
    show: Show, status: EnrolmentStatus, said: str
) -> None:
    engine = show(a_household(index=Decimal(12)), enrolled("asd", status))

    assert {"ASD": said, "AMO-Tadamon": "above"} == programmes(engine)


def test_a_programme_is_known_to_be_received_even_without_an_index(show: Show) -> None:
    engine = show(
        a_household(index=None, index_date=None), enrolled("amo_tadamon", EnrolmentStatus.ACTIVE)
    )

    assert {"ASD": "unknown", "AMO-Tadamon": "enrolled"} == programmes(engine)


def test_programmes_have_their_names_in_the_citizens_language(show: Show) -> None:
    assert {"الدعم المباشر", "أمو تضامن"} == set(programmes(show(a_household(), language="ary")))


def test_nobody_is_shown_anything_before_being_verified(engine: Engine) -> None:
    engine.hear("check_registration")

    assert ["utter_value_gone", "utter_menu"] == engine.run("action_show_registration").keys


def test_another_call_of_the_same_number_is_shown_nothing(show: Show) -> None:
    engine = show(a_household())
    engine.session = "session-2"
    engine.hear("check_registration")

    assert ["utter_value_gone", "utter_menu"] == engine.run("action_show_registration").keys


def test_within_a_call_it_may_be_shown_again(show: Show) -> None:
    engine = show(a_household())

    assert "utter_index" in engine.run("action_show_registration").keys


@pytest.mark.parametrize("kind", ["whatsapp", "sms"])
@pytest.mark.parametrize("leaving", ["action_goodbye", "action_home", "action_open"])
def test_a_chat_may_go_on_asking_until_it_is_left(show: Show, kind: str, leaving: str) -> None:
    engine = show(a_household(), kind=kind)
    assert "utter_index" in engine.run("action_show_registration").keys

    engine.run(leaving)

    assert ["utter_value_gone", "utter_menu"] == engine.run("action_show_registration").keys


@pytest.mark.parametrize(
    "failure", [RegistryUnavailable("down"), RegistryTimeout("slow"), RegistryRefused("no")]
)
def test_a_registry_that_fails_is_said_and_the_citizen_stays_verified(
    engine: Engine, world: World, failure: Any
) -> None:
    engine.give(idcs=SALMA, birth_date="3/2/1980")
    world.registry.failure = failure
    down = engine.run("action_show_registration").keys
    world.registry.failure = None

    assert ["utter_registry_unavailable"] == down
    assert "utter_rsu_not_found" in engine.run("action_show_registration").keys


def test_every_disclosure_is_audited_under_pseudonyms(show: Show) -> None:
    engine = show(a_household())
    with engine.world.database.reading() as session:
        query = "SELECT event, person_key, number_key, channel FROM audit ORDER BY number DESC"
        last = session.connection().exec_driver_sql(query).fetchone()
        known = session.connection().exec_driver_sql("SELECT * FROM audit_subjects").fetchall()
    keys = engine.world.pseudonyms
    subjects = {row[0]: row[1] for row in known}

    assert last is not None
    assert (
        "disclosure.registration",
        subjects[keys.person(KHADIJA)],
        subjects[keys.number(NUMBER)],
        "ussd",
    ) == tuple(last)
