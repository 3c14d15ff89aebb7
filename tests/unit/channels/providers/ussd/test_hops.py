"""A hop is read by the rules of its dialect, whatever way a code is written in."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.providers.ussd.codes import is_code, read_behind, serves
from channels.providers.ussd.hops import Hop, read_hop
from core.errors import MalformedPayload, UnknownChannel
from core.messages import SessionEvent
from tests.builders import NUMBER
from tests.unit.channels.providers.ussd.dialects import a_call, a_dialect

INPUTS = st.lists(st.text("0123456789", min_size=1, max_size=6), max_size=5)


def read(said: dict[str, Any], address: str = "*555#", **changes: Any) -> Hop:
    """The hop that a JSON body says, in a dialect with parts of it replaced."""
    whole = {"session": "s1", "number": NUMBER, "text": "1", "step": "next"} | said
    return read_hop(a_call(json.dumps(whole).encode()), a_dialect(**changes), address)


@given(INPUTS)
def test_what_is_dialled_behind_a_code_is_found_in_any_way_to_write_it(inputs: list[str]) -> None:
    behind = "*".join(inputs)
    bare = "555" + "".join(f"*{one}" for one in inputs)

    for written in (f"*{bare}#", bare, f"*{bare}", f"{bare}#", f" *{bare}# "):
        assert is_code(written)
        assert behind == read_behind(written, "*555#")
        assert behind == read({"step": "new", "text": written}).text


@pytest.mark.parametrize("written", ["*5551#", "*55#", "*777#", "5551*1", "*556*1#"])
def test_the_code_of_another_is_not_ours(written: str) -> None:
    assert read_behind(written, "*555#") is None
    with pytest.raises(UnknownChannel):
        read({"step": "new", "text": written})


@pytest.mark.parametrize("written", ["", "hello", "مرحبا", "#", "*"])
def test_a_first_text_that_is_no_code_tells_of_nothing_dialled(written: str) -> None:
    assert "" == read({"step": "new", "text": written}).text


@pytest.mark.parametrize(
    ("code", "address", "ours"),
    [
        ("*555#", "*555#", True),
        ("555", "*555#", True),
        ("*713#", "*713*4#", True),
        ("713*4", "*713*4#", True),
        ("713*5", "*713*4#", False),
        ("71", "*713#", False),
        ("", "*555#", False),
        ("*555*1#", "*555#", False),
    ],
)
def test_a_service_code_is_ours_or_the_shared_one_in_front(
    code: str, address: str, ours: bool
) -> None:
    assert ours == serves(code, address)


def test_a_code_shared_with_others_is_read_behind_our_part() -> None:
    assert "2" == read({"step": "new", "text": "*713*4*2#"}, "*713*4#").text
    with pytest.raises(UnknownChannel):
        read({"step": "new", "text": "*713*5*2#"}, "*713*4#")


def test_the_notice_of_an_end_needs_no_text_and_carries_none() -> None:
    aborts = [{"field": "json.step", "is": ["Bye"]}]
    session = {"aborts": aborts, "duplicate_window": 2.0, "seconds": 180}
    hop = read({"step": "BYE", "text": None}, session=session)

    assert (SessionEvent.ABORT, "", "s1:abort") == (hop.event, hop.text, hop.identity)


def test_an_unmarked_hop_says_what_it_is_as_a_first_one_and_as_a_later_one() -> None:
    hop = read({"text": "555*1*2"}, session={"duplicate_window": 2.0, "seconds": 180})

    assert (SessionEvent.CONTINUE, "555*1*2", "1*2") == (hop.event, hop.text, hop.opening)


def test_cumulative_input_that_repeats_the_code_is_read_behind_it() -> None:
    changes: dict[str, Any] = {"input": {"cumulative": True, "first": "dialled"}}

    assert "" == read({"step": "new", "text": "*555#"}, **changes).text
    assert "1*2" == read({"text": "*555*1*2#"}, **changes).text


@pytest.mark.parametrize("session", ["", "x" * 201])
def test_a_session_has_a_name_of_some_length(session: str) -> None:
    with pytest.raises(MalformedPayload, match="cannot be read: session"):
        read({"session": session})


def test_all_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(MalformedPayload, match="missing: session, number, text"):
        read({"session": None, "number": None, "text": None})


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_call_by_another_method_is_refused(method: str) -> None:
    with pytest.raises(MalformedPayload, match="calls by POST"):
        read_hop(a_call(b"{}", method=method), a_dialect(), "*555#")


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists))
def test_no_value_makes_anything_but_a_hop_or_a_refusal(value: Any) -> None:
    for name in ("session", "number", "text", "step"):
        try:
            hop = read({name: value})
        except (MalformedPayload, UnknownChannel):
            continue
        assert isinstance(hop, Hop)
