"""From the wire's records to ours: Member, Group and Beneficiary of SPDCI.

What the standard has no field for stands under `additional_attributes` as key and value:
`rnp_status` of a member, `rsu_status` and `index_date` of a group. A registry without them is read
by what its record shows.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from actions.registry.envelope import language_of
from actions.registry.port import (
    Enrolment,
    EnrolmentStatus,
    Household,
    Person,
    RnpStatus,
    RsuStatus,
)
from core.errors import RegistryAnswerUnreadable
from core.identifiers import read_number

SOCIO_ECONOMIC_INDEX: Final = "ISE"
# The beneficiary registry's code list: active, deceased, graduated, suspended, inactive,
# reinstated, awaiting renewal.
_ENROLMENT_STATUSES: Final = {
    "1": EnrolmentStatus.ACTIVE,
    "2": EnrolmentStatus.ENDED,
    "3": EnrolmentStatus.ENDED,
    "4": EnrolmentStatus.SUSPENDED,
    "5": EnrolmentStatus.ENDED,
    "6": EnrolmentStatus.ACTIVE,
    "7": EnrolmentStatus.AWAITING_RENEWAL,
}


def _day(value: Any) -> Any:
    """The day as written: moving it to another zone could change a birth date."""
    return value[:10] if isinstance(value, str) else value


Day = Annotated[date, BeforeValidator(_day)]


class _Attribute(BaseModel):
    key: str = ""
    value: Any = None


class _WithAttributes(BaseModel):
    additional_attributes: list[_Attribute] = []

    def attribute(self, key: str) -> Any:
        return next((a.value for a in self.additional_attributes if a.key == key), None)


class _Identifier(BaseModel):
    identifier_type: str
    identifier_value: str


class _Demographic(BaseModel):
    identifier: list[_Identifier] = []
    birth_date: Day
    phone_number: list[str] = []


class _Member(_WithAttributes):
    member_identifier: list[_Identifier] = []
    demographic_info: _Demographic
    language_code: str | None = None


class _Group(_WithAttributes):
    group_size: int = Field(ge=1)
    poverty_score: Decimal | None = Field(None, allow_inf_nan=False)
    poverty_score_type: str | None = None
    registration_date: Day | None = None


class _Programme(BaseModel):
    programme_identifier: str = Field(min_length=1)


class _Beneficiary(BaseModel):
    programme_identifier: list[_Programme] = Field(min_length=1)
    enrollment_date: Day
    enrollment_status: Literal["1", "2", "3", "4", "5", "6", "7"]


M = TypeVar("M", bound=BaseModel)


def read_person(records: list[dict[str, Any]], idcs: str) -> Person | None:
    """The person asked for, never another. Raises RegistryAnswerUnreadable."""
    if not records:
        return None
    member = _read(_Member, _only(records))
    known_by = [*member.member_identifier, *member.demographic_info.identifier]
    if not any(i.identifier_type == "UIN" and i.identifier_value == idcs for i in known_by):
        raise RegistryAnswerUnreadable("the record of somebody else")
    numbers = (read_number(number) for number in member.demographic_info.phone_number)
    return Person(
        idcs=idcs,
        rnp_status=_status(RnpStatus, member.attribute("rnp_status") or RnpStatus.REGISTERED),
        birth_date=member.demographic_info.birth_date,
        phone=next((number for number in numbers if number), None),
        preferred_language=language_of(member.language_code),
    )


def read_household(records: list[dict[str, Any]]) -> Household | None:
    """The household asked for. Raises RegistryAnswerUnreadable."""
    if not records:
        return None
    group = _read(_Group, _only(records))
    index = group.poverty_score if group.poverty_score_type == SOCIO_ECONOMIC_INDEX else None
    shown = RsuStatus.REGISTERED if index is None else RsuStatus.INDEX_READY
    calculated = _read(_Calculated, {"on": group.attribute("index_date")})
    return Household(
        rsu_status=_status(RsuStatus, group.attribute("rsu_status") or shown),
        size=group.group_size,
        index=index,
        index_date=calculated.on if index is not None else None,
        registered_on=group.registration_date,
    )


def read_enrolments(records: list[dict[str, Any]]) -> tuple[Enrolment, ...]:
    """The enrolments asked for, oldest first. Raises RegistryAnswerUnreadable."""
    found = [
        Enrolment(
            programme=programme.programme_identifier.lower().replace("-", "_"),
            status=_ENROLMENT_STATUSES[beneficiary.enrollment_status],
            since=beneficiary.enrollment_date,
        )
        for beneficiary in (_read(_Beneficiary, record) for record in records)
        for programme in beneficiary.programme_identifier
    ]
    return tuple(sorted(found, key=lambda enrolment: (enrolment.since, enrolment.programme)))


class _Calculated(BaseModel):
    on: Day | None


def _only(records: list[dict[str, Any]]) -> dict[str, Any]:
    if len(records) != 1:
        raise RegistryAnswerUnreadable("one identifier, and several records")
    return records[0]


def _read(model: type[M], record: dict[str, Any]) -> M:
    try:
        return model.model_validate(record)
    except ValidationError as faulty:
        places = {str(fault["loc"][0]) for fault in faulty.errors() if fault["loc"]}
        raise RegistryAnswerUnreadable(f"faulty: {', '.join(sorted(places))}") from None


S = TypeVar("S", RnpStatus, RsuStatus)


def _status(kind: type[S], value: Any) -> S:
    try:
        return kind(value)
    except ValueError:
        raise RegistryAnswerUnreadable(f"a {kind.__name__} outside the contract") from None
