"""The page where an invitation becomes an account. The secret stands behind the `#` of the link,
which no server logs: the page's script puts it into the form."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from console.auth.passwords import fault_of
from records.audit import Audit
from records.staff import StaffAccounts


def invitations(accounts: StaffAccounts, audit: Audit) -> Blueprint:
    """The blueprint of invitations."""
    blueprint = Blueprint("invitations", __name__)

    @blueprint.get("/invitation")
    def page() -> str:
        return render_template("auth/invitation.html")

    @blueprint.post("/invitation")
    def take() -> Any:
        secret = request.form.get("secret", "")[:100]
        name, password = request.form.get("name", "").strip()[:80], request.form.get("password", "")
        found = accounts.invitation(secret)
        if found is None:
            flash("invitation_over")
            return render_template("auth/invitation.html"), 400
        fault = fault_of(password, found.email, name) if name else "name_missing"
        if fault:
            flash(fault)
            return render_template("auth/invitation.html", secret=secret, name=name), 400
        staff = accounts.take(secret, name, password)
        if staff is None:
            flash("invitation_over")
            return render_template("auth/invitation.html"), 400
        audit.append("staff.joined", "", "", "console", {"staff": staff.id, "role": staff.role})
        flash("account_made")
        return redirect(url_for("signing_in.sign_in"))

    return blueprint
