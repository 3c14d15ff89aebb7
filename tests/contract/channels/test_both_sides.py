"""A gateway that reads the dialect files by code of its own, and the door, understand each other.

What the one writes the other reads: every hop of a call, the notice of its end, and every answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import redis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.deadline import Said
from channels.providers.ussd.dialect import FOLDER, load_dialect
from channels.providers.ussd.templates import sendable
from core.messages import InboundMessage, SessionEvent
from sandbox.phone.client import Handset
from tests.contract.channels.recordings import PASSWORD, SECRET, Wire, open_recorded
from tests.unit.sandbox.phone.door_stub import serve

NAMES = sorted(path.stem for path in FOLDER.glob("*.toml"))
# Those whose first hop says which code was dialled.
TELLING = [
    name
    for name in NAMES
    if (dialect := load_dialect(name)).session.begins
    and (dialect.fields.service_code or dialect.input.first == "dialled")
]
NUMBER = "+212612345678"
SCREEN = '"A" & B < C\n1 القائمة\n2 ⴰⵣⵓⵍ é {text}'
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1).filter(
    lambda text: sendable(text) == text
)


class Side:
    """The door's side of one dialect, over HTTP, and a handset behind the gateway's."""

    def __init__(self, name: str, wire: Wire, url: str) -> None:
        self.door = wire.doorstep
        self.handset = Handset(a_channel(name, url), NUMBER)
        self.name, self.url = name, url

    @property
    def last(self) -> InboundMessage:
        """What the door heard last."""
        return self.door.heard[-1]


def a_channel(name: str, url: str) -> dict[str, Any]:
    """A channel as a house describes it."""
    return {
        "kind": "ussd",
        "dialect": name,
        "address": "*555#",
        "messages_url": f"{url}/channels/ussd/messages",
        "secret": SECRET,
        "user": "gateway",
        "password": PASSWORD,
    }


@contextmanager
def both_sides(name: str, patch: pytest.MonkeyPatch, store: redis.Redis) -> Iterator[Side]:
    """Both sides of a dialect; the door says that it is reached where it is."""
    app = Flask("stands for the address")
    with serve(app) as url:
        wire = Wire(open_recorded(name, patch), store, public=url)
        app.wsgi_app = wire.app.wsgi_app  # type: ignore[method-assign]
        yield Side(name, wire, url)


@pytest.fixture(params=NAMES)
def side(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, store: redis.Redis
) -> Iterator[Side]:
    """Each dialect in turn."""
    with both_sides(request.param, monkeypatch, store) as both:
        yield both


def test_a_call_is_read_hop_by_hop_and_its_screens_are_shown(side: Side) -> None:
    dialect = load_dialect(side.name)
    side.door.says = Said((SCREEN,))
    opened = side.handset.dial("*555*1*2#")
    first = side.last
    behind = "" if dialect.input.first == "nothing" else "1*2"

    assert (SCREEN, True, 200) == (opened.text, opened.open, opened.status)
    assert NUMBER == first.number
    assert behind == (first.text if first.opening is None else first.opening)

    for typed in ("7", "3*4", "واش", "7"):
        shown = side.handset.press(typed)
        assert (SCREEN, True) == (shown.text, shown.open)
        assert side.last.text.endswith(typed)
        assert side.last.session_id == first.session_id
        assert SessionEvent.CONTINUE is side.last.session_event

    side.door.says = Said(("Au revoir",), is_open=False)
    ended = side.handset.press("0")
    assert ("Au revoir", False) == (ended.text, ended.open)


def test_every_hop_has_an_identity_and_a_repeat_has_the_same(side: Side) -> None:
    side.handset.dial()
    side.handset.press("1")
    side.handset.repeat()
    first, again = side.door.heard[-2:]
    side.handset.press("2")

    assert first.message_id == again.message_id != side.last.message_id


def test_a_citizen_who_leaves_is_told_of_where_the_gateway_tells(side: Side) -> None:
    side.handset.dial()
    session = side.last.session_id
    side.handset.press("1")
    side.handset.cancel()
    told = [one for one in side.door.heard if one.session_event is SessionEvent.ABORT]

    expected = [(NUMBER, session)] if load_dialect(side.name).session.aborts else []
    assert expected == [(one.number, one.session_id) for one in told]


def test_two_calls_from_one_phone_are_two_sessions(side: Side) -> None:
    side.door.says = Said(("Au revoir",), is_open=False)
    side.handset.dial()
    side.handset.dial()
    sessions = [
        one.session_id for one in side.door.heard if one.session_event is not SessionEvent.ABORT
    ]

    assert 2 == len(sessions) == len(set(sessions))


@pytest.mark.parametrize("name", TELLING)
def test_the_code_of_another_service_is_not_answered(
    name: str, monkeypatch: pytest.MonkeyPatch, store: redis.Redis
) -> None:
    with both_sides(name, monkeypatch, store) as both:
        shown = both.handset.dial("*777#")

        assert (404, "", False, []) == (shown.status, shown.text, shown.open, both.door.heard)


@pytest.mark.parametrize("name", NAMES)
def test_whatever_is_said_is_shown(
    name: str, monkeypatch: pytest.MonkeyPatch, store: redis.Redis
) -> None:
    with both_sides(name, monkeypatch, store) as both:

        @settings(
            max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), database=None
        )
        @given(text=TEXTS, typed=TEXTS, is_open=st.booleans())
        def shows(text: str, typed: str, is_open: bool) -> None:
            both.door.says = Said(("Menu",))
            both.handset.dial()
            both.door.says = Said((text,), is_open)
            shown = both.handset.press(typed)
            hop = next(
                one for one in reversed(both.door.heard) if one.session_event != SessionEvent.ABORT
            )

            assert (text, is_open) == (shown.text, shown.open)
            assert typed == hop.text

        shows()


def test_a_gateway_with_another_secret_is_refused(side: Side) -> None:
    wrong = a_channel(side.name, side.url) | {"secret": "guess", "password": "guess"}
    shown = Handset(wrong, NUMBER).dial()

    assert (403, "", []) == (shown.status, shown.text, side.door.heard)
