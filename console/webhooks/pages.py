"""The page where an administrator lets others listen, and sees what reached them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from console.permissions import allowed
from console.workshop import Workshop
from core.errors import OutsideRefused
from core.outside import read_address
from core.webhooks import EVENTS, SEND_WEBHOOKS, new_secret
from records.webhooks import Webhooks


def webhook_pages(workshop: Workshop) -> Blueprint:
    """The blueprint of webhooks."""
    blueprint = Blueprint("webhooks", __name__, url_prefix="/webhooks")
    webhooks = Webhooks(workshop.records, workshop.seal)

    def note(event: str, **detail: Any) -> None:
        told = {"by": str(current_user.staff.id), **detail}
        workshop.audit.append(event, "", "", "console", told)

    def shown(secret: str = "") -> str:  # nosec B107
        return render_template(
            "webhooks/list.html",
            endpoints=webhooks.endpoints(),
            deliveries=webhooks.deliveries(),
            events=EVENTS,
            secret=secret,
        )

    @blueprint.get("")
    @allowed("webhooks.manage")
    def everything() -> str:
        return shown()

    @blueprint.post("")
    @allowed("webhooks.manage")
    def add() -> Any:
        url = request.form.get("url", "").strip()
        events = [event for event in EVENTS if event in request.form.getlist("event")]
        try:
            read_address(url, workshop.settings.webhooks_inside)
        except OutsideRefused:
            events = []
        if not events:
            flash("webhook_refused")
            return redirect(url_for("webhooks.everything"))
        secret = new_secret()
        number = webhooks.add(url, secret, events, str(current_user.staff.id))
        note("webhook.added", endpoint=number, events=" ".join(events))
        return shown(secret)

    @blueprint.post("/<int:number>/close")
    @allowed("webhooks.manage")
    def close(number: int) -> Any:
        if number >= 2**60 or not webhooks.close(number):
            abort(404)
        note("webhook.closed", endpoint=number)
        flash("webhook_is_closed")
        return redirect(url_for("webhooks.everything"))

    @blueprint.post("/deliveries/<int:number>/again")
    @allowed("webhooks.manage")
    def again(number: int) -> Any:
        if number >= 2**60 or not webhooks.again(number):
            abort(404)
        workshop.tasks.queue(SEND_WEBHOOKS)
        flash("webhook_again_soon")
        return redirect(url_for("webhooks.everything"))

    return blueprint
