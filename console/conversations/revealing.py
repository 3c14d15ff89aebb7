"""Opening a sealed identifier of a conversation: for a reason, which is audited, and for one look.

The console asks; the worker opens (docs/decisions).
"""

from __future__ import annotations

import secrets
import time
from typing import Any, Final

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from console.conversations.drawing import IDENTIFIERS
from console.permissions import allowed
from console.workshop import Workshop
from core.errors import TokenRefused
from core.revealing import REVEAL, Revealed
from core.stores import answering
from core.vault import TOKEN
from transcripts.reading import Reading

_SHORTEST_REASON: Final = 5
_LONGEST_REASON: Final = 200
_LONGEST_VIEW: Final = 40
_PATIENCE_SECONDS: Final = 60


def revealing(workshop: Workshop) -> Blueprint:
    """The blueprint of revealing."""
    blueprint = Blueprint("revealing", __name__, url_prefix="/conversations/<int:number>")
    reading = Reading(workshop.transcripts)
    revealed_values = Revealed(workshop.store, workshop.seal)

    @blueprint.post("/reveal")
    @allowed("conversations.reveal")
    def ask(number: int) -> Any:
        row = reading.find(number) if number < 2**60 else None
        token = TOKEN.fullmatch(request.form.get("token", ""))
        if row is None or token is None or token.group(1) not in IDENTIFIERS:
            abort(404)
        if not reading.was_said(number, token.group()):
            abort(404)
        reason = " ".join(request.form.get("reason", "").split())[:_LONGEST_REASON]
        if len(reason) < _SHORTEST_REASON:
            flash("reveal_reason_missing")
            return redirect(url_for("transcript.page", number=number))
        staff, view = str(current_user.staff.id), f"{time.time():.0f}-{secrets.token_urlsafe(16)}"
        # First the trace, then the look.
        detail = {"by": staff, "reason": reason, "purpose": token.group(1)}
        workshop.audit.append("identifier.revealed", "", row.number_key, "console", detail)
        given = {"view": view, "staff": staff, "conversation": row.name, "token": token.group()}
        workshop.tasks.queue(REVEAL, {**given, "purpose": token.group(1)})
        return redirect(url_for("revealing.revealed", number=number, view=view))

    @blueprint.get("/revealed/<view>")
    @allowed("conversations.reveal")
    def revealed(number: int, view: str) -> str:
        if len(view) > _LONGEST_VIEW:
            abort(404)
        with answering():
            state, value = _look(revealed_values, view, str(current_user.staff.id))
        return render_template(
            "conversations/revealed.html", number=number, view=view, state=state, value=value
        )

    return blueprint


def _look(values: Revealed, view: str, staff: str) -> tuple[str, str]:
    """What became of it (waiting, expired, seen, opened), and the value."""
    try:
        value = values.look(view, staff)
    except TokenRefused:
        return "seen", ""
    if value is None:
        asked_at = view.partition("-")[0]
        is_late = not asked_at.isdecimal() or time.time() - int(asked_at) > _PATIENCE_SECONDS
        return ("expired" if is_late else "waiting"), ""
    return ("opened" if value else "expired"), value
