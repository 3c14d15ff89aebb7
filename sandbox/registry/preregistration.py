"""MOSIP's pre-registration: somebody is announced, and an appointment at a centre is booked.

Every answer is HTTP 200; a refusal is in `errors`, with the codes of MOSIP's services.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy import delete
from sqlalchemy.orm import Session

from sandbox.registry import applications, offices
from sandbox.registry.clock import today
from sandbox.registry.counter_tables import Booking
from sandbox.registry.database import RegistryDatabase
from sandbox.registry.identity_tables import PreRegistration
from sandbox.registry.offices import ZONE

_VERSION: Final = "1.0"
_LAPSES_AFTER: Final = timedelta(days=30)
_LASTS: Final = timedelta(minutes=30)
_FAULTY, _STRANGE, _NO_CENTRE = "PRG_CORE_REQ_004", "PRG_PAM_APP_005", "PRG_BOOK_RCI_015"
_TAKEN, _UNDATED = "PRG_BOOK_RCI_002", "PRG_PAM_APP_010"
_PREFIX: Final = "mosip.pre-registration."


class Refused(Exception):
    """What was asked is refused; `code` is MOSIP's."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def preregistration_routes(database: RegistryDatabase, name: str) -> Blueprint:
    """The routes under `/preregistration/v1`; whoever registers them guards them."""
    routes = Blueprint(name, __name__, url_prefix="/preregistration/v1")

    def written(work: Callable[[Session, dict[str, Any]], Any], what: str) -> ResponseReturnValue:
        asked: Any = request.get_json(silent=True)
        try:
            with database.write() as session:
                told = work(session, _request(asked, what))
        except Refused as refused:
            return _answer(what, None, refused.code)
        return _answer(what, told)

    def read(work: Callable[[Session], Any], what: str) -> ResponseReturnValue:
        try:
            with database.read() as session:
                return _answer(what, work(session))
        except Refused as refused:
            return _answer(what, None, refused.code)

    @routes.post("/applications")
    def announce() -> ResponseReturnValue:
        return written(_announce, "demographic.create")

    @routes.get("/applications/<number>")
    def fetch(number: str) -> ResponseReturnValue:
        return read(lambda session: _whole(_known(session, number)), "demographic.retrieve")

    @routes.delete("/applications/<number>")
    def discard(number: str) -> ResponseReturnValue:
        try:
            with database.write() as session:
                session.delete(_known(session, number))
                _free(session, number)
        except Refused as refused:
            return _answer("demographic.delete", None, refused.code)
        return _answer("demographic.delete", {"preRegistrationId": number})

    @routes.get("/applications/status/<number>")
    def state(number: str) -> ResponseReturnValue:
        def told(session: Session) -> dict[str, Any]:
            found = _known(session, number)
            return {"preRegistrationId": number, "statusCode": _status(found, today(session))}

        return read(told, "demographic.status.retrieve")

    @routes.get("/applications/appointment/availability/<centre>")
    def slots(centre: str) -> ResponseReturnValue:
        return read(lambda session: _availability(session, centre), "appointment.availability")

    @routes.post("/applications/appointment")
    def book() -> ResponseReturnValue:
        return written(_book, "booking.book")

    @routes.get("/applications/appointment/<number>")
    def appointment(number: str) -> ResponseReturnValue:
        return read(lambda session: _appointment(_known(session, number)), "appointment.retrieve")

    @routes.put("/applications/appointment/<number>")
    def cancel(number: str) -> ResponseReturnValue:
        try:
            with database.write() as session:
                found = _known(session, number)
                found.slot, found.is_cancelled = "", True
                _free(session, number)
        except Refused as refused:
            return _answer("booking.cancel", None, refused.code)
        return _answer("booking.cancel", {"transactionId": number, "message": "cancelled"})

    return routes


def _announce(session: Session, asked: dict[str, Any]) -> dict[str, Any]:
    details = asked.get("demographicDetails")
    identity = details.get("identity") if isinstance(details, dict) else None
    if not isinstance(identity, dict) or asked.get("langCode") not in ("ara", "fra", "eng"):
        raise Refused(_FAULTY)
    name, born = _in_words(identity.get("fullName")), identity.get("dateOfBirth")
    if not name or not isinstance(born, str) or not _is_day(born.replace("/", "-")):
        raise Refused(_UNDATED)
    phone = identity.get("phone", "")
    if not isinstance(phone, str):
        raise Refused(_FAULTY)
    number = f"{secrets.randbelow(9 * 10**13) + 10**13}"
    session.add(
        PreRegistration(
            number=number,
            name=name,
            born=born.replace("/", "-"),
            city=_in_words(identity.get("city")),
            phone=phone[:40],
            announced_on=today(session),
        )
    )
    return {"preRegistrationId": number, "statusCode": "Pending_Appointment"}


def _book(session: Session, asked: dict[str, Any]) -> dict[str, Any]:
    listed = asked.get("bookingRequest")
    if not isinstance(listed, list) or len(listed) != 1 or not isinstance(listed[0], dict):
        raise Refused(_FAULTY)
    wanted = listed[0]
    found = _known(session, wanted.get("preRegistrationId"))
    centre, day = wanted.get("registration_center_id"), wanted.get("appointment_date")
    begins = wanted.get("time_slot_from")
    if not all(isinstance(one, str) for one in (centre, day, begins)):
        raise Refused(_FAULTY)
    free = dict(applications.free_slots(session, str(centre)))
    slot = f"{centre}-{str(day).replace('-', '')}{str(begins).replace(':', '')[:4]}"
    if slot not in free and slot != found.slot:
        raise Refused(_TAKEN)
    _free(session, found.number)
    session.add(Booking(slot=slot, reference=found.number))
    found.slot, found.is_cancelled = slot, False
    return {"bookingStatusResponse": [{"bookingMessage": "Appointment booked successfully"}]}


def _availability(session: Session, centre: str) -> dict[str, Any]:
    if centre not in offices.all_offices():
        raise Refused(_NO_CENTRE)
    days: dict[str, list[dict[str, Any]]] = {}
    for _, begins in applications.free_slots(session, centre):
        here = begins.astimezone(ZONE)
        slot = {"fromTime": f"{here:%H:%M:%S}", "toTime": f"{here + _LASTS:%H:%M:%S}"}
        days.setdefault(f"{here:%Y-%m-%d}", []).append({**slot, "availability": 1})
    told = [{"date": day, "timeSlots": slots, "holiday": False} for day, slots in days.items()]
    return {"regCenterId": centre, "centerDetails": told}


def _appointment(found: PreRegistration) -> dict[str, Any]:
    if not found.slot:
        raise Refused("PRG_BOOK_RCI_013")
    centre, _, moment = found.slot.rpartition("-")
    begins = datetime.strptime(moment, "%Y%m%d%H%M").replace(tzinfo=ZONE)
    return {
        "registration_center_id": centre,
        "appointment_date": f"{begins:%Y-%m-%d}",
        "time_slot_from": f"{begins:%H:%M:%S}",
        "time_slot_to": f"{begins + _LASTS:%H:%M:%S}",
    }


def _whole(found: PreRegistration) -> dict[str, Any]:
    identity = {
        "fullName": [{"language": "fra", "value": found.name}],
        "dateOfBirth": found.born.replace("-", "/"),
    }
    return {"preRegistrationId": found.number, "demographicDetails": {"identity": identity}}


def _status(found: PreRegistration, day: date) -> str:
    if found.is_cancelled:
        return "Cancelled"
    if found.slot:
        return "Booked"
    return "Expired" if day > found.announced_on + _LAPSES_AFTER else "Pending_Appointment"


def _known(session: Session, number: Any) -> PreRegistration:
    found = session.get(PreRegistration, number) if isinstance(number, str) else None
    if found is None:
        raise Refused(_STRANGE)
    return found


def _free(session: Session, number: str) -> None:
    session.execute(delete(Booking).where(Booking.reference == number))


def _request(asked: Any, what: str) -> dict[str, Any]:
    if not isinstance(asked, dict) or asked.get("id") != _PREFIX + what:
        raise Refused("PRG_CORE_REQ_001")
    if asked.get("version") != _VERSION or not isinstance(asked.get("request"), dict):
        raise Refused(_FAULTY)
    found: dict[str, Any] = asked["request"]
    return found


def _in_words(told: Any) -> str:
    """The first of a text's languages."""
    first = told[0] if isinstance(told, list) and told else None
    value = first.get("value") if isinstance(first, dict) else None
    return value[:200] if isinstance(value, str) else ""


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _answer(what: str, told: Any, error: str = "") -> ResponseReturnValue:
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    errors = [{"errorCode": error, "message": error}] if error else []
    whole = {"id": _PREFIX + what, "version": _VERSION, "responsetime": now, "errors": errors}
    return jsonify(whole | ({} if told is None else {"response": told}))
