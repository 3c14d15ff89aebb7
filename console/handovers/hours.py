"""When people answer: set by supervisors, told to whoever asks for a person."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user

from console.permissions import allowed
from console.workshop import Workshop
from records.staff_hours import StaffHours

_LONGEST_HOURS: Final = 400
_LONGEST_OFF: Final = 1000


def hour_pages(workshop: Workshop) -> Blueprint:
    """The blueprint of office hours."""
    blueprint = Blueprint("hours", __name__, url_prefix="/hours")
    hours = StaffHours(workshop.records)

    @blueprint.get("")
    @allowed("replies.write")
    def page() -> str:
        staff = {str(one.id): one.name for one in workshop.accounts.everybody()}
        return render_template("handovers/hours.html", hours=hours.current(), staff_names=staff)

    @blueprint.post("")
    @allowed("replies.write")
    def change() -> Any:
        text = " ".join(request.form.get("hours", "").split())
        off = " ".join(request.form.get("off", "").split())
        staff = str(current_user.staff.id)
        try:
            if len(text) > _LONGEST_HOURS or len(off) > _LONGEST_OFF:
                raise ValueError("too long")
            hours.change(text, off, staff)
        except ValueError:
            flash("hours_refused")
        else:
            workshop.audit.append("hours.changed", "", "", "console", {"by": staff, "hours": text})
            flash("hours_saved")
        return redirect(url_for("hours.page"))

    return blueprint
