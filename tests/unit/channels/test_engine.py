"""The engine is told one text; what it says is read, and what it does not say is an error."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from channels.engine import Engine, _read
from core.errors import EngineSilent, EngineTimeout, EngineUnavailable
from core.messages import Answered, Button, ChannelKind, Expects, Heard, Reply
from tests.unit.channels.scripted_engine import ScriptedEngine, running_engine, says


@pytest.fixture
def scripted() -> Iterator[ScriptedEngine]:
    with running_engine() as engine:
        yield engine


@pytest.fixture
def engine(scripted: ScriptedEngine) -> Engine:
    return Engine(scripted.url + "/", 2.0)


def tell(engine: Engine, text: str = "salam", session: str = "") -> Answered:
    return engine.tell("ussd-a", ChannelKind.USSD, text, session)


def test_the_engine_is_told_who_speaks_on_what_and_in_which_session(
    engine: Engine, scripted: ScriptedEngine
) -> None:
    tell(engine, "ⴰⵣⵓⵍ 👍", "session")
    engine.tell("sms-b", ChannelKind.SMS, "/open", "")

    assert [
        {
            "sender": "ussd-a",
            "message": "ⴰⵣⵓⵍ 👍",
            "input_channel": "ussd",
            "metadata": {"session": "session"},
        },
        {"sender": "sms-b", "message": "/open", "input_channel": "sms"},
    ] == scripted.told


def test_what_was_heard_in_the_message_comes_with_the_answer(
    engine: Engine, scripted: ScriptedEngine
) -> None:
    heard = {"language": "zgh", "script": "Latn", "adopted": True}
    scripted.script += [says("Un", "Deux", heard=heard), says("Trois")]

    assert Heard("zgh", "Latn", is_adopted=True) == tell(engine).heard
    assert tell(engine).heard is None


def test_replies_come_with_their_buttons_in_order(engine: Engine, scripted: ScriptedEngine) -> None:
    scripted.script.append(
        [
            {"recipient_id": "x", "text": "Stopped."},
            {
                "recipient_id": "x",
                "text": "Welcome",
                "buttons": [
                    {"title": "Register", "payload": "/register"},
                    {"title": "العربية", "payload": '/choose{"language":"ar"}'},
                ],
            },
            {"recipient_id": "x", "custom": {"expects": "menu", "language": "ary", "root": True}},
        ]
    )
    register, arabic = (
        Button("Register", "/register"),
        Button("العربية", '/choose{"language":"ar"}'),
    )
    replies = (Reply("Stopped."), Reply("Welcome", (register, arabic)))

    assert Answered(replies, Expects.MENU, "ary", is_root=True) == tell(engine)


def test_the_last_reply_says_what_is_expected_and_any_says_the_language(
    engine: Engine, scripted: ScriptedEngine
) -> None:
    scripted.script.append(
        [*says("A", expects=Expects.MENU, root=True), *says("B", language="", ends=True)]
    )
    answered = tell(engine)

    assert (Expects.NOTHING, False, True) == (answered.expects, answered.is_root, answered.ends)
    assert "fr" == answered.language


def test_home_leaves_nothing_open_whatever_was_open_before(
    engine: Engine, scripted: ScriptedEngine
) -> None:
    scripted.script.append(says("Menu", expects=Expects.MENU, root=True, form="identity_form"))
    scripted.script.append(says("IDCS:", expects=Expects.IDCS, form="identity_form"))

    assert ("", "identity_form") == (tell(engine).form, tell(engine).form)


def test_custom_data_in_a_reply_with_text_is_read_too(
    engine: Engine, scripted: ScriptedEngine
) -> None:
    scripted.script.append([{"text": "Your IDCS:", "custom": {"expects": "idcs"}}])

    assert Answered((Reply("Your IDCS:"),), Expects.IDCS) == tell(engine)


@pytest.mark.parametrize(
    "answer",
    [
        [],
        [{"recipient_id": "x", "custom": {"expects": "menu"}}],
        [{"recipient_id": "x", "text": ""}],
        b"",
        b"not json",
        b'{"text": "alone"}',
        b'["salam"]',
        b"null",
        b'[{"text": "Menu", "buttons": [{"title": "no payload"}]}]',
        b'[{"text": "Menu", "custom": "menu"}]',
        b'[{"text": "Menu", "custom": {"expects": "everything"}}]',
        500,
        404,
    ],
)
def test_an_answer_that_says_nothing_readable_is_silence(
    engine: Engine, scripted: ScriptedEngine, answer: Any
) -> None:
    scripted.script.append(answer)

    with pytest.raises(EngineSilent):
        tell(engine)


def test_an_engine_that_is_not_there_has_not_begun_the_turn() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}"

        with pytest.raises(EngineUnavailable):
            tell(Engine(address, 2.0))


def test_an_engine_that_answers_too_late_may_still_end_the_turn(
    scripted: ScriptedEngine,
) -> None:
    scripted.gate.clear()

    with pytest.raises(EngineTimeout):
        tell(Engine(scripted.url, 0.05))

    assert ["salam"] == scripted.texts


def test_no_error_repeats_what_was_told(scripted: ScriptedEngine) -> None:
    scripted.script.append(500)

    with pytest.raises(EngineSilent) as silent:
        tell(Engine(scripted.url, 2.0), "[[idcs:abc:19]]")

    assert "idcs" not in repr(silent.value)
    assert silent.value.__suppress_context__ or silent.value.__context__ is None


def test_an_engine_that_closed_a_kept_connection_is_asked_again(scripted: ScriptedEngine) -> None:
    engine = Engine(scripted.url, 2.0)
    first = tell(engine)

    assert first == tell(engine)
    assert 2 == len(scripted.told)


def test_a_text_for_sms_is_no_reply_and_changes_nothing_of_what_is_expected() -> None:
    answered = _read(
        [
            {"text": "Recorded."},
            {"custom": {"expects": "menu", "key": "utter_a"}},
            {"text": "Your reference: 1"},
            {"custom": {"expects": "nothing", "key": "utter_b", "sms": True}},
        ]
    )

    assert ("Your reference: 1",) == answered.messages
    assert ["Recorded."] == [reply.text for reply in answered.replies]
    assert Expects.MENU is answered.expects
