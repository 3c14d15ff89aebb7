"""The table of files that citizens send."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from records.table import Key, Table


class MediaRow(Table):
    """A file that somebody sent for what they fill in, from the moment it was promised a place.

    `draft_id` is the draft's, and so the idempotency key of what is handed in. `state` is wanted
    (it lies at its provider), kept, refused (see `outcome`) or passed_on (the registry has it).
    `sealed` holds where it lies, then the key of `content`; both are emptied with the content.
    """

    __tablename__ = "media"

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    person_key: Mapped[str] = mapped_column(Key, index=True)
    number_key: Mapped[str] = mapped_column(Key, index=True)
    draft_id: Mapped[str] = mapped_column(sa.String(64), index=True)
    channel: Mapped[str] = mapped_column(sa.String(32))
    state: Mapped[str] = mapped_column(sa.String(16), default="wanted")
    outcome: Mapped[str] = mapped_column(sa.String(64), default="")
    content_type: Mapped[str] = mapped_column(sa.String(64), default="")
    size: Mapped[int] = mapped_column(default=0)
    created: Mapped[datetime]
    not_before: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    settled: Mapped[datetime | None]
    sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, default=b"", deferred=True)

    __table_args__ = (
        sa.Index(
            "ix_media_due",
            "not_before",
            "id",
            sqlite_where=sa.text("state in ('wanted', 'kept')"),
            postgresql_where=sa.text("state in ('wanted', 'kept')"),
        ),
    )
