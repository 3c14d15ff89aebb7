"""What stands beside a conversation that somebody asked for a person in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from console.workshop import Workshop
from core.staffed import written_in
from records.handovers import Handovers
from records.replies import Replies, Reply
from records.takeovers import Takeover, Takeovers
from transcripts.reading import Message, Reading
from transcripts.tables import ConversationRow, TurnRow

WINDOW: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Panel:
    """An open request, what may be sent, and where that goes.

    `other` is the conversation of the same citizen where the messages of both stand; `left` how
    long WhatsApp takes free text yet, None where the reply goes by SMS.
    """

    takeover: Takeover
    is_mine: bool
    replies: list[Reply]
    other: ConversationRow | None
    left: timedelta | None


def panel(
    workshop: Workshop, row: ConversationRow, messages: list[Message], staff: str, now: datetime
) -> Panel | None:
    """The panel of a conversation, or None where nobody asked."""
    handovers = Handovers(workshop.records)
    ussd = f"ussd-{row.number_key}"
    open_one = handovers.open_of(row.name)
    if open_one is None and row.kind == "sms":
        # A caller by USSD is answered here.
        open_one = handovers.open_of(ussd)
    takeover = Takeovers(workshop.records).find(open_one.id) if open_one else None
    if takeover is None:
        return None
    asked = takeover.handover.asked
    names = {asked.conversation, written_in(asked.conversation)} - {row.name}
    other = Reading(workshop.transcripts).latest(names.pop()) if names else None
    replies = Replies(workshop.records).all(row.language or asked.language)
    heard = [one.at for one in messages if isinstance(one, TurnRow)]
    left = WINDOW - (now - max(heard)) if row.kind == "whatsapp" and heard else None
    is_open = left is not None and left > timedelta()
    is_mine = takeover.handover.claimed_by == staff
    return Panel(takeover, is_mine, replies, other, left if is_open else None)
