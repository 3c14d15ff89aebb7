"""The list of conversations, its search and its saved views.

What is searched for may be a name: it is sent in the body of a form and stands in no address.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_login import current_user

from console.conversations.filters import HANDOVERS, TROUBLES, chosen, filters, place
from console.conversations.live import Live
from console.permissions import allowed
from console.workshop import Workshop
from records.handovers import Handovers
from transcripts.listing import Line, Listing, Place
from transcripts.reading import Reached, Reading
from transcripts.remarks import LONGEST_NAME, Remarks

_LONGEST_QUESTION = 200


def conversations(workshop: Workshop, live: Live) -> Blueprint:
    """The blueprint of the list."""
    blueprint = Blueprint("conversations", __name__, url_prefix="/conversations")
    listing, reading = Listing(workshop.transcripts), Reading(workshop.transcripts)
    remarks, handovers = Remarks(workshop.transcripts), Handovers(workshop.records)

    def page(template: str, found: dict[str, str], **given: Any) -> str:
        staff = {str(one.id): one.name for one in workshop.accounts.everybody()}
        return render_template(
            f"conversations/{template}.html",
            found=found,
            choices=listing.choices(),
            troubles=TROUBLES,
            handovers=HANDOVERS,
            staff_names=staff,
            views=remarks.views(str(current_user.staff.id)),
            **given,
        )

    def people(lines: tuple[Line, ...]) -> dict[str, Any]:
        return handovers.open_among([line.row.name for line in lines])

    @blueprint.get("")
    @allowed("conversations.read")
    def listed() -> str:
        found = chosen(request.args)
        after = place(Place, request.args.get("after", ""))
        lines = listing.page(filters(found, handovers), after)
        return page("list", found, lines=lines, after=after, people=people(lines.lines))

    @blueprint.get("/search")
    @allowed("conversations.read")
    def search_again() -> Any:
        return redirect(url_for("conversations.listed"))

    @blueprint.post("/search")
    @allowed("conversations.read")
    def search() -> str:
        found = chosen(request.form)
        asked = request.form.get("words", "")[:_LONGEST_QUESTION].strip()
        reached = place(Reached, request.form.get("reached", ""))
        hits = reading.search(asked, filters(found, handovers), reached)
        return page("found", found, asked=asked, hits=hits)

    @blueprint.post("/views")
    @allowed("conversations.read")
    def keep_view() -> Any:
        found = chosen(request.form)
        name = request.form.get("name", "").strip()[:LONGEST_NAME]
        if name and name.isprintable():
            remarks.keep_view(str(current_user.staff.id), name, found)
            flash("view_kept")
        given: dict[str, Any] = {**found}
        return redirect(url_for("conversations.listed", **given))

    @blueprint.post("/views/<int:view_id>/drop")
    @allowed("conversations.read")
    def drop_view(view_id: int) -> Any:
        remarks.drop_view(str(current_user.staff.id), view_id)
        return redirect(url_for("conversations.listed"))

    @blueprint.get("/mark")
    @allowed("conversations.read")
    def mark() -> dict[str, str]:
        return {"mark": listing.newest()}

    @blueprint.get("/live")
    @allowed("conversations.read")
    def tell_live() -> Response:
        return live.answer(listing.newest)

    return blueprint
