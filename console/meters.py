"""What is counted of the console: how often which part of it was opened, and how it answered."""

from __future__ import annotations

from typing import Final

from flask import Response

from core.meters import Names, counters

# By the names of the blueprints, which the application knows once it is whole.
PLACES: Final = Names("static", "health", "metrics")
STATUSES: Final = Names("2xx", "3xx", "4xx", "5xx")
PAGES: Final = counters(
    "twiza_console_requests_total",
    "Requests of staff and programs by the part of the console and the kind of answer",
    place=PLACES,
    status=STATUSES,
)


def status_of(response: Response) -> str:
    """The kind of an answer: 2xx and so on."""
    return f"{response.status_code // 100}xx"
