"""Exports in the background: asked for, with how far they are, and the file that comes of one."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from console.permissions import allowed
from console.workshop import Workshop
from core.exporting import MAKE_EXPORT
from records.clock import utc_now
from records.export_jobs import FORMS, KINDS, ExportJobs
from records.exported import ExportFiles

_ZONE: Final = ZoneInfo("Africa/Casablanca")
_USUAL_DAYS: Final = 30
_TYPES: Final = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/x-ndjson",
}


def export_pages(workshop: Workshop) -> Blueprint:
    """The blueprint of exports."""
    blueprint = Blueprint("exports", __name__, url_prefix="/exports")
    jobs, files = ExportJobs(workshop.records), ExportFiles(workshop.records, workshop.seal)

    def note(event: str, **detail: Any) -> None:
        told = {"by": str(current_user.staff.id), **detail}
        workshop.audit.append(event, "", "", "console", told)

    @blueprint.get("")
    @allowed("exports.make")
    def everything() -> str:
        mine = jobs.of(str(current_user.staff.id))
        today = utc_now().astimezone(_ZONE).date()
        return render_template(
            "exports/list.html",
            jobs=mine,
            files={one.file_id: files.find(one.file_id) for one in mine if one.file_id},
            is_open=any(one.is_open for one in mine),
            kinds=KINDS,
            forms=FORMS,
            first=today - timedelta(days=_USUAL_DAYS),
            last=today,
        )

    @blueprint.post("")
    @allowed("exports.make")
    def ask() -> Any:
        kind, form = request.form.get("kind", ""), request.form.get("form", "")
        since, until = _day("since"), _day("until")
        if kind not in KINDS or form not in FORMS or since is None or until is None:
            abort(400)
        if until < since:
            flash("export_no_time")
            return redirect(url_for("exports.everything"))
        staff = str(current_user.staff.id)
        number = jobs.ask(kind, form, since, until + timedelta(days=1), staff)
        note("export.asked", export=number, kind=kind, form=form)
        workshop.tasks.queue(MAKE_EXPORT, {"job": number})
        flash("export_asked")
        return redirect(url_for("exports.everything"))

    @blueprint.post("/<int:number>/file")
    @allowed("exports.make")
    def file(number: int) -> Any:
        job = jobs.find(number) if number < 2**60 else None
        if job is None or job.asked_by != str(current_user.staff.id) or not job.file_id:
            abort(404)
        taken = files.take(job.file_id, once=False)
        if taken is None:
            abort(404)
        note("export.taken", export=number)
        name = f'attachment; filename="{taken.name}"'
        return Response(
            files.read(taken), mimetype=_TYPES[job.form], headers={"Content-Disposition": name}
        )

    return blueprint


def _day(name: str) -> datetime | None:
    try:
        day = date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        return None
    return datetime.combine(day, time(), _ZONE) if 2000 <= day.year <= 2200 else None
