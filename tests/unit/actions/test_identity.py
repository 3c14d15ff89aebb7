"""The identity form asks one question after the other, and opens nothing before consent."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import RegistryTimeout, RegistryUnavailable, TokenExpired
from tests.builders import NUMBER
from tests.unit.actions.world import KHADIJA, LAHCEN, NOBODY, OTHER_NUMBER, Engine, World

NO_CHECK_DIGIT = "5839204718"


def is_kept(world: World, engine: Engine, name: str, token: str) -> bool:
    try:
        world.services.vault.open(token, name, engine.conversation)
    except TokenExpired:
        return False
    return True


def consents(world: World, number: str = NUMBER) -> list[Any]:
    return world.services.consents.history(world.pseudonyms.number(number))


def test_the_questions_come_in_their_order(world: World) -> None:
    engine = Engine(world, number=OTHER_NUMBER)
    asked = [engine.give(service="check_registration").asked]
    asked.append(engine.give(language="fr").asked)
    asked.append(engine.give(consent=True).asked)
    asked.append(engine.give(idcs=KHADIJA).asked)
    asked.append(engine.give(birth_date="03021980").asked)
    asked.append(engine.give(code=world.registry.sent[0].code).asked)

    assert ["language", "consent", "idcs", "birth_date", "code", None] == asked
    assert "verified" == engine.slots["outcome"]


def test_nothing_given_changes_nothing(engine: Engine) -> None:
    engine.hear("greet")

    assert [] == engine.run("validate_identity_form").returned


def test_a_number_on_file_is_verified_without_a_code(engine: Engine, world: World) -> None:
    engine.give(idcs=KHADIJA)
    engine.give(birth_date="3/2/1980")

    assert (None, "verified") == (engine.asked, engine.slots["outcome"])
    assert KHADIJA == world.services.verification.verified_idcs(engine.who)


def test_all_that_came_at_once_is_taken_at_once(engine: Engine) -> None:
    engine.give(idcs=KHADIJA, birth_date="1980-02-03")

    assert (None, "verified") == (engine.asked, engine.slots["outcome"])


def test_an_identifier_of_the_first_message_waits_sealed_for_the_consent(world: World) -> None:
    engine = Engine(world)
    token = engine.seal(KHADIJA, "idcs")
    engine.hear("inform")
    engine.active = "identity_form"
    engine.set_slot("idcs", token)
    engine.run("validate_identity_form")
    asked = [engine.asked, engine.give(language="ary").asked]

    assert ["language", "consent"] == asked
    assert token == engine.slots["idcs"] and is_kept(world, engine, "idcs", token)
    assert 0 == world.registry.asked["person"]
    assert "birth_date" == engine.give(consent=True).asked


def test_a_refusal_destroys_all_that_was_given(world: World) -> None:
    engine = Engine(world)
    tokens = {"idcs": engine.seal(KHADIJA, "idcs"), "birth_date": engine.seal("1", "birth_date")}
    engine.slots |= {"language": "fr", **tokens}
    engine.give(consent=False)

    assert (None, "refused") == (engine.asked, engine.slots["outcome"])
    assert [None] * 3 == [engine.slots[name] for name in ("idcs", "birth_date", "consent")]
    assert not any(is_kept(world, engine, name, token) for name, token in tokens.items())
    assert [] == consents(world)
    assert 0 == world.registry.asked["person"]


@pytest.mark.parametrize("kind", ["ussd", "whatsapp", "sms"])
def test_a_consent_is_recorded_with_its_text_language_and_channel(world: World, kind: str) -> None:
    engine = Engine(world, kind)
    engine.slots["language"] = "zgh"
    engine.give(consent=True)
    [given] = consents(world)

    version = world.settings.consent_version + ("-abroad" if kind == "whatsapp" else "")

    assert ("given", version, "zgh", kind) == (
        given.act,
        given.text_version,
        given.language,
        given.channel,
    )


def test_a_consent_that_stands_is_recorded_once(engine: Engine, world: World) -> None:
    engine.give(consent=True)
    engine.give(idcs=KHADIJA)
    engine.give(birth_date="3/2/1980")

    assert 1 == len(consents(world))


@pytest.mark.parametrize("confidence", [0.3, 0.79])
def test_an_agreement_that_was_guessed_is_asked_again(world: World, confidence: float) -> None:
    engine = Engine(world)
    engine.slots |= {"language": "fr", "requested_slot": "consent"}
    engine.give(consent=True, confidence=confidence)

    assert ("consent", None) == (engine.asked, engine.slots["consent"])
    assert ["utter_not_understood"] == engine.keys
    assert [] == consents(world)


def test_a_language_chosen_in_the_form_is_kept_with_the_number(world: World) -> None:
    Engine(world).give(language="zgh")
    known = world.services.numbers.find(world.pseudonyms.number(NUMBER))

    assert known is not None
    assert "zgh" == known.language


@pytest.mark.parametrize("typed", ["123", "58392047190", "58 39 20", "12a"])
def test_what_is_no_idcs_is_asked_again_and_destroyed(
    engine: Engine, world: World, typed: str
) -> None:
    token = engine.seal(typed, "idcs")
    engine.give(idcs=None)
    engine.hear("inform")
    engine.set_slot("idcs", token)
    engine.run("validate_identity_form")

    assert (["utter_invalid_idcs"], "idcs") == (engine.keys, engine.asked)
    assert engine.slots["idcs"] is None
    assert not is_kept(world, engine, "idcs", token)


@pytest.mark.parametrize("typed", ["58 39 20 47 19", "5839-204-719", "٥٨٣٩٢٠٤٧١٩", "n° 5839204719"])
def test_an_idcs_is_read_however_it_is_written(engine: Engine, typed: str) -> None:
    assert ("birth_date", []) == (engine.give(idcs=typed).asked, engine.keys)


def test_a_failed_check_digit_is_a_warning_and_no_refusal(engine: Engine) -> None:
    assert "birth_date" == engine.give(idcs=NO_CHECK_DIGIT).asked
    assert ["utter_check_idcs"] == engine.keys
    assert [] == engine.give(service="check_registration").keys


@pytest.mark.parametrize(
    "typed", ["3/2/1980", "03021980", "03.02.1980", "1980-02-03", "٣/٢/١٩٨٠", "3 2 1980"]
)
def test_a_birth_date_is_read_day_first_however_it_is_written(engine: Engine, typed: str) -> None:
    engine.give(idcs=KHADIJA)

    assert "verified" == engine.give(birth_date=typed).slots["outcome"]


@pytest.mark.parametrize("typed", ["31/02/1980", "3/2/80", "1/1/2099", "1980", "3/2", "12/31/1980"])
def test_what_is_no_birth_date_is_asked_again_and_the_idcs_stays(
    engine: Engine, world: World, typed: str
) -> None:
    engine.give(idcs=KHADIJA)
    token = engine.slots["idcs"]
    engine.give(birth_date=typed)

    assert (["utter_invalid_birth_date"], "birth_date") == (engine.keys, engine.asked)
    assert (token, None) == (engine.slots["idcs"], engine.slots["birth_date"])
    assert is_kept(world, engine, "idcs", token)
    assert 0 == world.registry.asked["person"]


@pytest.mark.parametrize(
    ("idcs", "birth_date"), [(NOBODY, "3/2/1980"), (KHADIJA, "2/3/1980"), (LAHCEN, "3/2/1980")]
)
def test_what_cannot_be_confirmed_gets_one_sentence_and_the_same_question(
    engine: Engine, world: World, idcs: str, birth_date: str
) -> None:
    engine.give(idcs=idcs)
    engine.give(birth_date=birth_date)

    assert ([("utter_not_matched", {})], "idcs") == (engine.said, engine.asked)
    assert [None, None] == [engine.slots["idcs"], engine.slots["birth_date"]]
    assert [] == list(world.store.scan_iter("vault:*"))


def test_too_many_tries_end_the_form_and_say_how_long(engine: Engine, world: World) -> None:
    for _ in range(11):
        engine.give(idcs=NOBODY, birth_date="3/2/1980")

    assert [("utter_too_many_tries", {"minutes": "15"})] == engine.said
    assert (None, "failed") == (engine.asked, engine.slots["outcome"])


@pytest.mark.parametrize("failure", [RegistryUnavailable("down"), RegistryTimeout("slow")])
def test_a_registry_that_is_down_ends_the_form_and_nothing_given_is_lost(
    engine: Engine, world: World, failure: Any
) -> None:
    world.registry.failure = failure
    engine.give(idcs=KHADIJA, birth_date="3/2/1980")
    down = (engine.asked, engine.slots["outcome"])
    world.registry.failure = None
    engine.give(service="check_registration")

    assert (None, "unavailable") == down
    assert (None, "verified") == (engine.asked, engine.slots["outcome"])


def test_who_is_verified_is_asked_nothing_more(engine: Engine, world: World) -> None:
    engine.give(idcs=KHADIJA, birth_date="3/2/1980")
    asked = world.registry.asked["person"]
    engine.give(service="check_registration")

    assert (None, "verified") == (engine.asked, engine.slots["outcome"])
    assert asked == world.registry.asked["person"]


def test_how_the_form_ended_is_told_to_the_rules(engine: Engine) -> None:
    engine.give(idcs=KHADIJA, birth_date="3/2/1980")

    assert "verified" == engine.run("action_end_identity").slots["identity"]
