"""The worker's modules, imported once the settings they read are there."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any, Final

import pytest
import sqlalchemy as sa

from actions.registry.pretend import PretendRegistry
from core.outgoing import Fate
from core.privacy import Pseudonyms, Seal
from core.tasks import close_task
from records.database import Database, open_database
from records.outbox import Outbox
from records.tables import AuditRow, OutboxMessage
from tests.builders import KEY, NUMBER, an_inbound
from tests.unit.channels.scripted_engine import ScriptedEngine
from tests.unit.worker.scripted_twilio import ScriptedTwilio

ACCOUNT: Final = "AC" + "1" * 32
TOKEN: Final = "an-auth-token-for-tests"


class Workshop:
    """A worker whose tasks run at once; `outbox` is what it sends from."""

    def __init__(
        self, patch: pytest.MonkeyPatch, engine: ScriptedEngine, twilio: ScriptedTwilio
    ) -> None:
        self.app = import_module("worker.app")
        self.house = import_module("worker.house")
        self.turns = import_module("worker.turns")
        self.owed = import_module("worker.owed")
        self.deliveries = import_module("worker.deliveries")
        self.remedies = import_module("worker.remedies")
        self.reports = import_module("worker.reports")
        self.lookups = import_module("worker.lookups")
        self.reconciliation = import_module("worker.reconciliation")
        self.submissions = import_module("worker.submissions")
        self.notices = import_module("worker.notices")
        self.archive = import_module("worker.archive")
        self.recording = import_module("worker.recording")
        self.erasing = import_module("worker.erasing")
        self.rights = import_module("worker.rights")
        self.spool = import_module("worker.spool")
        self.retention = import_module("worker.retention")
        self.inviting = import_module("worker.emergencies.inviting")
        self.homes = import_module("worker.emergencies.homes")
        self.registry = PretendRegistry([], lambda: datetime.now(UTC))
        patch.setattr(self.house, "open_registry", lambda *_: self.registry)
        settings = import_module("channels.settings").DoorSettings
        read = import_module("core.environment").read_settings(settings)
        patch.setattr(self.app, "settings", read)
        for module in (self.house, self.archive, self.spool):
            patch.setattr(module, "settings", read)
        self.app.app.conf.task_always_eager = True
        self.house.house.cache_clear()
        self.archive.archive.cache_clear()
        self.engine, self.twilio = engine, twilio
        self.seal, self.pseudonyms = Seal(KEY), Pseudonyms(KEY)
        self.database: Database = open_database(read.records_url)
        self.outbox = Outbox(self.database)

    def close(self) -> None:
        """Close the stores."""
        self.house.house().conversations.close()
        self.house.house.cache_clear()
        self.app.app.conf.task_always_eager = False
        self.database.close()

    def deliver(
        self, text: str, number: str = NUMBER, channel: str = "sms", purpose: str = "answer"
    ) -> None:
        """Have a text delivered, as the door asks for it."""
        value = {"channel": channel, "number": number, "text": text, "purpose": purpose}
        self.deliveries.deliver(close_task(self.seal, value))

    def report(self, status: str, code: str = "", message: int = -1, name: str = "") -> None:
        """Have it reported what became of a message, the last one taken if none is named."""
        taken = [one for one in self.twilio.kept if one.direction != "inbound"][message]
        channel = taken.callback.split("/channels/")[1].split("/")[0]
        ours = int(taken.callback.partition("message=")[2])
        self.report_of(channel, ours, name or taken.sid, status, code)

    def report_of(self, channel: str, message: int, name: str, status: str, code: str = "") -> None:
        """Have it reported what became of a message of our own name."""
        fate = asdict(Fate(name, status, code, str(message)))
        self.reports.take(close_task(self.seal, {"channel": channel, "fate": fate}))

    def finish(self, number: str = NUMBER) -> None:
        """Have the pending inputs of a number finished, as the door asks for it."""
        self.turns.finish(close_task(self.seal, {"channel": "sms", "number": number}))

    def take(self, text: str, message_id: str = "SM1") -> None:
        """Have a message taken, as the door asks for it."""
        message = asdict(an_inbound(text, channel="sms", message_id=message_id))
        self.turns.take(close_task(self.seal, {"channel": "sms", "message": message}))

    def say(self, text: str, message_id: str = "SM1") -> Any:
        """Deliver a message to the door."""
        house = self.house.house()
        inbound = an_inbound(text, channel="sms", message_id=message_id)
        return house.conversations.hop("sms", house.channels["sms"], inbound)

    def waiting(self, number: str = NUMBER) -> int:
        """How many messages of a number wait."""
        return self.outbox.waiting(self.pseudonyms.number(number))

    def make_all_due(self) -> None:
        """Let the time pass for which failed messages wait, and leases last."""
        with self.database.session() as session:
            due = sa.update(OutboxMessage).values(
                not_before=OutboxMessage.created, leased_until=None
            )
            session.execute(due)

    def make_older(self, hours: float) -> None:
        """Let every message have been made so long before."""
        with self.database.session() as session:
            for message in session.scalars(sa.select(OutboxMessage)):
                message.created -= timedelta(hours=hours)
                message.not_before = message.created

    def audited(self, event: str) -> list[AuditRow]:
        """The rows of the audit log about an event."""
        with self.database.reading() as session:
            return list(session.scalars(sa.select(AuditRow).where(AuditRow.event == event)))

    def rows(self) -> list[tuple[str, str, int, bytes]]:
        """State, last error, attempts and content of every message, in order."""
        with self.database.reading() as session:
            messages = session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id)).all()
            return [(m.state, m.last_error, m.attempts, m.sealed) for m in messages]
