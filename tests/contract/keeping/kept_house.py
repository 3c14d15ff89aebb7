"""A house with something in every table that a restore must think of."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import closing, redirect_stdout
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
import sqlalchemy as sa

from core.privacy import Pseudonyms, Seal
from records.audit import Audit
from records.consents import Consents
from records.database import Database, open_database
from records.drafts import draft_context
from records.media import media_context
from records.media_tables import MediaRow
from records.migrate import upgrade
from records.notices import Notices, notice_context
from records.outbox import Draft, Outbox, seal_context
from records.people import Numbers
from records.tables import DraftRow, EmergencyRow, OutboxMessage, SubmissionRow, Table
from tests.builders import IDCS, KEY, NUMBER
from tests.contract.transcripts.conftest import a_turn
from transcripts.migrate import upgrade as upgrade_transcripts
from transcripts.store import Transcripts
from worker.keeping import backup, restore
from worker.keeping.erasures import ErasureLog

ANSWERS: Final = b'{"name": "Zoubida Tazrouti"}'
PAPER: Final = b"%PDF-1.7 a paper"
STATES: Final = ("queued", "answered", "held", "sent", "dead")


class KeptHouse:
    """Two databases, their erasures and backups; `url` and `said_url` are those of the settings."""

    def __init__(
        self, new_url: Callable[[str], str], folder: Path, patch: pytest.MonkeyPatch
    ) -> None:
        self._new_url, self.folder, self._patch = new_url, folder, patch
        self.seal, pseudonyms = Seal(KEY), Pseudonyms(KEY)
        self.number, self.person = pseudonyms.number(NUMBER), pseudonyms.person(IDCS)
        self.url = self.said_url = ""
        self.move()

    def move(self) -> None:
        """Lose both databases: the settings name empty ones from now on."""
        name = f"house-{len(list(self.folder.iterdir()))}"
        (self.folder / name).mkdir()
        self.use(self._new_url(f"{name}/records"), self._new_url(f"{name}/transcripts"))

    def use(self, url: str, said_url: str) -> None:
        """Have the settings name these databases."""
        self.url, self.said_url = url, said_url
        self._patch.setenv("TWIZA_RECORDS_URL", url)
        self._patch.setenv("TWIZA_TRANSCRIPTS_URL", said_url)

    def settle_in(self) -> None:
        """Let somebody have a draft, a paper, messages, a notice, and something handed in."""
        upgrade(self.url)
        upgrade_transcripts(self.said_url)
        with closing(open_database(self.url)) as database:
            Numbers(database).choose_language(self.number, "fr")
            Consents(database).give(self.number, "2026-11", "fr", "ussd")
            Audit(database).append("disclosure.index", self.person, self.number, "ussd", {})
            self._draft(database)
            self._messages(database)
            event = "e" * 32
            notice = self.seal.close(b"{}", notice_context(event, self.person))
            Notices(database).add(event, self.person, notice, datetime.now(UTC))
        with closing(open_database(self.said_url)) as database:
            Transcripts(database).record([a_turn("turn-1", datetime.now(UTC), self.number)])

    def rows(self, said: bool = False) -> dict[str, int]:
        """How many rows each table has."""
        with closing(open_database(self.said_url if said else self.url)) as database:
            names = sa.inspect(database.engine).get_table_names()
            counted = sa.select(sa.func.count())
            with database.reading() as session:
                return {
                    name: session.execute(counted.select_from(sa.table(name))).scalar_one()
                    for name in names
                }

    def all(self, table: type[Table], *columns: str) -> list[tuple[object, ...]]:
        """These columns of every row of a table of the records."""
        with closing(open_database(self.url)) as database, database.reading() as session:
            asked = sa.select(*(getattr(table, name) for name in columns)).order_by(
                *sa.inspect(table).primary_key
            )
            return [tuple(row) for row in session.execute(asked)]

    def draft(self) -> bytes:
        """What the citizen's draft holds, opened."""
        [(name, sealed)] = self.all(DraftRow, "id", "sealed")
        assert isinstance(sealed, bytes)
        return self.seal.open(sealed, draft_context(str(name)))

    def erases(self, task: str, person: str, number: str, is_done: bool = True) -> None:
        """Note an erasure as the worker does; the databases are lost before anybody looks."""
        log = ErasureLog(str(self.folder / "erasures"))
        log.begin(task, person, number)
        if is_done:
            log.done(task)

    def back_up(self, *arguments: str) -> Path:
        """Run `bin/backup`; the folder it names."""
        told = io.StringIO()
        with redirect_stdout(told):
            assert backup.main(arguments) == 0
        return Path(told.getvalue().splitlines()[-1])

    def restore(self, made: Path, *arguments: str) -> int:
        """Run `bin/restore backup`; its exit code."""
        return restore.main(["backup", str(made), *arguments])

    def _draft(self, database: Database) -> None:
        now = datetime.now(UTC)
        with database.session() as session:
            session.add(
                DraftRow(
                    id="draft-1",
                    owner_key=self.person,
                    procedure="asd",
                    sealed=self.seal.close(ANSWERS, draft_context("draft-1")),
                    created=now,
                    touched=now,
                )
            )
            session.add(
                MediaRow(
                    id="m" * 32,
                    person_key=self.person,
                    number_key=self.number,
                    draft_id="draft-1",
                    channel="whatsapp",
                    state="kept",
                    created=now,
                    not_before=now,
                    sealed=self.seal.close(b"the key of it", media_context("m" * 32)),
                    content=PAPER,
                )
            )
            session.add(
                SubmissionRow(
                    idempotency_key="draft-0",
                    reference="123456789012",
                    person_key=self.person,
                    number_key=self.number,
                    kind="application",
                    programme="asd",
                    sealed=self.seal.close(ANSWERS, "submission|draft-0"),
                    created=now,
                    not_before=now,
                )
            )
            session.add(
                EmergencyRow(
                    key="quake",
                    fingerprint="f",
                    plan="{}",
                    starts=now,
                    ends=now + timedelta(days=9),
                    rate_per_minute=10,
                    budget=100,
                    state="approved",
                    proposed_by="Amina",
                    proposed=now,
                )
            )

    def _messages(self, database: Database) -> None:
        sealed = self.seal.close(b"{}", seal_context(self.number))
        ids = Outbox(database).put(self.number, "sms", [Draft(sealed) for _ in STATES])
        with database.session() as session:
            for name, state in zip(ids, STATES, strict=True):
                session.get_one(OutboxMessage, name).state = state
