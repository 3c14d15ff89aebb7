"""What the door put on its disk is handed on once Redis is back."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import sqlalchemy as sa

from channels.spool import Spool
from tests.builders import an_inbound
from tests.contract.transcripts.conftest import a_turn
from tests.unit.worker.workshop import Workshop
from transcripts.tables import TurnRow


def spool_of(shop: Workshop) -> Spool:
    return Spool(shop.app.settings.spool_folder, shop.seal)


def files(shop: Workshop) -> list[str]:
    return sorted(path.suffix for path in Path(shop.app.settings.spool_folder).iterdir())


def test_a_spooled_message_is_taken_and_answered_once(workshop: Workshop) -> None:
    message = asdict(an_inbound("salam", channel="sms", message_id="SM1"))
    value = {"message": {"channel": "sms", "message": message}}
    spool_of(workshop).append(value)
    workshop.spool.empty()

    assert 1 == len(workshop.twilio.taken)
    assert [] == files(workshop)


def test_a_spooled_record_is_recorded(workshop: Workshop) -> None:
    spool_of(workshop).append({"record": a_turn("k").to_json().decode()})
    workshop.spool.empty()
    workshop.recording.record()

    with workshop.database.reading() as session:
        assert ["k"] == list(session.scalars(sa.select(TurnRow.key)))


def test_what_cannot_be_opened_is_set_aside(workshop: Workshop) -> None:
    spool_of(workshop).append({"record": a_turn("k").to_json().decode()})
    (path,) = spool_of(workshop).waiting()
    path.write_bytes(b"rot")
    workshop.spool.empty()

    assert [".unreadable"] == files(workshop)
