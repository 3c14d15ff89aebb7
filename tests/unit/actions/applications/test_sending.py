"""Consent, drafts, and handing in once."""

from __future__ import annotations

from core.messages import ChannelKind
from core.privacy import Seal
from core.reach import Heard, Reach
from tests.builders import KEY, NOW, NUMBER
from tests.unit.actions.applications.filling import Filler, at_the_summary, handed_in
from tests.unit.actions.world import KHADIJA, World


def test_without_consent_nothing_is_sent_and_all_is_kept(world: World, filler: Filler) -> None:
    at_the_summary(filler).choose("send").choose("no").choose("no")

    assert "utter_application_not_sent" in filler.heard()
    assert 6 == len(filler.lines())
    assert [] == handed_in(world)


def test_kept_for_later_it_is_offered_again_to_the_same_person_on_another_channel(
    world: World, filler: Filler
) -> None:
    at_the_summary(filler).choose("leave")

    assert "left" == filler.slots["application"]

    chat = Filler(world, "whatsapp").verified()

    assert ["utter_application_resume"] == chat.begin().heard()
    assert 6 == len(chat.choose("go_on").lines())


def test_who_goes_on_sees_the_answers_before_agreeing_to_send_them(
    world: World, filler: Filler
) -> None:
    at_the_summary(filler).choose("send").choose("no")

    assert ["utter_application_consent"] == filler.heard()
    assert 6 == len(Filler(world, "whatsapp").verified().begin().choose("go_on").lines())


def test_begun_again_nothing_of_before_is_left(world: World, filler: Filler) -> None:
    filler.begin().type("2").type("annuler")
    again = Filler(world).verified().begin().choose("again")

    assert "Combien d'enfants ?" == again.question()
    assert [] == world.services.desk.of(world.pseudonyms.person(KHADIJA))


def test_nobody_is_asked_to_go_on_with_nothing(world: World, filler: Filler) -> None:
    filler.begin()

    assert "Combien d'enfants ?" == Filler(world, "whatsapp").verified().begin().question()


def test_an_answer_told_twice_is_taken_once(filler: Filler) -> None:
    filler.begin()
    token = filler.seal("2", "answer")
    filler.send(token)
    filler.send(token)

    assert "Avec quoi vous chauffez-vous ?" == filler.question()


def test_a_choice_of_a_question_that_is_closed_changes_nothing(filler: Filler) -> None:
    filler.begin().type("1")
    stale = filler.offered()["Du gaz"]
    filler.choose("Du bois").send(stale)

    assert "Avez-vous un poêle ?" == filler.question()


def test_sent_twice_it_is_handed_in_once_under_one_reference(world: World, filler: Filler) -> None:
    at_the_summary(filler).choose("send").choose("no")
    token = filler.offered()["yes"]
    slots = dict(filler.slots)
    first = filler.send(token).told
    filler.slots.update(slots)
    filler.active = "application_form"
    second = filler.send(token).told

    assert 1 == len(handed_in(world))
    assert filler.opened(first[0]["reference"]) == filler.opened(second[0]["reference"])


def test_whoever_is_no_longer_verified_is_verified_and_the_answer_is_taken(
    world: World,
) -> None:
    chat = Filler(world, "whatsapp").verified()
    chat.begin().type("2")
    world.services.verification.forget(chat.who)
    chosen = chat.choose("Du bois")

    assert "verify" == chosen.slots["application"]
    assert chosen.slots["answer"]

    chat.verified().enter()
    chat.send(chat.slots["answer"])

    assert "Avez-vous un poêle ?" == chat.question()


def test_an_answer_is_never_taken_for_somebody_else(world: World) -> None:
    chat = Filler(world, "whatsapp").verified()
    chat.begin().type("2")
    world.services.verification.forget(chat.who)
    chat.choose("Du bois")
    chat.verified("2111111116").enter().send(chat.slots["answer"])

    assert "Combien d'enfants ?" == chat.question()


def test_a_receipt_is_never_told_to_somebody_else(world: World, filler: Filler) -> None:
    chat = Filler(world, "whatsapp").verified()
    chat.begin().type("2")
    world.services.verification.forget(chat.who)
    chat.choose("Du bois")
    filler.begin().choose("go_on").choose("Rien").type("3/11/2026").choose("Amina").choose("done")
    filler.choose("skip").type("0612345678").choose("send").choose("no").choose("yes")

    assert "sent" == filler.slots["application"]

    chat.verified("2111111116").send(chat.slots["answer"])

    assert "utter_application_sent" not in chat.heard()
    assert "Combien d'enfants ?" == chat.question()


def test_an_answer_whose_time_is_over_is_asked_for_again(world: World, filler: Filler) -> None:
    filler.begin()
    token = filler.seal("2", "answer")
    world.services.vault.destroy(token)

    assert ["utter_answer_gone", "utter_application_question"] == filler.send(token).heard()


def test_while_the_register_is_away_members_cannot_be_asked_and_nothing_is_lost(
    world: World, filler: Filler
) -> None:
    from core.errors import RegistryUnavailable

    filler.begin().type("1").choose("Rien")
    world.registry.failure = RegistryUnavailable("away")

    assert ["utter_registry_unavailable"] == filler.type("3/11/2026").heard()

    world.registry.failure = None

    assert "Qui est malade ?" == filler.ask().question()


def test_who_shows_no_number_is_asked_to_note_the_reference(world: World) -> None:
    chat = Filler(world, "whatsapp").verified()
    number_key = world.pseudonyms.number(NUMBER)
    user = Heard("MA.1502576394655843", ChannelKind.WHATSAPP, NOW)
    Reach(world.store, Seal(KEY)).heard(number_key, user)
    at_the_summary(chat).choose("send").choose("no").choose("yes")

    assert "utter_application_no_number" in chat.heard()
    assert "utter_application_sms" not in chat.heard()
