"""A pre-registration service of MOSIP's kind, in memory, with two places at each time."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from flask import Flask, request

CENTRE = "10003"
_TIMES = (("09:00:00", "09:15:00"), ("10:30:00", "10:45:00"))


@dataclass
class PreRegistrations:
    """What was announced and booked. `lost` is how many answers get lost after the work is done."""

    first_day: date
    announced: list[dict[str, Any]] = field(default_factory=list)
    booked: dict[str, dict[str, str]] = field(default_factory=dict)
    lost: int = 0
    refuses: str = ""

    def __post_init__(self) -> None:
        self._numbers = itertools.count(29_810_000_000_001)

    def app(self) -> Flask:
        """The service under its usual path."""
        app, root = Flask("preregistration"), "/preregistration/v1/applications"

        @app.post("/oauth2/client/token")
        def token() -> dict[str, Any]:
            return {"access_token": "token", "token_type": "Bearer", "expires_in": 600}

        @app.post(root)
        def announce() -> Any:
            if self.refuses:
                return _refused(self.refuses)
            self.announced.append(request.get_json()["request"])
            number = str(next(self._numbers))
            return self._told({"preRegistrationId": number, "statusCode": "Pending_Appointment"})

        @app.get(f"{root}/appointment/availability/<centre>")
        def availability(centre: str) -> Any:
            if centre != CENTRE:
                return _refused("PRG_BOOK_RCI_015")
            days = [self.first_day + timedelta(days=ahead) for ahead in range(8)]
            told = [
                {
                    "date": day.isoformat(),
                    "holiday": day == self.first_day + timedelta(days=1),
                    "timeSlots": [
                        {"fromTime": a, "toTime": b, "availability": 2 - self._taken(day, a)}
                        for a, b in _TIMES
                    ],
                }
                for day in days
            ]
            return self._told({"regCenterId": centre, "centerDetails": told})

        @app.post(f"{root}/appointment")
        def book() -> Any:
            [asked] = request.get_json()["request"]["bookingRequest"]
            day = date.fromisoformat(asked["appointment_date"])
            if self._taken(day, asked["time_slot_from"]) >= 2:
                return _refused("PRG_BOOK_RCI_002")
            self.booked[asked["preRegistrationId"]] = asked
            return self._told({"bookingStatusResponse": [{"bookingMessage": "Booked"}]})

        @app.get(f"{root}/status/<number>")
        def status(number: str) -> Any:
            state = "Booked" if number in self.booked else "Pending_Appointment"
            return self._told({"preRegistrationId": number, "statusCode": state})

        return app

    def _taken(self, day: date, begins: str) -> int:
        told = (day.isoformat(), begins)
        return sum(
            (one["appointment_date"], one["time_slot_from"]) == told for one in self.booked.values()
        )

    def _told(self, response: dict[str, Any]) -> Any:
        if self.lost:
            self.lost -= 1
            return {"errors": []}, 503
        return {
            "id": "",
            "version": "1.0",
            "responsetime": "2026-11-02T08:00:00.000Z",
            "response": response,
            "errors": None,
        }


def _refused(code: str) -> dict[str, Any]:
    return {
        "id": "",
        "version": "1.0",
        "responsetime": "2026-11-02T08:00:00.000Z",
        "response": None,
        "errors": [{"errorCode": code, "message": code}],
    }
