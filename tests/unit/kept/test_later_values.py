"""What a later release wrote is neither broken nor lost here: it stays, and is tried again."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
import redis
from hypothesis import given
from hypothesis import strategies as st

from channels.memory import Memories
from channels.owed import OWED, Owed
from channels.spool import Spool
from core import editions
from core.editions import KINDS, Kind, edition_of
from core.errors import StoreUnavailable, WrittenLater
from core.privacy import Seal
from core.tasks import open_task
from tests.builders import KEY
from tests.unit.kept import values

SEAL = Seal(KEY)
NEXT = replace(editions.MEMORY, latest=2, writes=2)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def later(value: Any) -> bytes:
    """A value as the release after this one writes it."""
    return NEXT.dumps(value)


@given(JSON)
def test_every_value_is_read_as_it_was_written_now_and_before_there_were_editions(
    value: Any,
) -> None:
    kind = KINDS[0]

    assert value == kind.loads(kind.dumps(value))
    assert value == kind.loads(orjson.dumps(value))
    assert value == orjson.loads(kind.dumps(value))


@given(JSON, st.integers(2, 20))
def test_every_later_edition_is_told_from_what_is_broken(value: Any, edition: int) -> None:
    kept = Kind("a thing", edition, edition).dumps(value)

    assert edition == edition_of(kept)
    with pytest.raises(WrittenLater):
        KINDS[0].loads(kept)


def test_an_edition_is_lifted_to_the_next_step_by_step() -> None:
    lifts = {1: lambda value: [*value, "second"], 2: lambda value: [*value, "third"]}
    kind = Kind("a thing", 3, 2, lifts)

    assert ["first", "second", "third"] == kind.loads(b'["first"]')
    assert ["first", "second", "third"] == kind.loads(b'\n["first"]')
    assert ["first", "third"] == kind.loads(kind.mark + b'["first"]')


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_no_release_writes_what_the_one_before_it_cannot_read(kind: Kind) -> None:
    """An edition is read for a release before it is written: docs/upgrading.md."""
    assert kind.writes in (kind.latest, kind.latest - 1)
    assert set(range(1, kind.latest)) == set(kind.lifts)


def test_a_sealed_value_of_a_later_format_is_not_taken_for_a_forgery() -> None:
    with pytest.raises(WrittenLater):
        SEAL.open(b"\x03" + SEAL.close(b"x", "c")[1:], "c")


def test_a_conversation_of_a_later_release_is_not_begun_anew(store: redis.Redis) -> None:
    key = f"door:{values.CONVERSATION}"
    kept = SEAL.close(later({"shown": "otherwise"}), key)
    store.set(key, kept)

    with pytest.raises(StoreUnavailable):
        Memories(store, SEAL, 600).load(values.CONVERSATION, "m")
    assert kept == store.get(key)


def test_what_waits_on_the_disk_is_not_thrown_away(tmp_path: Path) -> None:
    path = tmp_path / "a.sealed"
    path.write_bytes(SEAL.close(later({}), "spool"))

    with pytest.raises(WrittenLater):
        Spool(str(tmp_path), SEAL).read(path)


def test_a_task_is_not_taken_for_an_empty_one() -> None:
    argument = base64.b64encode(SEAL.close(later({}), "worker")).decode()

    with pytest.raises(WrittenLater):
        open_task(SEAL, argument)


def test_what_is_owed_is_not_refused() -> None:
    with pytest.raises(WrittenLater):
        Owed.open(SEAL, SEAL.close(later({}), OWED))
