"""A call that breaks off can be continued, and one at its limit ends politely; nothing is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from channels.deadline import Said
from channels.rendering.pages import Budget
from core.messages import Expects
from tests.builders import IDCS
from tests.unit.channels.door import SCREEN, Call, Door
from tests.unit.channels.scripted_engine import ScriptedEngine, says

LANGUAGES = ("ar", "ary", "fr", "zgh")
MENU = says("Menu", expects=Expects.MENU, buttons=[("Inscription", "/check")], root=True)
QUESTION = says("Date de naissance ?", expects=Expects.DATE, form="identity_form")
IDCS_ASKED = says("Votre IDCS ?", expects=Expects.IDCS, form="identity_form")
LIMITED = replace(SCREEN, session_seconds=180.0)


@pytest.fixture
def call(door: Door, engine: ScriptedEngine) -> Call:
    """A call that stands at a question behind the identifier."""
    return at_a_question(door, engine)


def at_a_question(door: Door, engine: ScriptedEngine) -> Call:
    """A call in French that has given an identifier."""
    door.knows("fr")
    engine.script += [MENU, IDCS_ASKED, QUESTION]
    call = Call(door, capabilities=LIMITED)
    call.dial()
    call.press("1")
    call.press(IDCS)
    return call


def asked(door: Door, language: str = "fr") -> str:
    """The question whether to continue."""
    keys = ("door_redial", "door_continue", "door_start_again")
    redial, go_on, again = (door.sentence(key, language) for key in keys)
    return f"{redial}\n1 {go_on}\n2 {again}"


@pytest.mark.parametrize("seconds", [1, 60, 299])
def test_a_redial_asks_whether_to_continue_and_goes_on_at_the_question(
    door: Door, call: Call, engine: ScriptedEngine, seconds: float
) -> None:
    engine.script += [QUESTION]
    call.wait(seconds)
    redialled = call.dial()
    gone_on = call.press("1")

    assert Said((asked(door),)) == redialled
    assert gone_on.texts[0].startswith("Date de naissance ?")
    assert "/open" == engine.texts[-1]
    assert engine.told[-1]["metadata"]["goes_on"]
    assert engine.told[-1]["metadata"]["session"] != engine.told[-2]["metadata"]["session"]


def test_it_may_start_again(door: Door, call: Call, engine: ScriptedEngine) -> None:
    engine.script += [MENU]
    call.dial()
    started = call.press("2")

    assert started.texts[0].startswith("Menu")
    assert "/open" == engine.texts[-1]
    assert "goes_on" not in engine.told[-1]["metadata"]


def test_nothing_is_told_before_it_is_answered(
    door: Door, call: Call, engine: ScriptedEngine
) -> None:
    told = len(engine.told)
    screens = [call.dial(), call.press("9"), call.press("0"), call.press("rsu"), call.press("98")]

    assert told == len(engine.told)
    assert all(asked(door) in one.texts[0] for one in screens)
    assert all(one.is_open for one in screens)


def test_home_leads_home(call: Call, engine: ScriptedEngine) -> None:
    engine.script += [MENU]
    call.dial()
    call.press("00")

    assert "/home" == engine.texts[-1]


def test_the_question_says_the_same_whatever_was_under_way(
    door: Door, call: Call, engine: ScriptedEngine
) -> None:
    first = call.dial()
    engine.script += [says("Nom de l'enfant ?", form="application_form", purpose="answer")]
    call.press("1")

    assert first == call.dial()


def test_it_is_asked_again_where_that_call_breaks_off_too(
    door: Door, call: Call, engine: ScriptedEngine
) -> None:
    assert call.dial() == call.dial() == Said((asked(door),))


def test_after_the_time_limit_a_call_opens_afresh(call: Call, engine: ScriptedEngine) -> None:
    engine.script += [MENU]
    call.wait(301)

    assert call.dial().texts[0].startswith("Menu")


@pytest.mark.parametrize(
    "last",
    [
        MENU,
        says("Menu", expects=Expects.MENU, buttons=[("Bureaux", "/offices")]),
        says("Indice 9,74\nAutre chose ?", expects=Expects.MENU, buttons=[("Menu", "/home")]),
        says("Au revoir", ends=True),
    ],
)
def test_where_no_question_was_open_a_redial_opens_afresh(
    door: Door, call: Call, engine: ScriptedEngine, last: object
) -> None:
    engine.script += [last, MENU]
    call.press("12/03/1985")

    assert call.dial().texts[0].startswith("Menu")


def test_a_redial_at_the_code_opens_at_the_code(call: Call, engine: ScriptedEngine) -> None:
    code = says("Le code ?", expects=Expects.CODE, form="identity_form")
    engine.script += [code, code]
    call.press("12/03/1985")

    assert call.dial().texts[0].startswith("Le code ?")
    assert "goes_on" not in engine.told[-1]["metadata"]


def test_what_is_dialled_behind_the_code_is_a_wish_anew(call: Call, engine: ScriptedEngine) -> None:
    engine.script += [MENU, IDCS_ASKED]

    assert call.dial("1").texts[0].startswith("Votre IDCS ?")
    assert ["/open", "/check"] == engine.texts[-2:]


def test_an_engine_that_is_away_at_the_redial_loses_nothing(
    call: Call, engine: ScriptedEngine
) -> None:
    engine.script += [[], QUESTION]
    call.dial()
    call.press("1")
    gone_on = call.press("1")

    assert gone_on.texts[0].startswith("Date de naissance ?")
    assert [True, True] == [told["metadata"]["goes_on"] for told in engine.told[-2:]]


def test_an_answer_that_was_left_pending_is_told_in_its_call_and_the_next_is_asked(
    door: Door, call: Call, engine: ScriptedEngine
) -> None:
    engine.script += [[], says("Revenu ?", expects=Expects.NUMBER, form="application_form")]
    call.press("12/03/1985")
    redialled = call.dial()

    assert Said((asked(door),)) == redialled
    assert "Revenu" not in redialled.texts[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_question_and_the_farewell_fit_a_page_in_every_language(
    door: Door, language: str
) -> None:
    ends = [door.sentence(key, language) for key in ("door_call_ends", "door_call_over")]

    assert all(map(Budget().holds, [asked(door, language), *ends]))


def test_a_call_that_is_broken_off_keeps_all_and_answers_nothing(
    door: Door, call: Call, engine: ScriptedEngine
) -> None:
    told = len(engine.told)
    call.wait(250)
    ended = call.hang_up()
    call.wait(250)

    assert Said((), is_open=False) == ended
    assert Said((asked(door),)) == call.dial()
    assert told == len(engine.told)


def test_the_end_of_a_call_long_over_disturbs_no_other(
    door: Door, call: Call, engine: ScriptedEngine
) -> None:
    before = replace(call)
    engine.script += [MENU, IDCS_ASKED]
    call.wait(301)
    call.dial()
    before.hang_up()
    call.press("1")

    assert "/check" == engine.texts[-1]


def test_a_call_about_to_pass_its_limit_ends_and_can_be_continued(
    door: Door, call: Call, engine: ScriptedEngine
) -> None:
    engine.script += [QUESTION, QUESTION]
    call.wait(161)
    ended = call.press("pas une date")
    redialled = call.dial()

    assert Said((door.sentence("door_call_ends", "fr"),), is_open=False) == ended
    assert Said((asked(door),)) == redialled
    assert call.press("1").texts[0].startswith("Date de naissance ?")


def test_an_answer_at_the_limit_is_read_before_the_call_ends(
    door: Door, call: Call, engine: ScriptedEngine
) -> None:
    engine.script += [
        says("Inscrit.", "Et maintenant ?", expects=Expects.MENU, buttons=[("Menu", "/home")])
    ]
    call.wait(170)
    ended = call.press("12/03/1985")

    assert not ended.is_open
    assert ["Inscrit.", "Et maintenant ?", door.sentence("door_call_over", "fr")] == ended.texts[
        0
    ].split("\n")


def test_a_call_with_time_left_goes_on(call: Call, engine: ScriptedEngine) -> None:
    engine.script += [QUESTION]
    call.wait(150)

    assert call.press("pas une date").is_open


def test_at_the_limit_what_the_engine_has_not_answered_is_kept(
    door: Door, call: Call, engine: ScriptedEngine
) -> None:
    engine.script += [[]]
    call.wait(170)
    ended = call.press("12/03/1985")

    assert Said((door.sentence("door_call_ends", "fr"),), is_open=False) == ended


def test_each_call_has_its_own_time(call: Call, engine: ScriptedEngine) -> None:
    engine.script += [QUESTION]
    call.wait(150)
    call.dial()
    call.wait(150)

    assert call.press("1").is_open


def test_where_a_gateway_has_no_limit_a_call_goes_on(call: Call, engine: ScriptedEngine) -> None:
    engine.script += [QUESTION]
    call.capabilities = SCREEN
    call.wait(3000)

    assert call.press("pas une date").is_open
