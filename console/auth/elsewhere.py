"""OpenID Connect, by setting: an account is opened by an address that the issuer vouches for."""

from __future__ import annotations

from typing import Any

from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Blueprint, Flask, flash, redirect, url_for

from console.auth import sessions
from console.settings import ConsoleSettings
from records.audit import Audit
from records.staff import StaffAccounts


def elsewhere(
    app: Flask, accounts: StaffAccounts, audit: Audit, settings: ConsoleSettings
) -> Blueprint:
    """The blueprint of signing in with an account elsewhere; its second factor is the issuer's."""
    blueprint = Blueprint("elsewhere", __name__)
    oauth = OAuth(app)
    issuer: Any = oauth.register(
        "issuer",
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.get_secret_value(),
        server_metadata_url=f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid email", "code_challenge_method": "S256"},
    )
    back = f"{settings.console_public_url.rstrip('/')}/sign-in/elsewhere/back"

    @blueprint.post("/sign-in/elsewhere")
    def leave() -> Any:
        return issuer.authorize_redirect(back)

    @blueprint.get("/sign-in/elsewhere/back")
    def come_back() -> Any:
        try:
            told = issuer.authorize_access_token().get("userinfo") or {}
        except OAuthError:
            told = {}
        email = str(told.get("email", "")) if told.get("email_verified") else ""
        staff = accounts.with_email(email) if email else None
        if staff is None:
            audit.append("staff.refused", "", "", "console", {"by": "issuer"})
            flash("sign_in_refused")
            return redirect(url_for("signing_in.sign_in"))
        sessions.begin(staff)
        accounts.seen(staff.id)
        audit.append("staff.signed_in", "", "", "console", {"staff": staff.id, "by": "issuer"})
        return redirect(url_for("home.home"))

    return blueprint
