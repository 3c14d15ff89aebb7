"""A number that cannot be relied on: proved by a code alone, and shown neither money nor index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import redis
import sqlalchemy as sa

from actions.registry.port import CodeChecked, CodeVerdict, ContactStanding
from actions.verification import Outcome, State
from records.tables import AuditRow
from tests.unit.actions.applications.filling import Filler
from tests.unit.actions.files import a_cover, a_payment, an_application, an_office
from tests.unit.actions.world import BORN, KHADIJA, Engine, World, caller, in_chat

DOUBTS = [ContactStanding.SIM_CHANGED, ContactStanding.NUMBER_MISMATCH]
MONEY = ("500", "8,7654321", "9,743001")


def doubt(world: World, standing: ContactStanding) -> None:
    """Have the registry say so of Khadija's number."""
    person = world.registry.person(KHADIJA, "fr")
    assert person is not None
    world.registry.change(KHADIJA, person=replace(person, standing=standing))


@pytest.fixture
def world(store: redis.Redis, records_url: str) -> Iterator[World]:
    """A world in which Khadija is paid, covered and has applied."""
    world = World(store, records_url)
    world.registry.know_office(an_office())
    given = {"payments": [a_payment()], "covers": [a_cover()], "applications": [an_application()]}
    world.give(KHADIJA, home_office="C-1", **given)
    yield world
    world.close()


@pytest.mark.parametrize("standing", DOUBTS)
def test_on_such_a_number_the_birth_date_is_no_second_factor(
    world: World, standing: ContactStanding
) -> None:
    verification = world.services.verification
    assert Outcome.VERIFIED is verification.begin(caller(), KHADIJA, BORN)
    verification.forget(caller())
    doubt(world, standing)

    assert Outcome.CODE_SENT is verification.begin(caller(), KHADIJA, BORN)
    assert verification.verified_idcs(caller()) is None


@pytest.mark.parametrize("standing", DOUBTS)
def test_whoever_proves_it_by_a_code_is_doubtful(world: World, standing: ContactStanding) -> None:
    verification = world.services.verification
    doubt(world, standing)
    verification.begin(in_chat(), KHADIJA, BORN)
    assert Outcome.VERIFIED is verification.confirm(in_chat(), world.registry.sent[-1].code)

    assert KHADIJA == verification.verified_idcs(in_chat())
    assert verification.is_doubtful(in_chat())


def test_what_is_said_with_the_code_alone_counts_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    verification = world.services.verification
    verification.begin(in_chat(), KHADIJA, BORN)
    told = CodeChecked(CodeVerdict.RIGHT, ContactStanding.SIM_CHANGED)
    monkeypatch.setattr(world.registry, "confirm_code", lambda *_: told)

    assert Outcome.VERIFIED is verification.confirm(in_chat(), "123456")
    assert verification.is_doubtful(in_chat())


def test_a_doubt_outlives_a_code_that_was_too_old(world: World) -> None:
    verification = world.services.verification
    doubt(world, ContactStanding.SIM_CHANGED)
    verification.begin(in_chat(), KHADIJA, BORN)
    doubt(world, ContactStanding.GOOD)
    world.pass_time(seconds=301)
    assert Outcome.EXPIRED_CODE is verification.confirm(in_chat(), "123456")

    assert Outcome.VERIFIED is verification.confirm(in_chat(), world.registry.sent[-1].code)
    assert verification.is_doubtful(in_chat())


def test_a_good_number_is_not_doubtful(world: World) -> None:
    verification = world.services.verification
    verification.begin(in_chat(), KHADIJA, BORN)
    verification.confirm(in_chat(), world.registry.sent[-1].code)

    assert not verification.is_doubtful(in_chat())
    assert not verification.is_doubtful(caller())


class Doubtful(Filler):
    """Somebody verified on a number that cannot be relied on."""

    def __init__(self, world: World) -> None:
        super().__init__(world, "whatsapp")
        self.hear("inform")
        state = State(KHADIJA, "", "", is_doubtful=True)
        world.services.verification._write(self.who, state)

    def read(self, action: str, **slots: str) -> tuple[list[str], str]:
        """The keys an action says, and all its values as they are read."""
        self.slots |= slots
        told = self.responses(action)
        values = " ".join(str(value) for one in told for value in one.values())
        return [one["response"] for one in told], self.opened(values)


@pytest.mark.parametrize(
    "action", ["action_show_benefits", "action_show_index", "action_show_eligibility"]
)
@pytest.mark.parametrize("programme", ["", "asd"])
def test_neither_amounts_nor_the_index_are_shown_and_the_centre_is_advised(
    world: World, action: str, programme: str
) -> None:
    keys, read = Doubtful(world).read(action, programme=programme)

    assert "utter_contact_doubtful" == keys[0]
    assert [] == [secret for secret in MONEY if secret in read]
    assert "disclosure.withheld" in events(world)


def test_the_registration_is_told_without_the_index(world: World) -> None:
    keys, read = Doubtful(world).read("action_show_registration")

    assert ["utter_rnp_registered", "utter_rsu_index_ready", "utter_contact_doubtful"] == keys
    assert [] == [secret for secret in MONEY if secret in read]


def test_how_far_a_request_is_and_where_to_go_are_told_all_the_same(world: World) -> None:
    doubtful = Doubtful(world)

    assert "utter_application_received" in doubtful.read("action_follow_application")[0]
    assert "utter_office_home" in doubtful.read("action_show_home_office")[0]


def test_how_to_reach_a_person_cannot_be_changed(world: World) -> None:
    doubtful = Doubtful(world)
    doubtful.hear("change_contact")
    doubtful.responses("action_begin_procedure")
    doubtful.enter()

    assert ["utter_contact_doubtful"] == doubtful.heard()
    assert "closed" == doubtful.slots["application"]
    keys, _ = doubtful.read("validate_application_form", answer=doubtful.seal("1", "answer"))
    assert keys in ([], ["utter_contact_doubtful"])
    assert [] == world.registry.contacts


def test_the_audit_says_that_a_verification_was_doubtful(engine: Engine, world: World) -> None:
    doubt(world, ContactStanding.SIM_CHANGED)
    engine.give(idcs=KHADIJA).give(birth_date="3/2/1980")
    engine.give(code=world.registry.sent[-1].code)

    assert "verified" == engine.slots["outcome"]
    with world.database.reading() as session:
        row = session.scalars(
            sa.select(AuditRow).where(AuditRow.event == "verification.verified")
        ).one()
    assert '{"doubtful":true}' == row.detail


def events(world: World) -> list[str]:
    """What was noted, in order."""
    with world.database.reading() as session:
        return list(session.scalars(sa.select(AuditRow.event).order_by(AuditRow.number)))


def test_every_step_of_a_verification_is_in_the_audit(world: World) -> None:
    chat = Engine(world, "whatsapp")
    chat.slots |= {"language": "fr", "consent": True}
    chat.give(idcs=KHADIJA).give(birth_date="4/2/1980")
    chat.give(idcs=KHADIJA).give(birth_date="3/2/1980")
    code = world.registry.sent[-1].code
    chat.give(code=f"{(int(code) + 1) % 10**6:06d}")
    world.pass_time(seconds=301)
    chat.give(code=code)
    chat.give(code=world.registry.sent[-1].code)

    steps = ["not_matched", "code_sent", "wrong_code", "expired_code", "verified"]
    assert [f"verification.{step}" for step in steps] == events(world)
    assert 5 == len(world.services.audit.of(world.pseudonyms.person(KHADIJA)))
