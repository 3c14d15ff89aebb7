"""A verified person agrees to be told of changes, on one number, in the detail they choose."""

from __future__ import annotations

from datetime import timedelta

import pytest
import redis
from celery import Celery

from actions.following import DRAIN, NOTE_HOME, UNSUBSCRIBE
from actions.registry.shapes import EventKind
from core.errors import RegistryRefused, RegistryUnavailable
from core.messages import ChannelKind
from core.privacy import Seal
from core.reach import Heard, Reach
from core.references import new_reference
from records.applications import Applications, HandedIn
from records.followers import Detail, Followers
from records.submissions import Submissions
from tests.builders import KEY, NOW, NUMBER
from tests.unit.actions.engine import Engine
from tests.unit.actions.world import BORN, KHADIJA, OTHER_NUMBER, World


@pytest.fixture
def known(world: World, engine: Engine) -> Engine:
    """Khadija, verified in a call from the number on file."""
    heard = Heard(NUMBER, ChannelKind.USSD, NOW)
    Reach(world.store, Seal(KEY)).heard(world.pseudonyms.number(NUMBER), heard)
    engine.give(idcs=KHADIJA, birth_date=f"{BORN:%d/%m/%Y}")
    engine.active = None
    return engine


def follows(world: World, number: str = NUMBER) -> Detail | None:
    """What Khadija agreed to on a number."""
    found = Followers(world.database).find(
        world.pseudonyms.person(KHADIJA), world.pseudonyms.number(number)
    )
    return found.detail if found else None


def choose(engine: Engine, detail: str | None) -> Engine:
    """Press a button of the question."""
    engine.hear("follow_changes")
    engine.set_slot("detail", detail)
    return engine.run("action_follow_changes")


def queued(world: World) -> list[str]:
    """The names of the tasks in the broker."""
    names: list[str] = []
    with Celery("reader", broker=world.settings.broker_url).connection_for_read() as connection:
        queue = connection.SimpleQueue("celery")
        while True:
            try:
                message = queue.get(block=False)
            except queue.Empty:
                return names
            message.ack()
            names.append(message.headers["task"])


@pytest.mark.parametrize("detail", ["full", "short"])
def test_what_is_chosen_is_kept_and_the_registry_asked_once(
    world: World, known: Engine, detail: str
) -> None:
    choose(known, detail)
    choose(known, detail)

    assert detail == follows(world)
    assert [(KHADIJA, tuple(EventKind))] == list(world.registry.subscriptions.values())
    assert f"utter_following_{detail}" in known.keys


def test_without_a_choice_it_is_asked_and_nothing_kept(world: World, known: Engine) -> None:
    choose(known, None)

    assert ["utter_ask_follow"] == known.keys
    assert follows(world) is None


@pytest.mark.parametrize("detail", ["everything", "", "FULL"])
def test_what_no_button_says_is_no_choice(world: World, known: Engine, detail: str) -> None:
    choose(known, detail)

    assert follows(world) is None


def test_whoever_agreed_hears_how_it_stands_and_may_change_it(world: World, known: Engine) -> None:
    choose(known, "full")
    choose(known, None)
    asked = known.keys
    choose(known, "short")

    assert ["utter_already_following"] == asked
    assert "short" == follows(world)


def test_nobody_agrees_who_is_not_verified(world: World, engine: Engine) -> None:
    choose(engine, "full")

    assert "utter_value_gone" in engine.keys
    assert {} == world.registry.subscriptions


def test_agreeing_takes_back_a_stop_of_before(world: World, known: Engine) -> None:
    key = world.pseudonyms.number(NUMBER)
    world.services.numbers.opt_out(key)
    choose(known, "full")
    number = world.services.numbers.find(key)

    assert number is not None and not number.opted_out


def test_a_registry_that_is_away_is_told_and_nothing_kept(world: World, known: Engine) -> None:
    world.registry.failure = RegistryUnavailable("away")
    choose(known, "full")

    assert ["utter_registry_unavailable"] == known.keys
    assert follows(world) is None


def test_a_registry_that_refuses_is_told(world: World, known: Engine) -> None:
    world.registry.failure = RegistryRefused("http.403")
    choose(known, "full")

    assert "utter_following_failed" in known.keys
    assert follows(world) is None


def test_a_number_the_door_does_not_remember_cannot_be_told(world: World, known: Engine) -> None:
    world.store.delete(f"reach:{world.pseudonyms.number(NUMBER)}")
    choose(known, "full")

    assert "utter_following_failed" in known.keys


def test_the_last_number_to_end_it_ends_the_subscription(world: World, known: Engine) -> None:
    choose(known, "full")
    queued(world)
    known.run("action_unfollow_changes")

    assert "utter_following_ended" in known.keys
    assert follows(world) is None
    assert [UNSUBSCRIBE] == queued(world)


def test_who_is_verified_elsewhere_is_followed_there_only_by_agreement(
    world: World, known: Engine
) -> None:
    choose(known, "full")

    assert follows(world, OTHER_NUMBER) is None


def test_what_was_handed_in_is_sent_at_once_and_its_number_kept(
    world: World, known: Engine
) -> None:
    queued(world)
    world.services.following.handed_in(known.who)
    sealed = world.store.get(f"reach:{world.pseudonyms.number(NUMBER)}")

    assert [DRAIN] == queued(world)
    assert isinstance(sealed, bytes) and NUMBER.encode() not in sealed


def test_without_the_queue_handing_in_goes_on(store: redis.Redis, records_url: str) -> None:
    world = World(store, records_url, broker_url="redis://127.0.0.1:1/1")
    engine = Engine(world)
    engine.slots |= {"language": "fr"}
    world.services.following.handed_in(engine.who)
    world.close()


class TestWhatWaitsHere:
    """What was handed in and the registry does not have is told of without the registry."""

    @staticmethod
    def hand_in(world: World, number: str = NUMBER) -> str:
        """An application of Khadija that waits."""
        reference = new_reference()
        person, key = world.pseudonyms.person(KHADIJA), world.pseudonyms.number(number)
        Applications(world.database).hand_in(
            HandedIn(f"key-{reference}", reference, person, key, "application", "asd", b"sealed")
        )
        return reference

    def test_it_is_told_by_its_reference_while_the_registry_is_away(
        self, world: World, engine: Engine
    ) -> None:
        world.registry.failure = RegistryUnavailable("away")
        engine.hear("track_application")
        engine.set_slot("reference", engine.seal(self.hand_in(world), "reference"))
        engine.run("action_follow_application")

        assert ["utter_application_not_sent_yet", "utter_what_next"] == engine.keys

    def test_it_is_told_to_its_person_beside_what_the_registry_has(
        self, world: World, known: Engine
    ) -> None:
        self.hand_in(world)
        known.hear("track_application")
        known.run("action_follow_application")

        assert "utter_application_not_sent_yet" == known.keys[0]
        assert "utter_no_applications" not in known.keys

    def test_what_was_refused_for_good_is_told_as_that(self, world: World, engine: Engine) -> None:
        reference = self.hand_in(world)
        submissions = Submissions(world.database)
        [leased] = submissions.lease(1, 30)
        with world.database.session() as session:
            submissions.refused(leased.id, "request.invalid", True, session)
        engine.hear("track_application")
        engine.set_slot("reference", engine.seal(reference, "reference"))
        engine.run("action_follow_application")

        assert ["utter_application_not_taken", "utter_what_next"] == engine.keys


def test_where_who_agrees_lives_is_asked_at_once_and_again_only_when_it_is_old(
    world: World, known: Engine
) -> None:
    choose(known, "full")
    on_agreeing = queued(world)
    person = world.pseudonyms.person(KHADIJA)
    Followers(world.database).lives(person, "MA-09", "tiznit")
    world.services.following.verified(known.who, KHADIJA)
    soon_after = queued(world)
    Followers(world.database, lambda: NOW - timedelta(days=400)).lives(person, "MA-09", "tiznit")
    world.services.following.verified(known.who, KHADIJA)

    assert [NOTE_HOME] == on_agreeing
    assert [] == soon_after
    assert [NOTE_HOME] == queued(world)


@pytest.mark.parametrize("number", [NUMBER, "MA.1502576394655843"])
def test_who_shows_no_number_is_told_where_they_can_be_written_to(
    world: World, known: Engine, number: str
) -> None:
    heard = Heard(number, ChannelKind.WHATSAPP, NOW)
    Reach(world.store, Seal(KEY)).heard(world.pseudonyms.number(NUMBER), heard)
    choose(known, "short")
    shows_none = number != NUMBER

    assert "utter_following_short" in known.keys
    assert shows_none == ("utter_following_no_number" in known.keys)
