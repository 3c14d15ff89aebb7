"""The queue of those who asked for a person: taken, given, put back, handed back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from console.conversations.live import Live
from console.handovers.answering import Answering
from console.handovers.presence import Presence
from console.permissions import allowed
from console.workshop import Workshop
from core.staffed import Staffed, written_in
from core.stores import answering
from records.clock import utc_now
from records.handovers import CLAIMED
from records.takeovers import Takeover, Takeovers
from transcripts.reading import Reading


def handovers(workshop: Workshop, live: Live) -> Blueprint:
    """The blueprint of the queue."""
    blueprint = Blueprint("handovers", __name__, url_prefix="/handovers")
    takeovers, staffed = Takeovers(workshop.records), Staffed(workshop.store)
    presence, reading = Presence(workshop.store), Reading(workshop.transcripts)
    written = Answering(workshop)

    def found(number: int) -> Takeover:
        takeover = takeovers.find(number) if number < 2**60 else None
        if takeover is None:
            abort(404)
        return takeover

    def me() -> str:
        return str(current_user.staff.id)

    def colleague() -> str:
        chosen = request.form.get("to", "")
        if chosen not in workshop.helpers():
            abort(400)
        return chosen

    def changed(takeover: Takeover, is_made: bool, event: str, told: str = "") -> Any:
        """Audit a change, make the bot silent or not, and show the conversation."""
        asked = takeover.handover.asked
        if not is_made:
            flash("handover_too_late")
        else:
            detail: dict[str, Any] = {"by": me(), "handover": takeover.handover.id}
            workshop.audit.append(f"handover.{event}", "", asked.number_key, "console", detail)
            with answering():
                if event in ("claimed", "assigned", "transferred"):
                    staffed.begin(written_in(asked.conversation), takeover.handover.id)
                elif event == "released":
                    staffed.end(written_in(asked.conversation))
            flash(told or f"handover_is_{event}")
        row = reading.latest(asked.conversation)
        if row is None or not takeovers_open(takeover.handover.id):
            return redirect(url_for("handovers.queue"))
        return redirect(url_for("transcript.page", number=row.id))

    def takeovers_open(number: int) -> bool:
        takeover = takeovers.find(number)
        return takeover is not None and takeover.handover.state == CLAIMED

    @blueprint.get("")
    @allowed("handovers.work")
    def queue() -> str:
        with answering():
            presence.seen(me())
            present = presence.present()
        waiting, settled = takeovers.open(), takeovers.settled()
        rows = {one: reading.latest(one.handover.asked.conversation) for one in waiting}
        staff = {str(one.id): one.name for one in workshop.accounts.everybody()}
        return render_template(
            "handovers/queue.html",
            waiting=[one for one in waiting if one.handover.state != CLAIMED],
            claimed=[one for one in waiting if one.handover.state == CLAIMED],
            settled=settled,
            median=_median(settled),
            rows=rows,
            present=[staff[one] for one in present if one in staff],
            staff_names=staff,
            colleagues_names=workshop.helpers(),
            now=utc_now(),
        )

    @blueprint.get("/mark")
    @allowed("handovers.work")
    def mark() -> dict[str, str]:
        return {"mark": takeovers.mark()}

    @blueprint.get("/live")
    @allowed("handovers.work")
    def tell_live() -> Response:
        return live.answer(takeovers.mark)

    @blueprint.post("/<int:number>/claim")
    @allowed("handovers.work")
    def claim(number: int) -> Any:
        takeover = found(number)
        return changed(takeover, takeovers.claim(number, me()), "claimed")

    @blueprint.post("/<int:number>/assign")
    @allowed("handovers.assign")
    def assign(number: int) -> Any:
        takeover = found(number)
        return changed(takeover, takeovers.assign(number, colleague()), "assigned")

    @blueprint.post("/<int:number>/transfer")
    @allowed("handovers.work")
    def transfer(number: int) -> Any:
        takeover = found(number)
        return changed(takeover, takeovers.transfer(number, me(), colleague()), "transferred")

    @blueprint.post("/<int:number>/release")
    @allowed("handovers.work")
    def release(number: int) -> Any:
        takeover = found(number)
        return changed(takeover, takeovers.release(number, me()), "released")

    @blueprint.post("/<int:number>/hand-back")
    @allowed("handovers.work")
    def hand_back(number: int) -> Any:
        takeover = found(number)
        note = " ".join(request.form.get("note", "").split())
        if not note:
            flash("handover_note_missing")
            return redirect(request.referrer or url_for("handovers.queue"))
        is_mine = takeovers.hand_back(number, me(), note)
        if is_mine:
            # The number that the request held is gone by now: the question takes it along.
            with answering():
                staffed.ask(written_in(takeover.handover.asked.conversation), number)
            written.ask(takeover, me())
        return changed(takeover, is_mine, "handed_back")

    return blueprint


def _median(settled: list[Takeover]) -> timedelta | None:
    times = [one.answered - one.handover.created for one in settled if one.answered]
    return sorted(times)[len(times) // 2] if times else None
