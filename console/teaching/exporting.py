"""Exports of what was agreed on: asked for, measured by the worker, looked at and accepted."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, url_for
from flask_login import current_user

from console.dashboard.naming import Naming
from console.permissions import allowed
from console.teaching.change import additions_of, packed
from console.teaching.comparing import compared, intents_compared
from console.workshop import Workshop
from transcripts.batches import FAILED, QUEUED, READY, Batches
from transcripts.reviews import Reviews
from transcripts.tables import BatchRow

MEASURE: Final = "worker.teaching.measure"


def exporting(workshop: Workshop) -> Blueprint:
    """The blueprint of exports."""
    blueprint = Blueprint("exporting", __name__, url_prefix="/teaching/exports")
    batches, reviews = Batches(workshop.transcripts), Reviews(workshop.transcripts)

    def me() -> str:
        return str(current_user.staff.id)

    def found(number: int) -> BatchRow:
        row = batches.find(number) if number < 2**60 else None
        if row is None:
            abort(404)
        return row

    def note(event: str, number: int) -> None:
        detail = {"by": current_user.staff.id, "export": number}
        workshop.audit.append(f"teaching.{event}", "", "", "console", detail)

    def changed(number: int, is_made: bool, event: str) -> Any:
        if is_made:
            note(event, number)
        flash(f"lesson_is_{event}" if is_made else "lesson_too_late")
        return redirect(url_for("exporting.page", number=number))

    def names() -> dict[str, str]:
        return {str(one.id): one.name for one in workshop.accounts.everybody()}

    @blueprint.get("")
    @allowed("reviews.export")
    def everything() -> str:
        return render_template(
            "teaching/exports.html",
            batches=batches.all(),
            accepted=len(reviews.accepted()),
            staff_names=names(),
        )

    @blueprint.post("")
    @allowed("reviews.export")
    def ask() -> Any:
        number = batches.ask(me())
        if number is None:
            flash("lesson_nothing")
            return redirect(url_for("exporting.everything"))
        note("asked", number)
        workshop.tasks.queue(MEASURE, {"batch": number})
        return redirect(url_for("exporting.page", number=number))

    @blueprint.get("/<int:number>")
    @allowed("reviews.export")
    def page(number: int) -> str:
        row = found(number)
        lines = batches.lines(number)
        return render_template(
            "teaching/export.html",
            batch=row,
            naming=Naming(current_app),
            lines=list(zip(lines, additions_of(lines), strict=True)),
            compared=compared(row.report),
            by_intent=intents_compared(row.report),
            staff_names=names(),
            is_running=row.state not in (READY, FAILED) and row.decided is None,
        )

    @blueprint.post("/<int:number>/measure")
    @allowed("reviews.export")
    def measure(number: int) -> Any:
        if found(number).state not in (FAILED, QUEUED):
            flash("lesson_too_late")
        else:
            workshop.tasks.queue(MEASURE, {"batch": number})
            flash("lesson_queued")
        return redirect(url_for("exporting.page", number=number))

    @blueprint.post("/<int:number>/accept")
    @allowed("reviews.export")
    def accept(number: int) -> Any:
        found(number)
        return changed(number, batches.accept(number, me()), "accepted")

    @blueprint.post("/<int:number>/refuse")
    @allowed("reviews.export")
    def refuse(number: int) -> Any:
        found(number)
        return changed(number, batches.refuse(number, me()), "refused")

    @blueprint.get("/<int:number>/change.zip")
    @allowed("reviews.export")
    def change(number: int) -> Response:
        if found(number).measured is None:
            abort(404)
        answer = Response(packed(batches.lines(number)), mimetype="application/zip")
        name = f"twiza-training-{number}.zip"
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer

    return blueprint
