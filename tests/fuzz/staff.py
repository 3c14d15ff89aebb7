"""What staff ask for: searches, filters, places of lists, periods, addresses of the API."""

from __future__ import annotations

import contextlib
import tempfile
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl

from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from console.api import asked
from console.conversations.filters import chosen, place
from console.dashboard.period import read_period
from records.database import open_database
from tests.fuzz.target import target, words
from transcripts import search
from transcripts.listing import Place
from transcripts.migrate import upgrade
from transcripts.reading import Reached

_TODAY: Final = date(2026, 11, 23)
_FORM: Final = (
    "channel=ussd&language=fr&unsure=1&since=2026-11-01&until=2026-11-23&handover=waiting",
    "assignee=1&programme=asd&by=week",
    "limit=10&before=7&from=2026-11-01T00:00:00Z&state=queued",
)
_APP: Final = Flask("fuzz")


@cache
def transcripts() -> Session:
    """The index of words, empty, in a file of its own."""
    folder = tempfile.mkdtemp(prefix="twiza-fuzz-")
    url = f"sqlite:///{Path(folder) / 'transcripts'}"
    upgrade(url)
    session = Session(open_database(url).engine)
    search.index_all(session, [(1, search.found_by("salam Zoubida أين الدعم ⵜⵉⵡⵉⵣⵉ"))])
    return session


@target("search", ["zoubida", 'a" OR words:*', "أين ال", "NEAR(a b)", "'; DROP TABLE turns --"])
def searching(data: bytes) -> None:
    """Any question is answered, and none is read as the index's own language."""
    found = search.latest(transcripts(), words(data), is_letter=False, before=10, limit=5)

    assert found in ([], [1])


def given(data: bytes) -> dict[str, str]:
    """Octets as the fields of a form."""
    return dict(parse_qsl(words(data), keep_blank_values=True))


@target("filters", _FORM)
def filters(data: bytes) -> None:
    """What cannot be read is refused as a bad request."""
    fields = given(data)
    for attempt in (
        lambda: chosen(fields),
        lambda: read_period(fields, _TODAY),
        lambda: place(Place, fields.get("before", "")),
        lambda: place(Reached, fields.get("after", "")),
    ):
        with contextlib.suppress(BadRequest):
            attempt()


@target("api", _FORM)
def api(data: bytes) -> None:
    """The same of the API's addresses."""
    with _APP.test_request_context("/?" + words(data).replace("\ud800", "")):
        for attempt in (
            lambda: asked.known("limit"),
            asked.size,
            lambda: asked.whole("before"),
            lambda: asked.word("state", "queued"),
            lambda: asked.moment("from"),
            lambda: asked.day("since"),
        ):
            with contextlib.suppress(BadRequest):
                attempt()


@target("places", ["1700000000000000-7", "٣-٤", "-", "9" * 30 + "-1"])
def places(data: bytes) -> None:
    """A place of a list is read as it is written, or is none."""
    try:
        read = Place.read(words(data))
    except ValueError:
        return
    assert Place.read(str(read)) == read
