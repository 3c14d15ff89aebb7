"""What the pages work with, opened once per process."""

from __future__ import annotations

from dataclasses import dataclass

import redis

from console.permissions import may
from console.settings import ConsoleSettings
from core.keys import open_ring
from core.privacy import Pseudonyms, Seal, read_key
from core.stores import open_redis
from core.tasks import Tasks
from records.audit import Audit
from records.database import Database, open_database
from records.staff import StaffAccounts


@dataclass(frozen=True, slots=True)
class Workshop:
    """The stores, the accounts, the audit and the keys."""

    settings: ConsoleSettings
    records: Database
    transcripts: Database
    store: redis.Redis
    seal: Seal
    pseudonyms: Pseudonyms
    accounts: StaffAccounts
    audit: Audit
    tasks: Tasks

    def helpers(self) -> dict[str, str]:
        """The names of those who may answer citizens, by number."""
        everybody = self.accounts.everybody()
        return {
            str(one.id): one.name
            for one in everybody
            if not one.is_closed and may(one.role, "handovers.work")
        }


def open_workshop(settings: ConsoleSettings) -> Workshop:
    """Open everything; nothing is connected to before it is used."""
    seal = Seal(open_ring(settings.vault_key.get_secret_value(), "TWIZA_VAULT_KEY"))
    keys = read_key(settings.pseudonym_key.get_secret_value(), "TWIZA_PSEUDONYM_KEY")
    records = open_database(settings.records_url)
    return Workshop(
        settings=settings,
        records=records,
        transcripts=open_database(settings.transcripts_url),
        store=open_redis(settings.redis_url),
        seal=seal,
        pseudonyms=Pseudonyms(keys),
        accounts=StaffAccounts(records, seal),
        audit=Audit(records),
        tasks=Tasks("console", settings.broker_url, seal),
    )
