"""What stands around a turn: who is let in, how the answer goes back, what is reported."""

from __future__ import annotations

from dataclasses import dataclass

from channels.arrival import Tools
from channels.carrying import Carrying
from channels.gate import Gate
from channels.redeliveries import Redeliveries
from channels.reports import Reports
from channels.settings import DoorSettings
from core.keys import open_ring
from core.privacy import Seal
from core.stores import open_redis
from records.blocks import Blocks
from records.database import open_database
from records.outbox import Outbox


@dataclass(frozen=True, slots=True)
class Front:
    """The parts of the door around its turns."""

    gate: Gate
    redeliveries: Redeliveries
    carrying: Carrying
    reports: Reports


def open_front(settings: DoorSettings, tools: Tools) -> Front:
    """The front of a door with these settings, around turns with these tools."""
    store, database = open_redis(settings.redis_url), open_database(settings.records_url)
    return Front(
        gate=Gate(
            Blocks(database),
            store,
            tools,
            settings.arrivals_per_minute,
            settings.arrivals_per_second,
        ),
        redeliveries=Redeliveries(store, tools),
        carrying=Carrying(
            Outbox(database),
            store,
            Seal(open_ring(settings.vault_key.get_secret_value(), "TWIZA_VAULT_KEY")),
            tools,
            settings.door_public_url,
            settings.confirm_seconds,
        ),
        reports=Reports(store, tools.later),
    )
