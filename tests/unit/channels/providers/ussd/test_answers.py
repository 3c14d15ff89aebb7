"""Whatever the text, the gateway's own parser reads back what was sent, and nothing beside it."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from channels.port import WebhookAnswer
from channels.providers.ussd.adapter import UssdProvider
from channels.providers.ussd.answers import Answers
from channels.providers.ussd.authentication import Guard
from channels.providers.ussd.settings import UssdSettings
from channels.providers.ussd.templates import sendable
from tests.unit.channels.providers.ussd.dialects import a_call, a_dialect

SECRET = "a-secret-of-the-gateway"
AWKWARD = "\"A\" & B < C > 'D' ]]> \\ {text} {json.x} %s\nⴰⵣⵓⵍ · القائمة\r\nx\ty\x00\ud800\uffff"
TEXTS = st.one_of(st.text(), st.text(st.sampled_from("<>&\"'{}\\\n\r\t\x00\x1f\ud83d1 ⵣق")))


def answered(answer: dict[str, Any], text: str, **fields: Any) -> WebhookAnswer:
    """What a provider with such an answer says to a call."""
    dialect = a_dialect(answer=answer)
    settings = UssdSettings.model_validate(
        {"dialect": "gateway", "address": "*555#", "secret": SECRET}
    )
    provider = UssdProvider("*555#", dialect, Guard(settings, dialect.authentication, "TWIZA_"))
    body = json.dumps({"step": "next", "session": "s", **fields}).encode()
    return provider.answer(a_call(body, query={"secret": SECRET}), (text,), is_open=True)


@given(TEXTS)
@example(AWKWARD)
def test_a_text_in_json_is_read_back_by_a_parser(text: str) -> None:
    shown = {"Message": "{text}", "Deep": {"Text": "<{text}>"}, "Type": "response"}
    told = answered({"format": "json", "open": {"json": shown}, "end": {"json": shown}}, text)

    assert "application/json" == told.content_type
    expected = {"Message": sendable(text), "Deep": {"Text": f"<{sendable(text)}>"}}
    assert expected | {"Type": "response"} == json.loads(told.body.encode())


@pytest.mark.parametrize("charset", ["utf-8", "us-ascii"])
@given(text=TEXTS)
@example(text=AWKWARD)
def test_a_text_in_xml_is_read_back_by_a_parser(charset: str, text: str) -> None:
    shown = {"xml": '<r><t label="{text}">{text}</t>{text}<end/></r>'}
    told = answered({"format": "xml", "charset": charset, "open": shown, "end": shown}, text)
    root = ElementTree.fromstring(told.body.encode(charset))

    assert f"text/xml; charset={charset}" == told.content_type
    assert [sendable(text), sendable(text)] == [root[0].text or "", root[0].get("label")]
    assert ["t", "end"] == [child.tag for child in root]


@given(TEXTS)
@example(AWKWARD)
def test_lines_broken_by_an_element_are_read_back_as_lines(text: str) -> None:
    shown = {"xml": "<r><t>{text}</t></r>"}
    told = answered({"format": "xml", "break_tag": "br", "open": shown, "end": shown}, text)
    node = ElementTree.fromstring(told.body.encode())[0]
    lines = [node.text or "", *(child.tail or "" for child in node)]

    assert sendable(text).split("\n") == lines
    assert {"br"} >= {child.tag for child in node}


@given(TEXTS)
@example(AWKWARD)
def test_a_plain_text_comes_whole_behind_its_word(text: str) -> None:
    shown = {"format": "text", "open": {"text": "CON {text}"}, "end": {"text": "END {text}"}}
    told = answered(shown, text)

    assert "CON " + sendable(text) == told.body
    assert told.body.encode()


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"])))
def test_all_that_a_screen_can_show_is_sent_as_it_is(text: str) -> None:
    kept = text.replace("\ufffe", "").replace("\uffff", "")

    assert f"{kept}\n1\t2" == sendable(f"{kept}\n1\t2")


def test_what_is_echoed_stays_what_it_was() -> None:
    shown = {"Text": "{text}", "n": "{json.n}", "on": "{json.on}", "x": "{json.x}", "w": "{json.w}"}
    answer = {"format": "json", "open": {"json": shown}, "end": {"json": shown}}
    told = answered(answer, "t", n=0, on=True, w='"&')

    assert {"Text": "t", "n": 0, "on": True, "x": "", "w": '"&'} == json.loads(told.body)


def test_our_own_address_goes_out_with_what_it_needs_to_be_called_again() -> None:
    shown = {"xml": '<r to="{again}">{text}</r>'}
    again = {"code": "{address}", "from": "{json.session}"}
    told = answered({"format": "xml", "again": again, "open": shown, "end": shown}, "t")

    address = "https://door.example/channels/ussd/messages"
    expected = f"{address}?secret={SECRET}&code=%2A555%23&from=s"
    assert expected == ElementTree.fromstring(told.body).get("to")


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        ({"open": {"json": {"m": "{text}"}}}, "open is written as json, the format is text"),
        ({"open": {"text": "CON"}}, "open shows no {text}"),
        ({"end": {"text": "END"}}, "end shows no {text}"),
        ({"open": {"text": "{text} {session}"}}, "no place"),
        ({"open": {"text": "{text} {json.a b}"}}, None),
        ({"open": {"text": "{text}", "headers": {"A": "{json.a}"}}}, "a header echoes nothing"),
        ({"open": {"text": "{text}", "headers": {"A": "x\r\nB: y"}}}, "plain ASCII"),
        ({"open": {"text": "{text}", "status": 99}}, "greater than or equal to 200"),
        (
            {"format": "xml", "open": {"xml": "<a>{text}"}, "end": {"xml": "<a>{text}</a>"}},
            "no XML",
        ),
        ({"format": "yaml"}, "text"),
        ({"opne": {"text": "{text}"}}, "Extra inputs"),
    ],
)
def test_a_template_that_cannot_work_is_refused_at_start(
    broken: dict[str, Any], fault: str | None
) -> None:
    whole = {"format": "text", "open": {"text": "CON {text}"}, "end": {"text": "END {text}"}}
    if fault is None:
        Answers.model_validate(whole | broken)
        return
    with pytest.raises(ValueError, match=fault.replace("{", r"\{")):
        Answers.model_validate(whole | broken)
