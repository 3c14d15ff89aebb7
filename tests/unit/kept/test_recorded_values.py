"""What an earlier release left in the stores is read by this one, word for word."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from unittest import mock

import pytest
import redis

from actions.applications.desk import Desk
from channels.envelope import open_message
from channels.memory import Memories
from channels.owed import Owed
from channels.spool import Spool
from core.privacy import Seal
from core.reach import Reach
from core.recorded import open_record
from core.tasks import open_task
from core.vault import Vault
from records.drafts import Draft
from tests.builders import IDCS, KEY, NOW
from tests.unit.kept import values
from transcripts.letters import Letter
from transcripts.turns import RecordedTurn

SEAL = Seal(KEY)
RECORDED = sorted((Path(__file__).parent / "recorded").glob("*.json"))


@pytest.fixture(params=RECORDED, ids=lambda path: path.stem)
def recorded(request: pytest.FixtureRequest) -> dict[str, bytes]:
    """The values that one release wrote."""
    return values.read_recorded(request.param)


def test_a_conversation_goes_on_where_it_was(
    recorded: dict[str, bytes], store: redis.Redis
) -> None:
    store.set(f"door:{values.CONVERSATION}", recorded["memory"])
    memory, _ = Memories(store, SEAL, 600).load(values.CONVERSATION, "m2")

    assert values.MEMORY == memory


def test_a_value_behind_a_token_opens(recorded: dict[str, bytes], store: redis.Redis) -> None:
    token = recorded["token"].decode()
    store.set(f"vault:{token.split(':')[1]}", recorded["vault"])

    assert IDCS == Vault(store, SEAL).open(token, "idcs", values.CONVERSATION)


def test_a_number_is_where_it_was_heard(recorded: dict[str, bytes], store: redis.Redis) -> None:
    store.set(f"reach:{values.NUMBER_KEY}", recorded["heard"])

    assert values.HEARD == Reach(store, SEAL).find(values.NUMBER_KEY)


def test_what_waits_on_the_disk_is_taken(recorded: dict[str, bytes], tmp_path: Path) -> None:
    path = tmp_path / "a.sealed"
    path.write_bytes(recorded["spooled"])

    assert values.SPOOLED == Spool(str(tmp_path), SEAL).read(path)


def test_a_task_an_answer_and_records_on_their_way_arrive(recorded: dict[str, bytes]) -> None:
    assert values.ASKED == open_task(SEAL, recorded["task"].decode())
    assert values.OWED == Owed.open(SEAL, recorded["owed"])
    assert values.MESSAGE == open_message(SEAL, values.NUMBER_KEY, recorded["message"])
    assert values.TURN == RecordedTurn.from_json(open_record(SEAL, recorded["turn"]))
    assert values.LETTER == Letter.from_json(open_record(SEAL, recorded["letter"]))


def test_a_draft_is_as_its_owner_left_it(recorded: dict[str, bytes]) -> None:
    own = values.DRAFT
    drafts = mock.Mock()
    drafts.named.return_value = Draft(
        own.id, own.owner_key, own.procedure, recorded["draft"], NOW - timedelta(days=1), NOW
    )

    assert own == Desk(drafts, mock.Mock(), SEAL, {}, mock.Mock()).named(own.id)


def test_every_kind_that_is_recorded_was_recorded_of_every_release() -> None:
    kinds = {path.stem: set(values.read_recorded(path)) for path in RECORDED}

    assert len(kinds) >= 2
    assert 1 == len({frozenset(found) for found in kinds.values()}), kinds
