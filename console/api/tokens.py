"""The page where an administrator makes tokens of the API and ends them."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from console.permissions import allowed
from console.workshop import Workshop
from records.clock import utc_now
from records.tokens import LONGEST_NAME, SCOPES, ApiTokens

DAYS: Final = (30, 90, 365)


def token_pages(workshop: Workshop) -> Blueprint:
    """The blueprint of tokens."""
    blueprint = Blueprint("tokens", __name__, url_prefix="/tokens")
    tokens = ApiTokens(workshop.records)

    def note(event: str, **detail: Any) -> None:
        told = {"by": str(current_user.staff.id), **detail}
        workshop.audit.append(event, "", "", "console", told)

    def shown(made: str = "") -> str:
        return render_template(
            "api/tokens.html",
            tokens=tokens.all(),
            made=made,
            scopes=SCOPES,
            days=DAYS,
            now=utc_now(),
            staff_names={str(one.id): one.name for one in workshop.accounts.everybody()},
        )

    @blueprint.get("")
    @allowed("tokens.manage")
    def everything() -> str:
        return shown()

    @blueprint.post("")
    @allowed("tokens.manage")
    def make() -> Any:
        name = " ".join(request.form.get("name", "").split())[:LONGEST_NAME]
        scopes = [scope for scope in request.form.getlist("scope") if scope in SCOPES]
        days = request.form.get("days", "")
        if not name or not scopes or days not in map(str, DAYS):
            flash("token_refused")
            return redirect(url_for("tokens.everything"))
        made = tokens.make(name, scopes, int(days), str(current_user.staff.id))
        note("token.made", name=name, scopes=" ".join(scopes), days=int(days))
        return shown(made)

    @blueprint.post("/<int:number>/revoke")
    @allowed("tokens.manage")
    def revoke(number: int) -> Any:
        if number >= 2**60 or not tokens.revoke(number):
            abort(404)
        note("token.revoked", token=number)
        flash("token_is_revoked")
        return redirect(url_for("tokens.everything"))

    return blueprint
