"""The queue of what is to be reviewed, and deciding about one message after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user

from console.dashboard.naming import Naming
from console.permissions import allowed, may
from console.teaching.reviewing import LANGUAGES, intents, programmes, read_decision, sheet
from console.workshop import Workshop
from transcripts.agreement import DISPUTED, OPEN
from transcripts.gathering import Gathering
from transcripts.reviews import Reviews
from transcripts.tables import ReviewRow
from transcripts.varieties import VARIETIES

_MOST_SKIPPED: Final = 50


def teaching(workshop: Workshop) -> Blueprint:
    """The blueprint of teaching."""
    blueprint = Blueprint("teaching", __name__, url_prefix="/teaching")
    reviews = Reviews(workshop.transcripts)
    gathering = Gathering(workshop.transcripts, workshop.pseudonyms)

    def me() -> str:
        return str(current_user.staff.id)

    def is_final() -> bool:
        return may(current_user.role, "reviews.export")

    def found(number: int) -> ReviewRow:
        row = reviews.find(number) if number < 2**60 else None
        if row is None or not row.words:
            abort(404)
        return row

    def names() -> dict[str, str]:
        return {str(one.id): one.name for one in workshop.accounts.everybody()}

    @blueprint.get("")
    @allowed("reviews.work")
    def overview() -> str:
        waiting = reviews.waiting()
        return render_template(
            "teaching/overview.html",
            naming=Naming(current_app),
            waiting=waiting,
            varieties=[one for one in VARIETIES if waiting.varieties[one]],
            following=reviews.following(me()),
            disputed=reviews.disputed() if is_final() else [],
            mine=reviews.decided_by(me()),
        )

    @blueprint.get("/next")
    @allowed("reviews.work")
    def following() -> Any:
        given = _chosen()
        skipped = [int(one) for one in given.get("skip", "").split(".") if one]
        number = reviews.following(me(), skipped, given.get("variety", ""))
        if number is None:
            flash("reviews_done")
            return redirect(url_for("teaching.overview"))
        return redirect(url_for("teaching.page", number=number, **given))

    @blueprint.get("/<int:number>")
    @allowed("reviews.work")
    def page(number: int) -> str:
        row, given = found(number), _chosen()
        skip = ".".join([*filter(None, given.get("skip", "").split(".")), str(number)])
        is_open = row.state == OPEN or (row.state == DISPUTED and is_final())
        # Who looks at it next is not told what the first one thought.
        corrections = [] if row.state == OPEN else reviews.corrections(number)
        return render_template(
            "teaching/review.html",
            sheet=sheet(row),
            naming=Naming(current_app),
            is_open=is_open,
            corrections=corrections,
            staff_names=names() if corrections else {},
            intents=intents(),
            programmes=programmes(),
            citizens_languages=LANGUAGES,
            varieties=VARIETIES,
            given=given,
            skipping={**given, "skip": skip},
        )

    @blueprint.post("/<int:number>")
    @allowed("reviews.work")
    def decide(number: int) -> Any:
        row = found(number)
        marked = _marked(request.form.getlist("mark"), row)
        words = len(row.words.split(" "))
        decision = read_decision(request.form, marked, me(), words, is_final())
        state = reviews.decide(number, decision)
        flash("review_too_late" if state is None else f"review_is_{state}")
        return redirect(url_for("teaching.following", **_chosen()))

    @blueprint.post("/ask")
    @allowed("reviews.work")
    def ask() -> Any:
        key = request.form.get("turn", "")
        if not key or len(key) > 64:
            abort(404)
        flash("review_asked" if gathering.ask(key) else "review_not_asked")
        return redirect(request.referrer or url_for("teaching.overview"))

    return blueprint


def _marked(marks: Sequence[str], row: ReviewRow) -> list[str]:
    """The marks of a form: those that stand, and one of the words that are chosen just now."""
    chosen = sorted({int(one) for one in request.form.getlist("word") if one.isdecimal()})
    meant = request.form.get("means", "")
    if not chosen or not meant:
        return [*marks]
    if chosen != list(range(chosen[0], chosen[-1] + 1)):
        abort(400)
    if meant == "reference":
        words = row.words.split(" ")
        said = "".join(words[chosen[0] : chosen[-1] + 1]).strip(".,;:!?()،؟").upper()
        meant = f"reference={said}"
    return [*marks, f"{chosen[0]}-{chosen[-1] + 1}-{meant}"]


def _chosen() -> dict[str, Any]:
    """The variety that is worked on, and what was skipped."""
    given: dict[str, Any] = {}
    variety, skip = request.args.get("variety", ""), request.args.get("skip", "")
    if variety:
        if variety not in VARIETIES:
            abort(400)
        given["variety"] = variety
    if skip:
        numbers = skip.split(".")
        if len(skip) > 1000 or not all(one.isascii() and one.isdecimal() for one in numbers):
            abort(400)
        given["skip"] = ".".join(numbers[-_MOST_SKIPPED:])
    return given
