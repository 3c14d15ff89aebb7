"""The page of figures and its CSV files: everybody's, and nobody's in particular."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any, Final

from flask import Blueprint, Response, abort, current_app, render_template, request

from console.dashboard import counted, tables
from console.dashboard.drawing import draw, number
from console.dashboard.naming import Naming
from console.dashboard.period import Period, read_period
from console.dashboard.protected import KEYS, applications
from console.dashboard.tables import Maker, Table
from console.page import language
from console.permissions import allowed
from console.workshop import Workshop
from records.clock import utc_now
from transcripts.figures import ZONE, Figure, Figures, Subject, midnight
from transcripts.reviews import Reviews

# In their order on the page, with the measure each is made of.
MAKERS: Final[dict[str, tuple[Maker, str]]] = {
    "volumes": (tables.volumes, "turns"),
    "languages": (tables.languages, "turns conversations"),
    "channels": (tables.channels, "turns conversations"),
    "services": (tables.services, "services"),
    "screens": (tables.screens, "screens"),
    "understanding": (tables.understanding, "words"),
    "reviewed": (tables.reviewed, "reviewed"),
    "deliveries": (counted.deliveries, "deliveries"),
    "failures": (counted.failures, "deliveries"),
    "waiting": (counted.waiting, "handovers"),
    "satisfaction": (counted.satisfaction, "ratings"),
    "emergencies": (counted.emergencies, "emergencies"),
}
_ALWAYS: Final = "emergencies"
# Few enough to be counted when they are asked for.
_REVIEWED: Final = "reviewed"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def dashboard(workshop: Workshop) -> Blueprint:
    """The blueprint of figures."""
    blueprint = Blueprint("dashboard", __name__, url_prefix="/dashboard")
    figures, reviews = Figures(workshop.transcripts), Reviews(workshop.transcripts)

    def asked() -> Period:
        return read_period(request.args, utc_now().astimezone(ZONE).date())

    def made(keys: Sequence[str], period: Period) -> list[Table]:
        naming = Naming(current_app)
        measures = {measure for key in keys for measure in MAKERS[key][1].split()}
        during = sorted(measures - {_ALWAYS, _REVIEWED})
        found: list[Figure] = []
        if during:
            found = figures.between(period.first, period.last, during)
        if _REVIEWED in measures:
            found += _reviewed(reviews, period)
        if _ALWAYS in measures:
            found += figures.between(date.min, date.max, [_ALWAYS])
        return [MAKERS[key][0](found, period, naming) for key in keys]

    def of_applications(period: Period) -> list[Table]:
        return applications(figures.between(*period.month(), ["applications"]), Naming(current_app))

    @blueprint.get("")
    @allowed("dashboard.read")
    def page() -> str:
        period, naming = asked(), Naming(current_app)
        is_rtl = language().direction == "rtl"
        return render_template(
            "dashboard/page.html",
            period=period,
            tables=made(list(MAKERS), period),
            protected=of_applications(period),
            month=naming.month(period.month()[0]),
            draw=lambda table, title: draw(table, title, is_rtl),
            number=number,
        )

    @blueprint.get("/<key>.csv")
    @allowed("dashboard.read")
    def as_csv(key: str) -> Response:
        period = asked()
        if key in MAKERS:
            [table] = made([key], period)
        elif key in KEYS:
            table = of_applications(period)[KEYS.index(key)]
        else:
            abort(404)
        answer = Response(_written(table), mimetype="text/csv")
        name = f"twiza-{key}-{period.first}-{period.last}.csv"
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer

    return blueprint


def _reviewed(reviews: Reviews, period: Period) -> list[Figure]:
    until = midnight(period.last + timedelta(days=1))
    scored = reviews.scored(midnight(period.first), until)
    return [
        Figure(Subject(_REVIEWED, "", variety, name), period.last, count, 0.0)
        for variety, one in scored.items()
        for name, count in asdict(one).items()
    ]


def _written(table: Table) -> str:
    """A table as CSV, with the mark by which spreadsheets know UTF-8."""
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow([_plain(table.head), *(_plain(column.name) for column in table.columns)])
    for label, cells in table.lines:
        values: list[Any] = ["" if cell is None else cell for cell in cells]
        writer.writerow([_plain(label), *values])
    return f"\ufeff{lines.getvalue()}"


def _plain(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
