"""Keeping accounts: who has one, what they may do, who is invited, whose is closed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from console.permissions import ROLES, allowed
from console.workshop import Workshop
from records.staff import Staff


def staff_pages(workshop: Workshop) -> Blueprint:
    """The blueprint of accounts."""
    blueprint = Blueprint("staff", __name__, url_prefix="/staff")
    accounts, audit = workshop.accounts, workshop.audit

    def note(event: str, **detail: str | int) -> None:
        audit.append(event, "", "", "console", {"by": current_user.staff.id, **detail})

    def found(staff_id: int) -> Staff:
        staff = accounts.find(staff_id)
        if staff is None or staff.is_closed:
            abort(404)
        return staff

    @blueprint.get("")
    @allowed("staff.manage")
    def everybody() -> str:
        return render_template("staff.html", accounts=accounts.everybody(), roles=ROLES)

    @blueprint.post("/invite")
    @allowed("staff.manage")
    def invite() -> Any:
        email, role = request.form.get("email", "").strip()[:254], request.form.get("role", "")
        if "@" not in email or role not in ROLES or accounts.with_email(email):
            flash("invitation_refused")
            return redirect(url_for("staff.everybody"))
        secret = accounts.invite(email, role, current_user.staff.id)
        note("staff.invited", role=role)
        link = f"{workshop.settings.console_public_url.rstrip('/')}/invitation#{secret}"
        return render_template("invited.html", email=email, role=role, link=link)

    @blueprint.post("/<int:staff_id>/role")
    @allowed("staff.manage")
    def change_role(staff_id: int) -> Any:
        role = request.form.get("role", "")
        if role not in ROLES or found(staff_id).id == current_user.staff.id:
            flash("role_refused")
        else:
            accounts.set_role(staff_id, role)
            note("staff.role", staff=staff_id, role=role)
        return redirect(url_for("staff.everybody"))

    @blueprint.post("/<int:staff_id>/close")
    @allowed("staff.manage")
    def close(staff_id: int) -> Any:
        if found(staff_id).id == current_user.staff.id:
            flash("role_refused")
        else:
            accounts.close(staff_id)
            note("staff.closed", staff=staff_id)
        return redirect(url_for("staff.everybody"))

    @blueprint.post("/<int:staff_id>/second-factor")
    @allowed("staff.manage")
    def reset_second_factor(staff_id: int) -> Any:
        accounts.keep_second_factor(found(staff_id).id, "")
        note("staff.second_factor_reset", staff=staff_id)
        flash("second_factor_reset")
        return redirect(url_for("staff.everybody"))

    return blueprint
