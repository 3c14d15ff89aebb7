"""Who is signed in. A session ends when it is idle, when it is old, or when its account does."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from flask import Flask, session
from flask_login import LoginManager, UserMixin, login_user, logout_user

from console.settings import ConsoleSettings
from records.staff import Staff, StaffAccounts

_BEGAN: Final = "began"
_LAST: Final = "last"


@dataclass(frozen=True, slots=True, eq=False)
class SignedIn(UserMixin):
    """An account that is signed in, as Flask-Login carries it."""

    staff: Staff

    @property
    def role(self) -> str:
        """What the account may do (console/permissions.py)."""
        return self.staff.role

    @property
    def language(self) -> str:
        """The language it reads."""
        return self.staff.language

    def get_id(self) -> str:
        """The account and its version: another version is nobody."""
        return f"{self.staff.id}.{self.staff.version}"


def keep_sessions(app: Flask, accounts: StaffAccounts, settings: ConsoleSettings) -> None:
    """Let Flask-Login know the accounts, and end what is idle or old."""
    manager = LoginManager(app)
    manager.login_view = "signing_in.sign_in"
    manager.login_message = None

    @manager.user_loader
    def load(identity: str) -> SignedIn | None:
        number, _, version = identity.partition(".")
        staff = accounts.find(int(number)) if number.isdecimal() else None
        if staff is None or staff.is_closed or str(staff.version) != version:
            return None
        now = time.time()
        is_idle = now - session.get(_LAST, 0) > settings.console_idle_minutes * 60
        is_old = now - session.get(_BEGAN, 0) > settings.console_session_hours * 3600
        if is_idle or is_old:
            return None
        session[_LAST] = int(now)
        return SignedIn(staff)


def begin(staff: Staff) -> None:
    """Sign an account in, in a session of its own."""
    language = session.get("language")
    session.clear()
    now = int(time.time())
    session.update({_BEGAN: now, _LAST: now})
    if language:
        session["language"] = language
    login_user(SignedIn(staff))


def end() -> None:
    """Sign out."""
    logout_user()
    session.clear()
