"""From the wire's records to ours: Member, Group and Beneficiary of SPDCI.

What the standard has no field for stands under `additional_attributes` as key and value:
`rnp_status` and `contact_standing` of a member, `rsu_status`, `index_date` and `area` of a group. A
registry without them is read by what its record shows.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final, Literal, TypeVar

from pydantic import BaseModel, Field

from actions.registry.envelope import language_of
from actions.registry.port import (
    ContactStanding,
    Enrolment,
    EnrolmentStatus,
    Household,
    Person,
    RnpStatus,
    RsuStatus,
)
from actions.registry.reading import Day, WithAttributes, read_as
from actions.registry.shapes import Cover, Member
from core.errors import RegistryAnswerUnreadable
from core.identifiers import read_number

SOCIO_ECONOMIC_INDEX: Final = "ISE"
# The beneficiary registry's code for a benefit that is an insurance.
_INSURANCE: Final = "6"
_AREAS: Final = ("urban", "rural")
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


class _Identifier(BaseModel):
    identifier_type: str
    identifier_value: str


class _Name(BaseModel):
    given_name: str = ""


class _Demographic(BaseModel):
    identifier: list[_Identifier] = []
    birth_date: Day
    phone_number: list[str] = []
    name: _Name = _Name()


class _Member(WithAttributes):
    member_identifier: tuple[_Identifier, ...] = ()
    demographic_info: _Demographic
    language_code: str | None = None


class _Listed(BaseModel):
    member_identifier: list[_Identifier] = []
    demographic_info: _Demographic | None = None

    def idcs(self) -> str:
        for known in self.member_identifier:
            if known.identifier_type == "UIN":
                return known.identifier_value
        raise RegistryAnswerUnreadable("a member without an identifier")


class _Group(WithAttributes):
    group_size: int = Field(ge=1)
    poverty_score: Decimal | None = Field(None, allow_inf_nan=False)
    poverty_score_type: str | None = None
    registration_date: Day | None = None
    member_list: tuple[_Listed, ...] = ()


class _Benefit(BaseModel):
    benefit_type: str = ""


class _Programme(BaseModel):
    programme_identifier: str = Field(min_length=1)


class _Beneficiary(BaseModel):
    programme_identifier: list[_Programme] = Field(min_length=1)
    enrollment_date: Day
    enrollment_status: Literal["1", "2", "3", "4", "5", "6", "7"]
    status_change_date: list[Day] = []
    benefits: list[_Benefit] = []


def read_person(records: list[dict[str, Any]], idcs: str) -> Person | None:
    """The person asked for, never another. Raises RegistryAnswerUnreadable."""
    if not records:
        return None
    member = read_as(_Member, _only(records))
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
        standing=_status(
            ContactStanding, member.attribute("contact_standing") or ContactStanding.GOOD
        ),
    )


def read_household(records: list[dict[str, Any]]) -> Household | None:
    """The household asked for. Raises RegistryAnswerUnreadable."""
    if not records:
        return None
    group = read_as(_Group, _only(records))
    index = group.poverty_score if group.poverty_score_type == SOCIO_ECONOMIC_INDEX else None
    shown = RsuStatus.REGISTERED if index is None else RsuStatus.INDEX_READY
    calculated = read_as(_Calculated, {"on": group.attribute("index_date")})
    area = group.attribute("area") or ""
    return Household(
        rsu_status=_status(RsuStatus, group.attribute("rsu_status") or shown),
        size=group.group_size,
        index=index,
        index_date=calculated.on if index is not None else None,
        registered_on=group.registration_date,
        area=area if area in _AREAS else "",
    )


def read_enrolments(records: list[dict[str, Any]]) -> tuple[Enrolment, ...]:
    """The enrolments asked for, oldest first. Raises RegistryAnswerUnreadable."""
    found = [
        Enrolment(
            programme=programme_key(programme.programme_identifier),
            status=_ENROLMENT_STATUSES[beneficiary.enrollment_status],
            since=beneficiary.enrollment_date,
        )
        for beneficiary in (read_as(_Beneficiary, record) for record in records)
        for programme in beneficiary.programme_identifier
    ]
    return tuple(sorted(found, key=lambda enrolment: (enrolment.since, enrolment.programme)))


def read_members(
    records: list[dict[str, Any]], member_of: Callable[[str], list[dict[str, Any]]]
) -> tuple[Member, ...]:
    """Who stands in the household, oldest first. Raises RegistryAnswerUnreadable.

    `member_of` finds the Member records of an identifier, for a registry whose groups name their
    members by identifiers alone.
    """
    if not records:
        return ()
    group = read_as(_Group, _only(records))
    members = []
    for listed in group.member_list:
        idcs, told = listed.idcs(), listed.demographic_info
        if told is None:
            found = member_of(idcs)
            if read_person(found, idcs) is None:
                raise RegistryAnswerUnreadable("a member nobody knows")
            told = read_as(_Member, _only(found)).demographic_info
        members.append(Member(idcs, told.name.given_name, told.birth_date))
    return tuple(sorted(members, key=lambda member: (member.birth_date, member.idcs)))


def read_covers(records: list[dict[str, Any]]) -> tuple[Cover, ...]:
    """The health covers among the enrolments asked for. Raises RegistryAnswerUnreadable."""
    covers = []
    for beneficiary in (read_as(_Beneficiary, record) for record in records):
        if not any(benefit.benefit_type == _INSURANCE for benefit in beneficiary.benefits):
            continue
        status = _ENROLMENT_STATUSES[beneficiary.enrollment_status]
        is_active, since = status is EnrolmentStatus.ACTIVE, beneficiary.enrollment_date
        changes = [change for change in beneficiary.status_change_date if change > since]
        until = max(changes) if changes and not is_active else None
        covers += [
            Cover(programme_key(programme.programme_identifier), is_active, since, until)
            for programme in beneficiary.programme_identifier
        ]
    return tuple(sorted(covers, key=lambda cover: cover.programme))


def programme_key(identifier: str) -> str:
    """Our key of a programme for its identifier on the wire: AMO-TADAMON is amo_tadamon."""
    return identifier.lower().replace("-", "_")


def programme_code(key: str) -> str:
    """The identifier on the wire of a programme of ours."""
    return key.upper()


class _Calculated(BaseModel):
    on: Day | None


def _only(records: list[dict[str, Any]]) -> dict[str, Any]:
    if len(records) != 1:
        raise RegistryAnswerUnreadable("one identifier, and several records")
    return records[0]


S = TypeVar("S", RnpStatus, RsuStatus, ContactStanding)


def _status(kind: type[S], value: Any) -> S:
    try:
        return kind(value)
    except ValueError:
        raise RegistryAnswerUnreadable(f"a {kind.__name__} outside the contract") from None
