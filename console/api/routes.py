"""The resources of the API: read-only, without a key or a number of anybody, identifiers masked."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, Response, abort
from werkzeug.exceptions import HTTPException

from console.api import asked
from console.api.answers import answer, page, problem
from console.api.gate import scoped
from console.workshop import Workshop
from records.handovers import CANCELLED, CLAIMED, DONE, WAITING
from records.serving import Serving
from transcripts.figures import Figures
from transcripts.listing import Filters, Listing, Place
from transcripts.masking import masked
from transcripts.reading import Message, Reading
from transcripts.tables import ConversationRow, LetterRow

# What is about no region: figures of few people are shown by the console alone, which hides them.
MEASURES: Final = ("turns", "conversations", "outcomes", "services", "deliveries", "handovers")
_DELIVERIES: Final = ("queued", "answered", "held", "sent", "done", "dead")
_LONGEST_DAYS: Final = 400


def api(workshop: Workshop) -> Blueprint:
    """The blueprint of the API."""
    blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
    listing, reading = Listing(workshop.transcripts), Reading(workshop.transcripts)
    serving, figures = Serving(workshop.records), Figures(workshop.transcripts)

    @blueprint.errorhandler(HTTPException)
    def told(fault: HTTPException) -> Response:
        return problem(fault.code or 500, fault.description or "")

    def found(number: int) -> ConversationRow:
        row = reading.find(number) if number < 2**60 else None
        if row is None:
            abort(404, "There is no such conversation, or no longer.")
        return row

    @blueprint.get("/conversations")
    @scoped("conversations.read")
    def conversations() -> Response:
        asked.known("channel", "language", "programme", "intent", "since", "until", *_PAGING)
        filters = Filters(
            channel=asked.word("channel"),
            language=asked.word("language"),
            programme=asked.word("programme"),
            intent=asked.word("intent"),
            since=asked.moment("since"),
            until=asked.moment("until"),
        )
        lines = listing.page(filters, _place(), asked.size())
        items = [{**_conversation(one.row), "labels": list(one.labels)} for one in lines.lines]
        return answer(page(items, lines.after))

    @blueprint.get("/conversations/<int:number>")
    @scoped("conversations.read")
    def conversation(number: int) -> Response:
        asked.known()
        return answer(_conversation(found(number)))

    @blueprint.get("/conversations/<int:number>/messages")
    @scoped("messages.read")
    def messages(number: int) -> Response:
        asked.known(*_PAGING)
        found(number)
        before = _place()
        rows, has_earlier = reading.messages(number, before.at if before else None, asked.size())
        earlier = Place(rows[0].at, rows[0].id) if has_earlier else None
        return answer(page([_message(one) for one in rows], earlier))

    @blueprint.get("/handovers")
    @scoped("handovers.read")
    def handovers() -> Response:
        asked.known("state", *_PAGING)
        state = asked.word("state", WAITING, CLAIMED, DONE, CANCELLED)
        size = asked.size()
        return _paged(serving.handovers(state, asked.whole("cursor"), size), size)

    @blueprint.get("/deliveries")
    @scoped("deliveries.read")
    def deliveries() -> Response:
        asked.known("state", "since", *_PAGING)
        state, size = asked.word("state", *_DELIVERIES), asked.size()
        rows = serving.deliveries(state, asked.moment("since"), asked.whole("cursor"), size)
        return _paged(rows, size)

    @blueprint.get("/figures")
    @scoped("figures.read")
    def daily() -> Response:
        asked.known("measure", "since", "until")
        measure = asked.word("measure", *MEASURES)
        first, last = asked.day("since"), asked.day("until")
        if not measure or not 0 <= (last - first).days < _LONGEST_DAYS:
            abort(400, f"One measure of at most {_LONGEST_DAYS} days is asked for.")
        items = [
            {
                "day": one.day.isoformat(),
                "channel": one.subject.kind,
                "language": one.subject.language,
                "name": one.subject.name,
                "detail": one.subject.detail,
                "count": one.count,
                "amount": one.amount,
            }
            for one in sorted(
                figures.between(first, last, [measure]), key=lambda one: (one.day, one.subject)
            )
        ]
        return answer({"measure": measure, "items": items})

    return blueprint


_PAGING: Final = ("limit", "cursor")


def _place() -> Place | None:
    text = asked.word("cursor")
    try:
        return Place.read(text) if text else None
    except ValueError:
        abort(400, "cursor is none of ours.")


def _paged(rows: list[dict[str, Any]], size: int) -> Response:
    shown = rows[:size]
    return answer(page(shown, shown[-1]["id"] if len(rows) > size else None))


def _conversation(row: ConversationRow) -> dict[str, Any]:
    names = ("id", "channel", "provider", "language", "programme", "intent", "turns")
    counts = ("lowest", "fallbacks", "errors", "undelivered")
    told = {name: getattr(row, name) for name in (*names, *counts)}
    return {**told, "kind": row.kind, "began": row.began, "last": row.last_at}


def _message(one: Message) -> dict[str, Any]:
    if isinstance(one, LetterRow):
        told = {"kind": "letter", "id": one.id, "at": one.at, "text": masked(one.text)}
        by = "staff" if one.author not in ("", "service") else "service"
        return {**told, "by": by, "state": one.state, "code": one.code}
    return {
        "kind": "turn",
        "id": one.id,
        "at": one.at,
        "said": masked(one.said),
        "choice": one.choice,
        "screens": [masked(screen) for screen in one.screens],
        "language": one.language,
        "intent": one.intent,
        "confidence": one.confidence,
        "outcome": one.outcome,
        "milliseconds": one.milliseconds,
    }
