"""The operator's page: see how the registry stands, and make things happen in it now.

It works without scripts, in French and Arabic; each form comes back to the page.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Final

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import ValidationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sandbox.registry import applications, clock, operating
from sandbox.registry.counter_tables import Application, Complaint, Document, Payment
from sandbox.registry.data_files import read_data
from sandbox.registry.database import RegistryDatabase
from sandbox.registry.faults import Fault, Faults
from sandbox.registry.life.days import catch_up
from sandbox.registry.life.payments import PAID_ON, month_after
from sandbox.registry.message_tables import Outgoing
from sandbox.registry.outgoing import Poster
from sandbox.registry.payments import STATES
from sandbox.registry.programmes import programmes
from sandbox.registry.receipts import CounterRefused
from sandbox.registry.tables import Household, Person

_FIRST_LANGUAGE: Final = "fr"
_SHOWN: Final = 15
_REASONS: Final = (
    *("", "index_above_limit", "other_allowance", "public_employee", "pension"),
    *("data_mismatch", "documents_missing", "other"),
)
_KINDS: Final = (
    *("latency", "error", "malformed", "drip", "reset", "lost", "correlation", "pending"),
)
_STANDINGS: Final = ("good", "sim_changed", "number_mismatch")
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


@cache
def words() -> dict[str, dict[str, str]]:
    """The words of the page, by language."""
    return read_data("page_words.toml")


def page_routes(database: RegistryDatabase, poster: Poster, faults: Faults) -> Blueprint:
    """The page at `/sandbox/` and what its forms do."""
    routes = Blueprint(
        "page",
        __name__,
        url_prefix="/sandbox",
        template_folder="templates",
        static_folder="static",
        static_url_path="/static",
    )

    def done(work: Callable[[], None]) -> ResponseReturnValue:
        """Do what a form asks, unless it comes from elsewhere, and show the page again."""
        if request.headers.get("Origin", request.host_url.rstrip("/")) not in (
            request.host_url.rstrip("/"),
            "null",
        ):
            return "", 403
        try:
            work()
            said = "done"
        except (ValidationError, CounterRefused, ValueError):
            said = "refused"
        catch_up(database)
        poster.wake()
        language = request.form.get("lang", _FIRST_LANGUAGE)
        return redirect(url_for("page.show", lang=language, said=said), 303)

    def written(work: Callable[[Session], Any]) -> None:
        with database.write() as session:
            work(session)

    @routes.get("/")
    def show() -> ResponseReturnValue:
        best = request.accept_languages.best_match(words(), _FIRST_LANGUAGE)
        asked = request.args.get("lang", "")
        language = asked if asked in words() else str(best)
        with database.read() as session:
            shown = _shown(session, words()[language])
        said = request.args.get("said", "")
        page = render_template(
            "operator.html",
            **shown,
            language=language,
            languages=words(),
            faults=faults.all(),
            said_last=said if said in ("done", "refused") else "",
            base=url_for("page.show").rstrip("/") + "/page",
            static=url_for("page.static", filename="operator.css"),
        )
        return page, {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"}

    @routes.post("/page/clock")
    def set_clock() -> ResponseReturnValue:
        return done(lambda: written(_set_clock))

    @routes.post("/page/anew")
    def begin_anew() -> ResponseReturnValue:
        return done(database.begin_anew)

    @routes.post("/page/application")
    def move() -> ResponseReturnValue:
        asked = {"state": request.form.get("state"), "reason": request.form.get("reason") or None}
        reference = request.form.get("reference", "")
        return done(
            lambda: written(
                lambda session: operating.move(
                    session, reference, operating.Move.model_validate(asked)
                )
            )
        )

    @routes.post("/page/payment")
    def pay() -> ResponseReturnValue:
        asked = _form("idcs", "programme", "amount", "state")
        asked["month"] = f"{request.form.get('month', '')}-01"
        return done(
            lambda: written(
                lambda session: operating.pay(session, operating.Pay.model_validate(asked))
            )
        )

    @routes.post("/page/index")
    def recompute() -> ResponseReturnValue:
        asked = _form("idcs", "index")
        return done(
            lambda: written(
                lambda session: operating.recompute(
                    session, operating.Recompute.model_validate(asked)
                )
            )
        )

    @routes.post("/page/contact")
    def set_contact() -> ResponseReturnValue:
        asked = _form("idcs", "standing")
        return done(
            lambda: written(
                lambda session: operating.set_contact(
                    session, operating.Contact.model_validate(asked)
                )
            )
        )

    @routes.post("/page/complaint")
    def answer() -> ResponseReturnValue:
        asked = operating.Answer(reference=request.form.get("reference", ""))
        return done(lambda: written(lambda session: operating.answer_complaint(session, asked)))

    @routes.post("/page/faults")
    def add_fault() -> ResponseReturnValue:
        asked = _form("kind", "operation", "probability", "count", "seconds")
        return done(lambda: faults.add(Fault.model_validate(asked)))

    @routes.post("/page/faults/clear")
    def clear_faults() -> ResponseReturnValue:
        return done(faults.clear)

    return routes


def _form(*names: str) -> dict[str, str]:
    """The fields of a form that were filled in."""
    return {name: request.form[name] for name in names if request.form.get(name)}


def _set_clock(session: Session) -> None:
    """By days, to the next day of payment, or to a moment. Raises ValueError."""
    days, moment = request.form.get("days"), request.form.get("moment")
    if days:
        clock.advance(session, int(days) * 86_400)
    elif moment:
        clock.set_to(session, datetime.fromisoformat(moment).replace(tzinfo=UTC))
    else:
        day = _next_payday(clock.today(session))
        clock.set_to(session, datetime(day.year, day.month, day.day, 12, tzinfo=UTC))


def _next_payday(day: date) -> date:
    month = day.replace(day=1) if day.day < PAID_ON else month_after(day.replace(day=1))
    last = calendar.monthrange(month.year, month.month)[1]
    return month.replace(day=min(PAID_ON, last))


def _shown(session: Session, its: dict[str, str]) -> dict[str, Any]:
    """What stands on the page."""
    counted = {
        "households": select(func.count()).select_from(Household),
        "people": select(func.count()).select_from(Person),
        "applications": select(func.count()).select_from(Application),
        "documents": select(func.count()).select_from(Document),
        "payments": select(func.count()).select_from(Payment),
        "waiting": select(func.count()).select_from(Outgoing),
    }
    # What was handed in stands before what was seeded, the newest first.
    first = (Application.channel == "", Application.due_on.is_(None), Application.id.desc())
    newest = select(Complaint).order_by(Complaint.id.desc()).limit(_SHOWN)
    latest = select(Document).order_by(Document.id.desc()).limit(_SHOWN)
    offered = select(Person).where(Person.summary != "").order_by(Person.rank)
    return {
        "words": its,
        "said": lambda value: (
            its.get("refused_state" if value == "refused" else value) or (value or its["no_reason"])
        ),
        "now": datetime.fromtimestamp(clock.now(session), UTC),
        "counts": {name: session.scalar(query) for name, query in counted.items()},
        "applications": list(session.scalars(select(Application).order_by(*first).limit(_SHOWN))),
        "complaints": list(session.scalars(newest)),
        "documents": list(session.scalars(latest)),
        "offered": list(session.scalars(offered)),
        "states": applications.STATES,
        "reasons": _REASONS,
        "payment_states": STATES,
        "standings": _STANDINGS,
        "kinds": _KINDS,
        "paying": [key for key, known in programmes().items() if known.pays],
    }
