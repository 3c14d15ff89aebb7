"""The replies that supervisors keep for everybody: written once in each language, with blanks."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user

from console.permissions import allowed
from console.workshop import Workshop
from locales.languages import languages
from records.replies import LONGEST_NAME, LONGEST_TEXT, Replies


def reply_pages(workshop: Workshop) -> Blueprint:
    """The blueprint of kept replies."""
    blueprint = Blueprint("replies", __name__, url_prefix="/replies")
    replies = Replies(workshop.records)

    def note(event: str) -> None:
        detail = {"by": current_user.staff.id}
        workshop.audit.append(event, "", "", "console", detail)

    @blueprint.get("")
    @allowed("replies.write")
    def everything() -> str:
        return render_template(
            "handovers/replies.html", replies=replies.all(), citizens_languages=languages()
        )

    @blueprint.post("")
    @allowed("replies.write")
    def save() -> Any:
        language = request.form.get("language", "")
        name = " ".join(request.form.get("name", "").split())[:LONGEST_NAME]
        text = request.form.get("text", "").replace("\x00", "").strip()[:LONGEST_TEXT]
        if language not in languages() or not name or not text:
            flash("reply_refused")
        else:
            replies.save(language, name, text)
            note("reply.saved")
            flash("reply_saved")
        return redirect(url_for("replies.everything"))

    @blueprint.post("/<int:number>/drop")
    @allowed("replies.write")
    def drop(number: int) -> Any:
        if number < 2**60:
            replies.drop(number)
            note("reply.dropped")
        return redirect(url_for("replies.everything"))

    return blueprint
