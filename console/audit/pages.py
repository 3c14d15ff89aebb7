"""The audit by filters, its chain checked at a button, and what each night forgot."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from console.permissions import allowed
from console.workshop import Workshop
from core.checking import CHECK_AUDIT
from records.audit_reading import AuditFilters, AuditReading
from records.nights import Nights

_ZONE: Final = ZoneInfo("Africa/Casablanca")
_SIZE: Final = 50
_LONGEST: Final = 64
NAMES: Final = ("event", "staff", "since", "until")


def audit_pages(workshop: Workshop) -> Blueprint:
    """The blueprint of the audit."""
    blueprint = Blueprint("audit", __name__, url_prefix="/audit")
    reading, nights = AuditReading(workshop.records), Nights(workshop.records)

    @blueprint.get("")
    @allowed("audit.read")
    def acts() -> str:
        found = {name: request.args.get(name, "").strip() for name in NAMES}
        before = _number(request.args.get("before", ""))
        rows = reading.page(_filters(found), before, _SIZE)
        checks = reading.checks()
        return render_template(
            "audit/acts.html",
            found={name: value for name, value in found.items() if value},
            acts=rows[:_SIZE],
            before=before,
            following=rows[_SIZE - 1].number if len(rows) > _SIZE else None,
            events=reading.events(),
            checks=checks,
            is_asked=request.args.get("asked", "") == str(checks[0].id if checks else 0),
            staff_names={str(one.id): one.name for one in workshop.accounts.everybody()},
        )

    @blueprint.post("/check")
    @allowed("audit.read")
    def check() -> Any:
        checks = reading.checks(1)
        workshop.tasks.queue(CHECK_AUDIT, {"by": str(current_user.staff.id)})
        flash("audit_check_begun")
        return redirect(url_for("audit.acts", asked=checks[0].id if checks else 0))

    @blueprint.get("/retention")
    @allowed("retention.read")
    def retention() -> str:
        last = nights.last()
        kinds = sorted({kind for night in last for kind in night.removed})
        return render_template("audit/retention.html", nights=last, kinds=kinds)

    return blueprint


def _filters(found: dict[str, str]) -> AuditFilters:
    """The filters of a form. Ends the request where one cannot be read."""
    if any(len(value) > _LONGEST or not value.isprintable() for value in found.values()):
        abort(400)
    if found["staff"]:
        _number(found["staff"])
    until = _day(found["until"])
    return AuditFilters(
        event=found["event"],
        staff=found["staff"],
        since=_day(found["since"]),
        until=until + timedelta(days=1) if until else None,
    )


def _number(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 18):
        abort(400)
    return int(text)


def _day(text: str) -> datetime | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        abort(400)
    if not 2000 <= day.year <= 2200:
        abort(400)
    return datetime.combine(day, time(), _ZONE)
