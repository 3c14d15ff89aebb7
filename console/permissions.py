"""What each role may do. A route names a permission; nothing else decides.

agent       helps citizens: reads conversations, answers those handed over
reviewer    teaches the bot: reads conversations, corrects what was understood
supervisor  leads both: assigns, sees figures, exports, carries out requests of citizens
auditor     reads the audit and verifies its chain; sees no conversation
admin       keeps accounts, sees how the registry does; sees no conversation
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from flask import abort
from flask_login import current_user, login_required

ROLES: Final = ("agent", "reviewer", "supervisor", "auditor", "admin")

PERMISSIONS: Final[dict[str, frozenset[str]]] = {
    name: frozenset(roles.split())
    for name, roles in {
        "home": "agent reviewer supervisor auditor admin",
        "account": "agent reviewer supervisor auditor admin",
        "conversations.read": "agent reviewer supervisor",
        "conversations.label": "agent reviewer supervisor",
        "conversations.reveal": "agent supervisor",
        "handovers.work": "agent supervisor",
        "handovers.assign": "supervisor",
        "replies.write": "supervisor",
        "reviews.work": "reviewer supervisor",
        "reviews.export": "supervisor",
        "dashboard.read": "supervisor auditor",
        "exports.make": "supervisor",
        "rights.enter": "agent supervisor",
        "rights.work": "supervisor",
        "registry.read": "supervisor admin",
        "registry.work": "supervisor admin",
        "audit.read": "auditor",
        "retention.read": "supervisor auditor",
        "staff.manage": "admin",
        "tokens.manage": "admin",
        "webhooks.manage": "admin",
    }.items()
}


def may(role: str, permission: str) -> bool:
    """True where a role has a permission."""
    return role in PERMISSIONS[permission]


def allowed(permission: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let a view be seen by those who have a permission; others get 403, strangers sign in."""
    assert permission in PERMISSIONS, permission  # nosec B101

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(*given: Any, **named: Any) -> Any:
            if not may(current_user.role, permission):
                abort(403)
            return view(*given, **named)

        protected: Callable[..., Any] = login_required(guarded)
        protected.permission = permission  # type: ignore[attr-defined]
        return protected

    return decorate
