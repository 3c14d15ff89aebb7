"""The pages of signing in and out: address and password, then the one-time code.

A wrong address, a wrong password and a locked account read the same.
"""

from __future__ import annotations

import time
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_login import current_user, login_required
from werkzeug import Response

from console.auth import codes, sessions
from console.auth.passwords import fault_of
from console.settings import ConsoleSettings
from records.audit import Audit
from records.staff import Staff, StaffAccounts

_HALF: Final = "half"
_SECRET: Final = "new_secret"
_HALF_SECONDS: Final = 300
_MOST_CODES: Final = 5


def signing_in(accounts: StaffAccounts, audit: Audit, settings: ConsoleSettings) -> Blueprint:
    """The blueprint of signing in."""
    blueprint = Blueprint("signing_in", __name__)

    def begin(staff: Staff) -> Response:
        onward = session.get("onward", "")
        sessions.begin(staff)
        accounts.seen(staff.id)
        audit.append("staff.signed_in", "", "", "console", {"staff": staff.id})
        return redirect(onward or url_for("home.home"))

    def half() -> Staff | None:
        """Who gave the right password just now and owes a code."""
        kept = session.get(_HALF) or {}
        if time.time() - kept.get("at", 0) > _HALF_SECONDS or kept.get("tries", 0) >= _MOST_CODES:
            return None
        return accounts.find(int(kept["staff"]))

    @blueprint.get("/sign-in")
    def sign_in() -> Any:
        if current_user.is_authenticated:
            return redirect(url_for("home.home"))
        session["onward"] = _inside(request.args.get("next", ""))
        return render_template("auth/sign_in.html", has_oidc=settings.has_oidc)

    @blueprint.post("/sign-in")
    def give_password() -> Any:
        email, password = request.form.get("email", ""), request.form.get("password", "")
        staff = accounts.open(email[:254], password[:200])
        if staff is None:
            audit.append("staff.refused", "", "", "console", {})
            flash("sign_in_refused")
            return render_template("auth/sign_in.html", has_oidc=settings.has_oidc), 401
        if not staff.has_second_factor and settings.console_second_factor == "optional":
            return begin(staff)
        session[_HALF] = {"staff": staff.id, "at": int(time.time()), "tries": 0}
        return redirect(url_for("signing_in.code"))

    @blueprint.get("/sign-in/code")
    def code() -> Any:
        staff = half()
        if staff is None:
            return redirect(url_for("signing_in.sign_in"))
        if staff.has_second_factor:
            return render_template("auth/code.html")
        secret = session.setdefault(_SECRET, codes.new_secret())
        return render_template(
            "auth/new_code.html", secret=secret, picture=codes.picture(secret, staff.email)
        )

    @blueprint.post("/sign-in/code")
    def give_code() -> Any:
        staff = half()
        if staff is None:
            return redirect(url_for("signing_in.sign_in"))
        session[_HALF] = {**session[_HALF], "tries": session[_HALF]["tries"] + 1}
        new = "" if staff.has_second_factor else session.get(_SECRET, "")
        secret = new or accounts.second_factor(staff.id)
        period = codes.period_of(secret, request.form.get("code", "")[:12], time.time())
        if period is None or (not new and not accounts.use_code(staff.id, period)):
            flash("code_refused")
            return redirect(url_for("signing_in.code"))
        if new:
            accounts.keep_second_factor(staff.id, new)
            accounts.use_code(staff.id, period)
        return begin(staff)

    @blueprint.post("/sign-out")
    def sign_out() -> Response:
        sessions.end()
        return redirect(url_for("signing_in.sign_in"))

    @blueprint.route("/account", methods=["GET", "POST"])
    @login_required
    def account() -> Any:
        staff: Staff = current_user.staff
        if request.method == "POST":
            fault = _change_password(accounts, staff)
            if not fault:
                audit.append("staff.password", "", "", "console", {"staff": staff.id})
                sessions.end()
                flash("password_changed")
                return redirect(url_for("signing_in.sign_in"))
            flash(fault)
        return render_template("auth/account.html", staff=staff)

    return blueprint


def _change_password(accounts: StaffAccounts, staff: Staff) -> str:
    """Change it, or the key of why not."""
    old, new = request.form.get("old", "")[:200], request.form.get("new", "")[:200]
    if accounts.open(staff.email, old) is None:
        return "sign_in_refused"
    fault = fault_of(new, staff.email, staff.name)
    if not fault:
        accounts.set_password(staff.id, new)
    return fault


def _inside(address: str) -> str:
    """An address of our own to go on to; anything else would lead staff elsewhere."""
    parts = urlsplit(address)
    is_ours = not parts.scheme and not parts.netloc and address.startswith("/")
    return address if is_ours and not address.startswith(("//", "/\\")) else ""
