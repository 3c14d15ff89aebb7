"""The page of the registry: how each operation does, what is kept, what waits and what is stuck."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user

from console.permissions import allowed
from console.workshop import Workshop
from core.registry_health import RegistryHealth, together
from core.stores import answering
from records.clock import utc_now
from records.submissions import STUCK, Submissions

# So many of each list stand on the page; how many there are is told beside.
_SHOWN: Final = 50
_QUEUED: Final = "queued"


def registry_pages(workshop: Workshop) -> Blueprint:
    """The blueprint of the registry."""
    blueprint = Blueprint("registry", __name__, url_prefix="/registry")
    health, submissions = RegistryHealth(workshop.store), Submissions(workshop.records)

    @blueprint.get("")
    @allowed("registry.read")
    def page() -> str:
        with answering():
            seen, kept = health.seen(), health.kept()
        return render_template(
            "registry.html",
            operations=together(seen),
            kept=kept,
            counts=submissions.count(),
            waiting=submissions.standing(_QUEUED, _SHOWN),
            stuck=submissions.standing(STUCK, _SHOWN),
            now=utc_now(),
        )

    @blueprint.post("/retry")
    @allowed("registry.work")
    def retry() -> Any:
        """One by its reference, or without one all that is stuck or waits."""
        reference = request.form.get("reference", "")
        is_all = request.form.get("all") == "yes"
        done = submissions.retry("" if is_all else reference) if is_all or reference else 0
        detail: dict[str, Any] = {"count": done, "by": str(current_user.staff.id)}
        workshop.audit.append("submissions.retried", "", "", "console", detail)
        flash("registry_retried" if done else "registry_nothing")
        return redirect(url_for("registry.page"))

    return blueprint
