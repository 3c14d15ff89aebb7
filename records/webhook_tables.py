"""The tables of webhooks: where they go, and what became of each."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from records.table import QUEUED, RowNumber, Table


class WebhookEndpointRow(Table):
    """Where somebody listens: its address, its secret sealed, the events it is told of.

    `gathered` is until when events were looked for.
    """

    __tablename__ = "webhook_endpoints"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    url: Mapped[str] = mapped_column(sa.String(500))
    sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    events: Mapped[str] = mapped_column(sa.String(200))
    made_by: Mapped[str] = mapped_column(sa.String(64))
    made: Mapped[datetime]
    gathered: Mapped[datetime]
    closed: Mapped[datetime | None]

    __table_args__ = ({"sqlite_autoincrement": True},)


class WebhookDeliveryRow(Table):
    """An event on its way to one endpoint, once: `state` is queued, sent or dead."""

    __tablename__ = "webhook_deliveries"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    endpoint_id: Mapped[int] = mapped_column(sa.ForeignKey("webhook_endpoints.id"))
    event: Mapped[str] = mapped_column(sa.String(32))
    key: Mapped[str] = mapped_column(sa.String(64))
    body: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[str] = mapped_column(sa.String(8), default="queued")
    created: Mapped[datetime] = mapped_column(index=True)
    not_before: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    status: Mapped[int] = mapped_column(default=0)
    fault: Mapped[str] = mapped_column(sa.String(64), default="")
    settled: Mapped[datetime | None]

    __table_args__ = (
        sa.UniqueConstraint("endpoint_id", "key"),
        sa.Index(
            "ix_webhook_deliveries_due",
            "not_before",
            "id",
            sqlite_where=sa.text("state = 'queued'"),
            postgresql_where=sa.text("state = 'queued'"),
        ),
        {"sqlite_autoincrement": True},
    )


def is_due(now: datetime) -> sa.ColumnElement[bool]:
    """True of a delivery that is to be tried now; as the partial index writes it."""
    row = WebhookDeliveryRow
    is_free = sa.or_(row.leased_until.is_(None), row.leased_until <= now)
    return sa.and_(row.state == QUEUED, row.not_before <= now, is_free)
