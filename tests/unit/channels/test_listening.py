"""The language of a citizen's own words: adopted, offered once, written in the letters they use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from core.messages import ChannelKind, Expects
from records.people import NumberRecord
from tests.builders import NUMBER
from tests.unit.channels.door import Call, Chat, Door
from tests.unit.channels.scripted_engine import ScriptedEngine, says

WORDS = "ⴰⵏⵙⵓⴼ"
OFFER, ADOPTED = "door_language_offer", "door_language_adopted"


def heard(
    language: str,
    script: str = "Latn",
    *,
    adopted: bool = False,
    text: str = "Voici",
    answer: str = "fr",
) -> list[dict[str, object]]:
    """An answer to a message that was surely written in a language."""
    told = {"language": language, "script": script, "adopted": adopted}
    return says(text, language=answer, heard=told)


def known(door: Door) -> NumberRecord:
    found = door.numbers.find(door.pseudonyms.number(NUMBER))
    assert found is not None
    return found


@contextmanager
def unreadable(door: Door) -> Iterator[None]:
    """Nothing can be read of any number meanwhile."""
    _rename(door, "numbers", "away")
    yield
    _rename(door, "away", "numbers")


def _rename(door: Door, old: str, new: str) -> None:
    with door.database.session() as session:
        session.connection().exec_driver_sql(f"ALTER TABLE {old} RENAME TO {new}")


@pytest.mark.parametrize(
    ("language", "script"), [("fr", "Latn"), ("ary", "Latn"), ("ar", "Arab"), ("zgh", "Tfng")]
)
def test_a_language_adopted_is_kept_with_the_number_and_said_in_one_sentence(
    door: Door, engine: ScriptedEngine, language: str, script: str
) -> None:
    engine.script.append(heard(language, script, adopted=True, answer=language))
    (said,) = Chat(door).say("…").texts

    sentence = door.sentence(ADOPTED, language, ChannelKind.WHATSAPP)
    assert said.startswith(sentence) and said.endswith("Voici")
    assert language == known(door).language


def test_the_sentence_about_the_language_is_said_once(door: Door, engine: ScriptedEngine) -> None:
    engine.script += [heard("fr", adopted=True), heard("fr")]
    chat = Chat(door)
    chat.say("…")

    assert ("Voici",) == chat.say("…").texts


def test_another_language_is_offered_once_in_its_own_words_and_nothing_changes(
    door: Door, engine: ScriptedEngine
) -> None:
    door.knows("fr")
    engine.script += [heard("zgh"), heard("zgh"), heard("ary", "Latn"), heard("ary", "Arab")]
    chat = Chat(door)
    amazigh, again, darija, once_more = (chat.say("…").texts[0] for _ in range(4))

    assert [door.sentence(OFFER, "zgh-Latn", ChannelKind.WHATSAPP), "Voici"] == amazigh.split("\n")
    assert amazigh.split("\n")[0].endswith("tamazight")
    assert darija.startswith(door.sentence(OFFER, "ary", ChannelKind.WHATSAPP))
    assert ("Voici", "Voici") == (again, once_more)
    assert "fr" == known(door).language


def test_a_new_call_may_offer_again(door: Door, engine: ScriptedEngine) -> None:
    door.knows("fr")
    offer = door.sentence(OFFER, "ary")
    call = Call(door)
    for _ in range(2):
        engine.script += [says("Menu"), heard("ary", "Latn"), heard("ary", "Latn")]
        call.dial()

        assert offer in call.press("wach kayn chi 7aja").texts[0]
        assert offer not in call.press("wach kayn chi 7aja").texts[0]


@pytest.mark.parametrize(("used", "said"), [("ar", "ary"), ("ary", "ar"), ("fr", "fr")])
def test_who_reads_the_answer_is_offered_nothing(
    door: Door, engine: ScriptedEngine, used: str, said: str
) -> None:
    engine.script.append(heard(said, "Arab", answer=used))

    assert ("Voici",) == Chat(door).say("…").texts


def test_an_offer_stands_before_the_question_of_a_form_and_leaves_it_open(
    door: Door, engine: ScriptedEngine
) -> None:
    door.knows("fr")
    told = {"language": "ary", "script": "Latn", "adopted": False}
    engine.script += [says("Votre IDCS", expects=Expects.IDCS, heard=told), says("Bien")]
    chat = Chat(door)
    asked = chat.say("…").texts[0]
    chat.say("2111111116")

    assert asked.endswith("Votre IDCS")
    assert engine.texts[1].startswith("[[idcs:")


def test_nothing_heard_says_nothing(door: Door, engine: ScriptedEngine) -> None:
    engine.script.append(says("Voici"))

    assert ("Voici",) == Chat(door).say("oui").texts


def test_amazigh_in_latin_letters_is_answered_in_latin_letters_from_then_on(
    door: Door, engine: ScriptedEngine
) -> None:
    engine.script += [heard("zgh", "Latn", adopted=True, text=WORDS, answer="zgh")]
    engine.script += [says(WORDS, language="zgh")] * 2
    chat = Chat(door)
    first, later = chat.say("mani gh llan").texts[0], chat.say("1").texts[0]
    door.store.delete(f"door:{door.conversation('whatsapp')}")

    assert first == f"{door.sentence(ADOPTED, 'zgh-Latn', ChannelKind.WHATSAPP)}\nansuf"
    assert ("ansuf", ("ansuf",)) == (later, chat.say("1").texts)
    assert ("zgh", "Latn") == (known(door).language, known(door).script)


def test_who_then_writes_tifinagh_gets_tifinagh(door: Door, engine: ScriptedEngine) -> None:
    engine.script += [
        heard("zgh", "Latn", text=WORDS, answer="zgh"),
        heard("zgh", "Tfng", text=WORDS, answer="zgh"),
        heard("zgh", "Arab", text=WORDS, answer="zgh"),
    ]
    chat = Chat(door)

    assert ["ansuf", WORDS, WORDS] == [chat.say("…").texts[0] for _ in range(3)]
    assert "Tfng" == known(door).script


def test_a_record_that_cannot_be_read_is_not_one_in_which_no_letters_were_chosen(
    door: Door, engine: ScriptedEngine
) -> None:
    door.numbers.choose_language(door.pseudonyms.number(NUMBER), "zgh", "Latn")
    engine.script += [says(WORDS, language="zgh")] * 2
    chat = Chat(door)
    with unreadable(door):
        assert (WORDS,) == chat.say("1").texts

    assert ("ansuf",) == chat.say("1").texts


def test_tifinagh_stays_away_from_phones_that_may_not_have_it(
    door: Door, engine: ScriptedEngine
) -> None:
    engine.script.append(heard("zgh", "Tfng", text=WORDS, answer="zgh"))

    assert ("ansuf",) == Chat(door, kind=ChannelKind.SMS).say("ⴰⵣⵓⵍ").texts


def test_records_that_do_not_answer_cost_the_memory_of_it_alone(
    door: Door, engine: ScriptedEngine
) -> None:
    engine.script.append(heard("fr", adopted=True))
    with unreadable(door):
        assert Chat(door).say("…").texts[0].endswith("Voici")
