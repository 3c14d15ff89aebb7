"""Carrying out a request of a citizen's in one step, refusing it, handing over its file once.

The worker does what is to be done: it alone opens what lies sealed, and reaches every store.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask_login import current_user

from console.permissions import allowed
from console.workshop import Workshop
from core.errors import TokenRefused
from core.rights import CARRY_OUT
from records.exported import ExportFiles
from records.rights_requests import RightsRequest, RightsRequests

_SHORTEST_REASON: Final = 5
_LONGEST_REASON: Final = 200


def handing(workshop: Workshop) -> Blueprint:
    """The blueprint of carrying out."""
    blueprint = Blueprint("handing", __name__, url_prefix="/rights/<int:number>")
    requests = RightsRequests(workshop.records)
    files = ExportFiles(workshop.records, workshop.seal)

    def settle(number: int, event: str, change: Callable[[int, str], bool]) -> Any:
        """Change a request for a reason, which is audited; then go back to it."""
        found = requests.find(number) if number < 2**60 else None
        if found is None:
            abort(404)
        reason = " ".join(request.form.get("reason", "").split())[:_LONGEST_REASON]
        if len(reason) < _SHORTEST_REASON:
            flash("rights_reason_missing")
        elif not change(number, str(current_user.staff.id)):
            flash("rights_too_late")
        else:
            _note(found, event, reason)
            flash(event.replace(".", "_is_"))
        return redirect(url_for("rights.one", number=number))

    def _note(found: RightsRequest, event: str, reason: str) -> None:
        detail: dict[str, Any] = {
            "by": str(current_user.staff.id),
            "request": found.id,
            "kind": found.kind,
            "reason": reason,
        }
        workshop.audit.append(event, found.person_key, found.number_key, "console", detail)

    def begin(number: int, staff: str) -> bool:
        is_begun = requests.begin(number, staff)
        if is_begun:
            workshop.tasks.queue(CARRY_OUT, {"request": number})
        return is_begun

    @blueprint.post("/carry-out")
    @allowed("rights.work")
    def carry_out(number: int) -> Any:
        return settle(number, "rights.begun", begin)

    @blueprint.post("/refuse")
    @allowed("rights.work")
    def refuse(number: int) -> Any:
        return settle(number, "rights.refused", requests.refuse)

    @blueprint.post("/file")
    @allowed("rights.work")
    def file(number: int) -> Any:
        found = requests.find(number) if number < 2**60 else None
        taken = files.take(found.file_id, once=True) if found and found.file_id else None
        if taken is None:
            abort(404)
        detail: dict[str, Any] = {"by": str(current_user.staff.id), "request": number}
        workshop.audit.append("rights.handed_over", "", taken.number_key, "console", detail)
        try:
            content = b"".join(files.read(taken))
        except TokenRefused:
            abort(404)
        files.drop(taken.id)
        name = f'attachment; filename="{taken.name}"'
        return Response(content, mimetype="application/zip", headers={"Content-Disposition": name})

    return blueprint
