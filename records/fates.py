"""What became of a text that went out in one or several messages: the least of them tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from records.database import Database
from records.statuses import ARRIVED, FAILED
from records.tables import OutboxMessage

# From what is worst to what is best: a text arrived where all of its messages did.
_ORDER: Final = ("dead", "undelivered", "queued", "held", "sent", "delivered", "read")


@dataclass(frozen=True, slots=True)
class TextFate:
    """A state as transcripts name it, the provider's code, and whether no more will be heard."""

    state: str
    code: str
    is_final: bool


def fate_of(database: Database, recipient_key: str, cause: str) -> TextFate | None:
    """What became of the text of a cause; None where no message of it is known.

    Raises StoreUnavailable.
    """
    row = OutboxMessage
    wanted = sa.select(row.state, row.status, row.last_error).where(
        row.recipient_key == recipient_key, row.cause.startswith(f"{cause}:", autoescape=True)
    )
    with database.reading() as session:
        fates = [_fate(*one) for one in session.execute(wanted)]
    return min(fates, key=lambda fate: _ORDER.index(fate.state)) if fates else None


def _fate(state: str, status: str, code: str) -> TextFate:
    if state == "dead":
        return TextFate("dead", code, is_final=True)
    if status in FAILED:
        return TextFate("undelivered", code, is_final=state == "done")
    if status in ARRIVED:
        return TextFate(status, "", is_final=state == "done")
    if state == "done":
        return TextFate("sent", "", is_final=True)
    known = {"sent": "sent", "held": "held"}
    return TextFate(known.get(state, "queued"), code if state == "held" else "", is_final=False)
