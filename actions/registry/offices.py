"""Offices, appointments, the catalogue: messages of our own resource (docs/openapi)."""

from __future__ import annotations

from typing import Any

from pydantic import AwareDatetime, BaseModel, Field

from actions.registry.envelope import locale_of
from actions.registry.reading import Day, read_as
from actions.registry.records import programme_key
from actions.registry.shapes import Availability, Office, ProgrammeState, Slot


def write_office_search(language: str, **asked: Any) -> dict[str, Any]:
    """A search for offices: `home` (an identifier), `place` (words) or `near` (two numbers)."""
    return {**asked, "locale": locale_of(language)}


class _Office(BaseModel):
    code: str = Field(min_length=1)
    name: str = Field(min_length=1)
    address: str
    commune: str
    region: str
    hours: str = ""
    phone: str = ""
    is_mobile: bool = False
    days: str = ""


class _Offices(BaseModel):
    offices: list[_Office]


class _Appointment(BaseModel):
    code: str = Field(min_length=1)
    begins: AwareDatetime


class _Appointments(BaseModel):
    appointments: list[_Appointment]


def read_offices(answer: Any) -> tuple[Office, ...]:
    """The offices found, in the registry's order. Raises RegistryAnswerUnreadable."""
    return tuple(Office(**told.model_dump()) for told in read_as(_Offices, answer).offices)


def read_slots(answer: Any) -> tuple[Slot, ...]:
    """The free appointments, soonest first. Raises RegistryAnswerUnreadable."""
    told = read_as(_Appointments, answer).appointments
    return tuple(sorted((Slot(one.code, one.begins) for one in told), key=lambda one: one.begins))


class _Programme(BaseModel):
    programme: str = Field(min_length=1)
    state: Availability
    until: Day | None = None


class _Programmes(BaseModel):
    programmes: list[_Programme]


def read_programmes(answer: Any) -> tuple[ProgrammeState, ...]:
    """The catalogue, in the registry's order. Raises RegistryAnswerUnreadable."""
    return tuple(
        ProgrammeState(programme_key(one.programme), one.state, one.until)
        for one in read_as(_Programmes, answer).programmes
    )
