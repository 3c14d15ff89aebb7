"""What a citizen asks for about their data is done in every store, and in one step."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from core.tasks import close_task
from records.exported import ExportFiles
from records.rights import owned, owner_of
from records.rights_requests import (
    DONE,
    ERASURE,
    EXPORT,
    RUNNING,
    STAFF,
    VOID,
    Entered,
    RightsRequests,
)
from records.tables import Table
from tests.redis_server import RedisServer
from tests.unit.worker.everything_held import (
    LETTER,
    NOTE,
    PAPER,
    SAID,
    WORDS,
    files_of,
    fill,
    redis_of,
    rows_of,
)
from tests.unit.worker.workshop import Workshop


def begun(shop: Workshop, kind: str, person: str, number: str) -> int:
    """A request that a supervisor said yes to."""
    requests = RightsRequests(shop.database)
    name = requests.enter(Entered(kind, number, person, STAFF, "counter", "1"), 10)
    assert requests.begin(name, "2")
    return name


def carry_out(shop: Workshop, request: int) -> None:
    """What the console asks of the worker."""
    shop.rights.carry_out(close_task(shop.seal, {"request": request}))


def test_after_an_erasure_no_store_holds_anything_of_the_citizen(
    shop: Workshop, redis_server: RedisServer, records: Path, tmp_path: Path
) -> None:
    person, number = fill(shop)
    before = (files_of(records.parent), repr(rows_of(shop)), repr(redis_of(redis_server.url)))
    request = begun(shop, ERASURE, person, number)
    carry_out(shop, request)
    database, tables = files_of(records.parent), rows_of(shop)
    stores, spool = redis_of(redis_server.url), list((tmp_path / "spool").iterdir())

    for place in before[:2]:
        assert "Tazrouti" in (place if isinstance(place, str) else place.decode("latin-1"))
    assert [] == [word for word in WORDS if word.encode() in database]
    assert {} == {name: word for name, rows in tables.items() for word in WORDS if word in rows}
    assert {} == {
        key: word for key, value in stores.items() for word in WORDS if word.encode() in key + value
    }
    assert [] == [key for key in stores if number.encode() in key or person.encode() in key]
    assert [] == spool
    assert set() == {name for name, rows in tables.items() if person in rows}
    assert {"numbers", "consents"} == {name for name, rows in tables.items() if number in rows}
    assert "[]" == tables["export_files"] == tables["export_pieces"]


def test_an_erasure_is_settled_and_ends_what_else_was_asked(shop: Workshop) -> None:
    person, number = fill(shop)
    request = begun(shop, ERASURE, person, number)
    carry_out(shop, request)
    settled = {one.id: one for one in RightsRequests(shop.database).settled()}

    assert (DONE, "", "2") == (
        settled[request].state,
        settled[request].number_key + settled[request].person_key,
        settled[request].settled_by,
    )
    assert [VOID] == [one.state for name, one in settled.items() if name != request]
    assert 1 == len(shop.audited("rights.erasure"))
    assert shop.house.house().audit.verify().broken_at is None


def test_an_export_holds_all_of_it_opened_and_is_sealed_until_it_is_taken(
    shop: Workshop, records: Path
) -> None:
    person, number = fill(shop)
    request = begun(shop, EXPORT, person, number)
    carry_out(shop, request)
    done = RightsRequests(shop.database).find(request)
    files = ExportFiles(shop.database, shop.seal)
    assert done is not None
    taken = files.take(done.file_id, once=True)
    assert taken is not None
    archived = zipfile.ZipFile(io.BytesIO(b"".join(files.read(taken))))
    told = {name: archived.read(name) for name in archived.namelist()}

    assert PAPER in told.values()
    turns = [json.loads(line) for line in told["turns.jsonl"].splitlines()]
    assert SAID in [turn["said"] for turn in turns]
    assert LETTER in told["letters.jsonl"].decode()
    assert "Zoubida Tazrouti" in told["drafts.jsonl"].decode()
    assert NOTE in told["handovers.jsonl"].decode()
    assert b"disclosure.registration" in told["audit.jsonl"]
    assert {"consents.jsonl", "choices.jsonl", "submissions.jsonl"} < set(told)
    everything = b"".join(told.values()).decode("latin-1")
    assert not [key for key in (person, number) if key in everything]
    assert files.take(done.file_id, once=True) is None
    assert b"twiza-" in files_of(records.parent)
    assert PAPER not in files_of(records.parent)


def test_what_was_begun_and_not_finished_is_taken_up_again(shop: Workshop) -> None:
    request = begun(shop, ERASURE, *fill(shop))
    requests = RightsRequests(shop.database)
    waiting = requests.find(request)
    shop.rights.sweep()
    settled = requests.find(request)

    assert (RUNNING, DONE) == (waiting and waiting.state, settled and settled.state)


def test_a_request_nobody_said_yes_to_is_not_carried_out(shop: Workshop) -> None:
    person, number = fill(shop)
    requests = RightsRequests(shop.database)
    name = requests.enter(Entered(ERASURE, number, person, STAFF, "letter", "1"), 10)
    carry_out(shop, name)

    assert "Tazrouti" in rows_of(shop)["turns"]


@pytest.mark.parametrize("place", ["a table of words", "a store of sealed values"])
def test_the_search_would_find_what_is_there(
    shop: Workshop, redis_server: RedisServer, records: Path, tmp_path: Path, place: str
) -> None:
    _, number = fill(shop)
    if place == "a table of words":
        assert {
            "turns",
            "letters",
            "found_words_content",
            "remarks",
            "labels",
            "handovers",
            "reviews",
        } <= {name for name, rows in rows_of(shop).items() if any(word in rows for word in WORDS)}
    else:
        keys = [key for key in redis_of(redis_server.url) if number.encode() in key]
        assert {b"0", b"2"} == {key[:1] for key in keys}
        assert 2 == len(list((tmp_path / "spool").iterdir()))


def test_every_sealed_column_of_a_citizen_can_be_handed_over(shop: Workshop) -> None:
    known = shop.rights.Parcel.content.__globals__["CONTEXTS"]
    sealed = {
        table.name
        for table, _ in owned("person", "number")
        if "sealed" in table.c and owner_of(table) is not None
    }

    assert sealed <= set(known) <= {table.name for table in Table.metadata.sorted_tables}
