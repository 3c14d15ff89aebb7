"""Writing to a citizen who asked for a person. The worker sends it; the number stays sealed."""

from __future__ import annotations

import base64
import secrets
from typing import Any, Final

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_login import current_user

from console.permissions import allowed
from console.workshop import Workshop
from core.staffed import REPLY, WAKE, Staffed, written_in
from core.stores import answering
from records.replies import Replies
from records.takeovers import Takeover, Takeovers
from transcripts.reading import Reading

LONGEST: Final = 1000


class Answering:
    """Hands what staff write to the worker. Its methods may raise StoreUnavailable."""

    def __init__(self, workshop: Workshop) -> None:
        self._tasks = workshop.tasks

    def write(self, takeover: Takeover, author: str, text: str) -> None:
        """Send a text to whom a request is of, and record it as its author's."""
        asked = takeover.handover.asked
        conversation = written_in(asked.conversation)
        value: dict[str, Any] = {
            "key": f"reply-{secrets.token_hex(12)}",
            "conversation": conversation,
            "asked_in": asked.conversation,
            "number_key": asked.number_key,
            "channel": conversation.partition("-")[0],
            "language": asked.language,
            "sealed": base64.b64encode(asked.sealed).decode(),
            "author": author,
            "text": text,
        }
        self._tasks.queue(REPLY, value)

    def wake(self, takeover: Takeover) -> None:
        """Have the citizen asked to write on WhatsApp, by a message that Meta approved."""
        asked = takeover.handover.asked
        value: dict[str, Any] = {
            "asked_in": asked.conversation,
            "number_key": asked.number_key,
            "sealed": base64.b64encode(asked.sealed).decode(),
        }
        self._tasks.queue(WAKE, value)

    def ask(self, takeover: Takeover, author: str) -> None:
        """Send the question whether the person helped."""
        self.write(takeover, author, "")


def writing(workshop: Workshop) -> Blueprint:
    """The blueprint of replies to citizens."""
    blueprint = Blueprint("writing", __name__, url_prefix="/handovers/<int:number>")
    takeovers, written = Takeovers(workshop.records), Answering(workshop)
    replies, reading = Replies(workshop.records), Reading(workshop.transcripts)

    def found(number: int) -> Takeover:
        takeover = takeovers.find(number) if number < 2**60 else None
        if takeover is None:
            abort(404)
        return takeover

    def send(takeover: Takeover, text: str) -> Any:
        number, staff = takeover.handover.id, str(current_user.staff.id)
        asked = takeover.handover.asked
        if not text or len(text) > LONGEST:
            flash("reply_empty" if not text else "reply_too_long")
        elif not takeovers.answered(number, staff):
            flash("handover_too_late")
        else:
            written.write(takeover, staff, text)
            with answering():
                Staffed(workshop.store).begin(written_in(asked.conversation), number)
            flash("reply_on_its_way")
        row = reading.latest(written_in(asked.conversation)) or reading.latest(asked.conversation)
        if row is None:
            return redirect(url_for("handovers.queue"))
        return redirect(url_for("transcript.page", number=row.id))

    @blueprint.post("/reply")
    @allowed("handovers.work")
    def reply(number: int) -> Any:
        return send(found(number), request.form.get("text", "").replace("\x00", "").strip())

    @blueprint.post("/wake")
    @allowed("handovers.work")
    def wake(number: int) -> Any:
        takeover = found(number)
        if takeover.handover.claimed_by != str(current_user.staff.id):
            flash("handover_too_late")
        else:
            written.wake(takeover)
            detail: dict[str, Any] = {"by": str(current_user.staff.id), "handover": number}
            key = takeover.handover.asked.number_key
            workshop.audit.append("handover.woken", "", key, "console", detail)
            flash("wake_asked")
        row = reading.latest(takeover.handover.asked.conversation)
        if row is None:
            return redirect(url_for("handovers.queue"))
        return redirect(url_for("transcript.page", number=row.id))

    @blueprint.post("/canned")
    @allowed("handovers.work")
    def canned(number: int) -> Any:
        takeover = found(number)
        chosen = [one for one in replies.all() if str(one.id) == request.form.get("reply")]
        if not chosen:
            abort(404)
        values = {
            blank: " ".join(request.form.get(f"blank-{blank}", "").split())
            for blank in chosen[0].blanks
        }
        if not all(values.values()):
            flash("reply_blank_open")
            return redirect(request.referrer or url_for("handovers.queue"))
        return send(takeover, chosen[0].filled(values))

    return blueprint
