"""The tables of the records. What creates and changes them in a database are the migrations."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from records.audit_tables import AuditCheckRow, NightRow
from records.emergency_tables import EmergencyRow, InvitationRow
from records.export_tables import ExportJobRow
from records.media_tables import MediaRow
from records.message_tables import BlockRow, OutboxMessage
from records.rights_tables import ExportFileRow, ExportPieceRow, RightsRequestRow
from records.staff_tables import ReplyRow, StaffHoursRow, StaffInvitationRow, StaffRow
from records.table import QUEUED, Key, RowNumber, Table, UtcDateTime
from records.token_tables import ApiTokenRow
from records.webhook_tables import WebhookDeliveryRow, WebhookEndpointRow

# Everybody takes the tables from here, so that none is ever missing in their metadata.
__all__ = [
    "QUEUED",
    "AddressRow",
    "ApiTokenRow",
    "AuditCheckRow",
    "AuditRow",
    "AuditSubjectRow",
    "BlockRow",
    "ConsentRow",
    "DraftRow",
    "EmergencyRow",
    "ExportFileRow",
    "ExportJobRow",
    "ExportPieceRow",
    "FollowerRow",
    "HandoverRow",
    "InvitationRow",
    "MediaRow",
    "NightRow",
    "NoticeRow",
    "NumberRow",
    "OutboxMessage",
    "ReplyRow",
    "RightsRequestRow",
    "StaffHoursRow",
    "StaffInvitationRow",
    "StaffRow",
    "SubmissionRow",
    "Table",
    "UtcDateTime",
    "WebhookDeliveryRow",
    "WebhookEndpointRow",
]


class NumberRow(Table):
    """A phone number, known by its keyed hash: what its citizen chose on it.

    `unreachable_on` are the kinds of channel, comma-separated, on which a provider says there is
    no such number.
    """

    __tablename__ = "numbers"

    number_key: Mapped[str] = mapped_column(Key, primary_key=True)
    language: Mapped[str] = mapped_column(sa.String(8), default="")
    script: Mapped[str] = mapped_column(sa.String(8), default="")
    opted_out: Mapped[bool] = mapped_column(default=False)
    unreachable_on: Mapped[str] = mapped_column(sa.String(32), default="", server_default="")
    last_seen: Mapped[datetime] = mapped_column(index=True)


class ConsentRow(Table):
    """One act of consent or its end; rows are added, never changed."""

    __tablename__ = "consents"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    number_key: Mapped[str] = mapped_column(sa.ForeignKey("numbers.number_key"), index=True)
    act: Mapped[str] = mapped_column(sa.String(16))
    text_version: Mapped[str] = mapped_column(sa.String(32))
    language: Mapped[str] = mapped_column(sa.String(8))
    channel: Mapped[str] = mapped_column(sa.String(32))
    at: Mapped[datetime]


class AuditRow(Table):
    """A link of the audit chain; the database itself refuses to change or delete one."""

    __tablename__ = "audit"

    number: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(index=True)
    event: Mapped[str] = mapped_column(sa.String(64))
    person_key: Mapped[str] = mapped_column(Key, index=True)
    number_key: Mapped[str] = mapped_column(Key, index=True)
    channel: Mapped[str] = mapped_column(sa.String(32))
    detail: Mapped[str] = mapped_column(sa.Text)
    previous_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    hash: Mapped[str] = mapped_column(sa.String(64))

    __table_args__ = (sa.Index("ix_audit_event_number", "event", "number"),)


class DraftRow(Table):
    """Something that somebody began to fill in, sealed; one for each owner and procedure.

    The owner is a person, or where nobody is verified what stands for one on a number, and then
    `number_key` says on which.
    """

    __tablename__ = "drafts"

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    owner_key: Mapped[str] = mapped_column(Key)
    number_key: Mapped[str] = mapped_column(Key, default="", server_default="", index=True)
    procedure: Mapped[str] = mapped_column(sa.String(64))
    sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    created: Mapped[datetime]
    touched: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (sa.UniqueConstraint("owner_key", "procedure"),)


class SubmissionRow(Table):
    """What a citizen handed in and the registry must get once: sealed until it is settled.

    `kind` is application, complaint or contact, `programme` the procedure's key; `state` queued,
    sent, refused or stuck. `registry_reference` is the one the registry knows it by. `tried` is the
    last try, `own_failures` counts those that are the fault of this one and not of an outage.
    `region` (core.regions) and `area` (urban, rural) are the home's, noted once it was sent.
    """

    __tablename__ = "submissions"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    idempotency_key: Mapped[str] = mapped_column(sa.String(64), unique=True)
    reference: Mapped[str] = mapped_column(sa.String(32), unique=True)
    person_key: Mapped[str] = mapped_column(Key, index=True)
    number_key: Mapped[str] = mapped_column(Key, index=True)
    kind: Mapped[str] = mapped_column(sa.String(16))
    programme: Mapped[str] = mapped_column(sa.String(64))
    sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    state: Mapped[str] = mapped_column(sa.String(8), default="queued")
    registry_reference: Mapped[str] = mapped_column(sa.String(64), default="", index=True)
    created: Mapped[datetime]
    not_before: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    tried: Mapped[datetime | None]
    own_failures: Mapped[int] = mapped_column(default=0, server_default="0")
    settled: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(sa.String(64), default="")
    language: Mapped[str] = mapped_column(sa.String(8), default="", server_default="")
    region: Mapped[str] = mapped_column(sa.String(8), default="", server_default="")
    area: Mapped[str] = mapped_column(sa.String(8), default="", server_default="")

    __table_args__ = (
        sa.Index("ix_submissions_settled", "state", "settled"),
        sa.Index("ix_submissions_created", "created"),
        sa.Index(
            "ix_submissions_due",
            "not_before",
            "id",
            sqlite_where=sa.text("state = 'queued'"),
            postgresql_where=sa.text("state = 'queued'"),
        ),
        {"sqlite_autoincrement": True},
    )


class AddressRow(Table):
    """A number itself, sealed: kept only while there is something to tell it."""

    __tablename__ = "addresses"

    number_key: Mapped[str] = mapped_column(Key, primary_key=True)
    sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    kind: Mapped[str] = mapped_column(sa.String(16))
    heard: Mapped[datetime]


class FollowerRow(Table):
    """A person who agreed to be told of changes on a number; one for each person and number.

    `subscription` is the code of the registry's subscription, or several with commas between, the
    same for all numbers of a person.
    `region` and `commune` (core.regions) are of the service centre of their address as the registry
    had it on `home_noted`; both empty where it knows none.
    """

    __tablename__ = "followers"

    person_key: Mapped[str] = mapped_column(Key, primary_key=True)
    number_key: Mapped[str] = mapped_column(Key, primary_key=True, index=True)
    detail: Mapped[str] = mapped_column(sa.String(8))
    subscription: Mapped[str] = mapped_column(sa.String(512))
    created: Mapped[datetime]
    used: Mapped[datetime]
    region: Mapped[str] = mapped_column(sa.String(8), default="", server_default="")
    commune: Mapped[str] = mapped_column(sa.String(64), default="", server_default="")
    home_noted: Mapped[datetime | None]

    __table_args__ = (sa.Index("ix_followers_home", "region", "commune"),)


class NoticeRow(Table):
    """A change that somebody is told of, sealed until then; one for each event and person."""

    __tablename__ = "notices"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    event_key: Mapped[str] = mapped_column(Key)
    person_key: Mapped[str] = mapped_column(Key, index=True)
    sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    state: Mapped[str] = mapped_column(sa.String(8), default="queued")
    created: Mapped[datetime]
    not_before: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    settled: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(sa.String(64), default="")

    __table_args__ = (
        sa.UniqueConstraint("event_key", "person_key"),
        sa.Index(
            "ix_notices_due",
            "not_before",
            "id",
            sqlite_where=sa.text("state = 'queued'"),
            postgresql_where=sa.text("state = 'queued'"),
        ),
        {"sqlite_autoincrement": True},
    )


class HandoverRow(Table):
    """A request for a person: waiting, claimed, done or cancelled. Its number lies sealed."""

    __tablename__ = "handovers"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    number_key: Mapped[str] = mapped_column(Key, index=True)
    conversation: Mapped[str] = mapped_column(sa.String(96))
    channel: Mapped[str] = mapped_column(sa.String(32))
    language: Mapped[str] = mapped_column(sa.String(8))
    reason: Mapped[str] = mapped_column(sa.String(64))
    programme: Mapped[str] = mapped_column(sa.String(64))
    sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    state: Mapped[str] = mapped_column(sa.String(16))
    created: Mapped[datetime]
    claimed_by: Mapped[str] = mapped_column(sa.String(64))
    settled: Mapped[datetime | None]
    claimed: Mapped[datetime | None]
    answered: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    rating: Mapped[str] = mapped_column(sa.String(1), default="", server_default="")

    __table_args__ = (
        sa.Index("ix_handovers_created", "created"),
        sa.Index(
            "ix_handovers_open",
            "conversation",
            unique=True,
            sqlite_where=sa.text("state in ('waiting', 'claimed')"),
            postgresql_where=sa.text("state in ('waiting', 'claimed')"),
        ),
        sa.Index(
            "ix_handovers_waiting",
            "id",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        ),
        {"sqlite_autoincrement": True},
    )


class AuditSubjectRow(Table):
    """Under which random name the audit knows a person or a number.

    This row is the only way from one to the other: once it is deleted, nobody can tell whose rows
    of the audit they are.
    """

    __tablename__ = "audit_subjects"

    pseudonym: Mapped[str] = mapped_column(Key, primary_key=True)
    subject: Mapped[str] = mapped_column(Key, unique=True)
