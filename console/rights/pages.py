"""What citizens ask for about their data: what waits and until when, and entering a request.

Who asks is told in the body of a form, by phone number and identifier, and is kept as keyed hashes.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from console.permissions import allowed
from console.workshop import Workshop
from core.identifiers import read_idcs, read_number
from records.clock import utc_now
from records.exported import ExportFiles
from records.rights import Rights
from records.rights_requests import KINDS, OPEN, PROOFS, STAFF, Entered, RightsRequests
from transcripts.reading import Reading
from transcripts.retention import Retention


def rights_pages(workshop: Workshop) -> Blueprint:
    """The blueprint of these requests."""
    blueprint = Blueprint("rights", __name__, url_prefix="/rights")
    requests, reading = RightsRequests(workshop.records), Reading(workshop.transcripts)
    held = Rights(workshop.records, workshop.audit)
    said = Retention(workshop.transcripts)
    files = ExportFiles(workshop.records, workshop.seal)

    def names() -> dict[str, str]:
        return {str(one.id): one.name for one in workshop.accounts.everybody()}

    def enter(number_key: str, person_key: str) -> Any:
        kind, proof = request.form.get("kind", ""), request.form.get("proof", "")
        if kind not in KINDS or proof not in PROOFS:
            abort(400)
        staff = str(current_user.staff.id)
        asked = Entered(kind, number_key, person_key, STAFF, proof, staff)
        number = requests.enter(asked, workshop.settings.rights_days)
        detail: dict[str, Any] = {"by": staff, "request": number, "kind": kind, "proof": proof}
        workshop.audit.append("rights.entered", person_key, number_key, "console", detail)
        flash("rights_entered")
        return redirect(url_for("rights.one", number=number))

    @blueprint.get("")
    @allowed("rights.enter")
    def listed() -> str:
        return render_template(
            "rights/list.html",
            waiting=requests.open(),
            settled=requests.settled(),
            now=utc_now(),
            kinds=KINDS,
            proofs=PROOFS,
            staff_names=names(),
        )

    @blueprint.post("")
    @allowed("rights.enter")
    def enter_by_number() -> Any:
        number = read_number(request.form.get("number", "")[:40])
        typed = request.form.get("idcs", "")[:40].strip()
        idcs = read_idcs(typed) if typed else None
        if number is None or (typed and idcs is None):
            flash("rights_unreadable")
            return redirect(url_for("rights.listed"))
        keys = workshop.pseudonyms
        return enter(keys.number(number), keys.person(idcs) if idcs else "")

    @blueprint.post("/of/<int:conversation>")
    @allowed("rights.enter")
    def enter_from_conversation(conversation: int) -> Any:
        row = reading.find(conversation) if conversation < 2**60 else None
        if row is None:
            abort(404)
        return enter(row.number_key, "")

    @blueprint.get("/<int:number>")
    @allowed("rights.enter")
    def one(number: int) -> str:
        found = requests.find(number) if number < 2**60 else None
        if found is None:
            abort(404)
        is_open = found.state == OPEN
        holdings = held.held(found.person_key, found.number_key) if is_open else []
        file = files.find(found.file_id) if found.file_id else None
        return render_template(
            "rights/one.html",
            one=found,
            now=utc_now(),
            holdings=holdings,
            said=said.count(found.number_key) if is_open else None,
            file=file,
            staff_names=names(),
        )

    return blueprint
