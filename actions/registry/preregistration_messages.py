"""MOSIP's pre-registration: the messages by which somebody is announced and an appointment booked.

The names of the identity's fields are the country's; these are those of MOSIP's own files.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field

from actions.registry.port import INVALID, SLOT_TAKEN
from actions.registry.reading import Day, read_as
from actions.registry.shapes import ApplicationState, NewApplication, Slot
from core.errors import RegistryAnswerUnreadable, RegistryRefused

_VERSION: Final = "1.0"
_ZONE: Final = ZoneInfo("Africa/Casablanca")
# Between the parts of a slot's code: centre, day, from, to.
_BETWEEN: Final = "|"
# The civil registers are written in two languages.
_IN_ARABIC: Final = ("ar", "ary")
_GONE: Final = frozenset(
    (
        *("PRG_BOOK_RCI_001", "PRG_BOOK_RCI_002", "PRG_BOOK_RCI_004"),
        *("PRG_BOOK_RCI_015", "PRG_BOOK_RCI_026"),
    )
)
# Codes of faults in what was given; any other is of our access or our version.
_FAULTY: Final = ("PRG_PAM_APP_", "PRG_CORE_REQ_")
_STATES: Final = {
    "Application_Incomplete": ApplicationState.RECEIVED,
    "Pending_Appointment": ApplicationState.RECEIVED,
    "Booked": ApplicationState.IN_REVIEW,
    "Expired": ApplicationState.REFUSED,
    "Cancelled": ApplicationState.REFUSED,
}


def write_new(application: NewApplication) -> dict[str, Any]:
    """Somebody who is announced. Raises RegistryRefused where a name or birth date is missing."""
    answers = application.answers
    language = "ara" if application.language in _IN_ARABIC else "fra"
    name, born = answers.get("name", ""), answers.get("birth_date", "")
    if not name or not born:
        raise RegistryRefused(INVALID)
    identity: dict[str, Any] = {
        "fullName": [{"language": language, "value": name}],
        "dateOfBirth": born.replace("-", "/"),
    }
    if answers.get("commune"):
        identity["city"] = [{"language": language, "value": answers["commune"]}]
    if answers.get("phone"):
        identity["phone"] = answers["phone"]
    request = {"langCode": language, "demographicDetails": {"identity": identity}}
    return _message("mosip.pre-registration.demographic.create", request)


def write_booking(number: str, slot: str) -> dict[str, Any]:
    """An appointment for a pre-registration. Raises RegistryRefused where the slot is none."""
    parts = slot.split(_BETWEEN)
    if len(parts) != 4:
        raise RegistryRefused(SLOT_TAKEN)
    centre, day, begins, ends = parts
    booking = {
        "preRegistrationId": number,
        "registration_center_id": centre,
        "appointment_date": day,
        "time_slot_from": begins,
        "time_slot_to": ends,
    }
    return _message("mosip.pre-registration.booking.book", {"bookingRequest": [booking]})


class _Error(BaseModel):
    code: str = Field(alias="errorCode")


class _Answer(BaseModel):
    response: Any = None
    errors: list[_Error] | None = None


class _Created(BaseModel):
    number: str = Field(alias="preRegistrationId", min_length=1, max_length=40)


class _State(_Created):
    status: str = Field(alias="statusCode")


class _Time(BaseModel):
    hour: int = Field(ge=0, le=23)
    minute: int = Field(ge=0, le=59)


class _Slot(BaseModel):
    begins: time | _Time = Field(alias="fromTime")
    ends: time | _Time = Field(alias="toTime")
    free: int = Field(alias="availability", ge=0)


class _Day(BaseModel):
    day: Day = Field(alias="date")
    is_holiday: bool = Field(False, alias="holiday")
    slots: list[_Slot] = Field([], alias="timeSlots")


class _Availability(BaseModel):
    centre: str = Field(alias="regCenterId")
    days: list[_Day] = Field(alias="centerDetails")


def read_created(answer: Any) -> str:
    """The number of a pre-registration. Raises RegistryRefused, RegistryAnswerUnreadable."""
    return read_as(_Created, _response(answer)).number


def read_booked(answer: Any) -> None:
    """That an appointment is booked. Raises RegistryRefused, RegistryAnswerUnreadable."""
    if not isinstance(_response(answer), dict):
        raise RegistryAnswerUnreadable("neither a booking nor an error")


def read_state(answer: Any, number: str) -> ApplicationState:
    """How far a pre-registration is. Raises RegistryRefused, RegistryAnswerUnreadable."""
    told = read_as(_State, _response(answer))
    if told.number != number or told.status not in _STATES:
        raise RegistryAnswerUnreadable("another pre-registration, or a status nobody knows")
    return _STATES[told.status]


def read_slots(answer: Any, centre: str, now: datetime) -> tuple[Slot, ...]:
    """The free appointments of a centre to come, soonest first; none of one nobody knows."""
    read = read_as(_Answer, answer)
    if read.errors:
        return ()
    told = read_as(_Availability, read.response)
    if told.centre != centre:
        raise RegistryAnswerUnreadable("the appointments of another centre")
    free = (slot for slot in _free(told) if slot.begins > now)
    return tuple(sorted(free, key=lambda slot: slot.begins))


def _free(told: _Availability) -> Iterator[Slot]:
    for day in told.days:
        for slot in () if day.is_holiday else day.slots:
            if slot.free > 0:
                begins, ends = _clock(slot.begins), _clock(slot.ends)
                parts = (told.centre, day.day.isoformat(), begins.isoformat(), ends.isoformat())
                yield Slot(_BETWEEN.join(parts), _moment(day.day, begins))


def _clock(told: time | _Time) -> time:
    return told if isinstance(told, time) else time(told.hour, told.minute)


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, _ZONE)


def _message(name: str, request: dict[str, Any]) -> dict[str, Any]:
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"id": name, "version": _VERSION, "requesttime": now, "request": request}


def _response(answer: Any) -> Any:
    read = read_as(_Answer, answer)
    if not read.errors:
        return read.response
    code = read.errors[0].code
    if code in _GONE:
        raise RegistryRefused(SLOT_TAKEN)
    if code.startswith(_FAULTY):
        raise RegistryRefused(INVALID)
    is_written = code.isascii() and code.startswith("PRG_") and len(code) <= 24
    raise RegistryRefused(code if is_written else "PRG_UNKNOWN")
