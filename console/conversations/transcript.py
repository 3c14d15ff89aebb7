"""One conversation as its citizen saw it, with what staff added to it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from console.conversations.filters import place
from console.conversations.live import Live
from console.handovers.panel import panel
from console.permissions import allowed
from console.workshop import Workshop
from records.clock import utc_now
from records.handovers import Handovers
from transcripts.listing import Place
from transcripts.reading import Reading
from transcripts.remarks import Remarks
from transcripts.tables import ConversationRow


def transcripts(workshop: Workshop, live: Live) -> Blueprint:
    """The blueprint of a conversation."""
    blueprint = Blueprint("transcript", __name__, url_prefix="/conversations/<int:number>")
    reading, remarks = Reading(workshop.transcripts), Remarks(workshop.transcripts)
    handovers = Handovers(workshop.records)

    def found(number: int) -> ConversationRow:
        row = reading.find(number) if number < 2**60 else None
        if row is None:
            abort(404)
        return row

    def newest(row: ConversationRow) -> str:
        asked = handovers.open_of(row.name)
        return f"{reading.mark(row.id)}-{asked.state + asked.claimed_by if asked else ''}"

    def back(number: int) -> Any:
        return redirect(url_for("transcript.page", number=number))

    @blueprint.get("")
    @allowed("conversations.read")
    def page(number: int) -> str:
        row = found(number)
        before = place(Place, request.args.get("before", ""))
        messages, has_earlier = reading.messages(number, before.at if before else None)
        earlier = Place(messages[0].at, 0) if has_earlier else None
        return render_template(
            "conversations/transcript.html",
            conversation=row,
            messages=messages,
            earlier=earlier,
            before=before,
            labels=remarks.labels(number),
            notes=remarks.notes(number),
            panel=panel(workshop, row, messages, str(current_user.staff.id), utc_now()),
            colleagues_names=workshop.helpers(),
            handover=handovers.open_of(row.name),
            staff_names={str(one.id): one.name for one in workshop.accounts.everybody()},
        )

    @blueprint.get("/mark")
    @allowed("conversations.read")
    def mark(number: int) -> dict[str, str]:
        return {"mark": newest(found(number))}

    @blueprint.get("/live")
    @allowed("conversations.read")
    def tell_live(number: int) -> Response:
        row = found(number)
        return live.answer(lambda: newest(row))

    @blueprint.post("/labels")
    @allowed("conversations.label")
    def label(number: int) -> Any:
        found(number)
        word = " ".join(request.form.get("label", "").split())
        if word and word.isprintable():
            remarks.label(number, word, str(current_user.staff.id))
        return back(number)

    @blueprint.post("/labels/drop")
    @allowed("conversations.label")
    def unlabel(number: int) -> Any:
        found(number)
        remarks.unlabel(number, request.form.get("label", ""))
        return back(number)

    @blueprint.post("/notes")
    @allowed("conversations.label")
    def note(number: int) -> Any:
        found(number)
        text = request.form.get("text", "").replace("\x00", "").strip()
        if text:
            remarks.note(number, str(current_user.staff.id), text)
            flash("note_kept")
        return back(number)

    return blueprint
