"""The first page after signing in: the way to all that a role may do."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_login import current_user

from console.permissions import allowed
from console.workshop import Workshop


def home(workshop: Workshop) -> Blueprint:
    """The blueprint of the first page."""
    blueprint = Blueprint("home", __name__)

    @blueprint.get("/")
    @allowed("home")
    def home() -> str:
        return render_template("home.html", staff=current_user.staff)

    return blueprint
