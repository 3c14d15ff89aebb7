"""A value is found where its place says, and an unreadable body is a fault of the gateway's."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from channels.providers.ussd.places import SOURCES, Values, check_place
from core.errors import MalformedPayload
from tests.unit.channels.providers.ussd.dialects import a_call

XML = b'<p:page xmlns:p="x" version="2.0"><body><text>1 &amp; 2</text><none/></body></p:page>'
JSON = json.dumps(
    {"text": "واش", "on": True, "off": False, "nothing": None, "deep": {"count": 3}, "many": [1]}
).encode()
BOMB = b'<!DOCTYPE a [<!ENTITY b "bb">%s]><a>&z;</a>' % b'<!ENTITY z "&b;&b;&b;&b;">'
DEEP = b"[" * 100_000


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ("json.text", "واش"),
        ("json.on", "true"),
        ("json.off", "false"),
        ("json.nothing", None),
        ("json.deep.count", "3"),
        ("json.deep.none", None),
        ("json.text.none", None),
    ],
)
def test_a_value_of_json_is_found_as_a_word(place: str, found: str | None) -> None:
    assert found == Values(a_call(JSON)).text(place)


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ("xml.body.text", "1 & 2"),
        ("xml.body.none", ""),
        ("xml.body.nowhere", None),
        ("xml.@version", "2.0"),
        ("xml.body.@version", None),
    ],
)
def test_a_value_of_xml_is_found_whatever_its_namespace(place: str, found: str | None) -> None:
    assert found == Values(a_call(XML)).text(place)


def test_a_value_stands_in_the_path_the_query_the_form_or_a_header() -> None:
    call = a_call(
        tail="session/s1/start",
        query={"a": "1"},
        form=MultiDict({"b": "2"}),
        headers={"X-Code": "*555#"},
    )
    places = ("path.0", "path.-1", "path.-2", "path.3", "query.a", "form.b", "header.x-code")

    found = ["session", "start", "s1", None, "1", "2", "*555#"]
    assert found == [Values(call).text(place) for place in places]


def test_the_first_of_several_places_that_holds_anything_counts() -> None:
    assert "3" == Values(a_call(JSON)).text("json.none", "json.nothing", "json.deep.count")


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b'"x"', b"\xff", DEEP, b"1" * 5000, b"NaN"])
def test_a_body_that_is_no_json_object_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedPayload):
        Values(a_call(body)).text("json.text")


@pytest.mark.parametrize("place", ["json.many", "json.deep"])
def test_a_value_that_is_no_word_is_malformed(place: str) -> None:
    with pytest.raises(MalformedPayload, match=place):
        Values(a_call(JSON)).text(place)


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"<a>", b"text", b"<a>&nbsp;</a>", b"\xff\xfe<a/>", BOMB),
        BOMB.decode().encode("utf-16"),
        b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
        b"<?xml version='1.0' encoding='utf-7'?>+ADwAIQ-DOCTYPE a+AD4-<a/>",
    ],
)
def test_a_body_that_is_no_xml_or_that_defines_entities_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedPayload):
        Values(a_call(body)).text("xml.text")


@given(st.one_of(st.binary(), st.text().map(str.encode), st.from_regex(rb"<a>[^<]*</?a>")))
@example(DEEP)
@example(b"<a>" * 20_000)
@example(b"<a" + b" b=''" * 10_000)
def test_no_body_does_anything_but_hold_a_value_or_be_malformed(body: bytes) -> None:
    for place in ("json.a.b", "xml.a.b", "xml.@a"):
        try:
            found = Values(a_call(body)).text(place)
        except MalformedPayload:
            continue
        assert found is None or isinstance(found, str)


@given(st.text())
def test_a_text_in_json_or_xml_is_read_as_it_was_written(text: str) -> None:
    written = json.dumps({"text": text}, ensure_ascii=False).encode()

    assert text == Values(a_call(written)).text("json.text")


@pytest.mark.parametrize("source", SOURCES)
def test_a_place_of_every_source_is_known(source: str) -> None:
    path = "-1" if source == "path" else "name"

    assert f"{source}.{path}" == check_place(f"{source}.{path}")


@pytest.mark.parametrize(
    "written",
    ["text", "body.text", "json.", "json.a..b", "path.name", "xml.a/b", "header.a b", "form.{x}"],
)
def test_what_is_no_place_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="no place"):
        check_place(written)
