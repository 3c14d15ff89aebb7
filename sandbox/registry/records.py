"""Writing records: Member and Group (RNP, RSU), Beneficiary (IBR)."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from locales.languages import languages
from sandbox.registry.programmes import programme
from sandbox.registry.tables import Enrolment, Household, Person

_LOCALES: Final = {code: language.spdci for code, language in languages().items()}
_IN_ARABIC: Final = {one.spdci for one in languages().values() if one.script == "Arab"}
_STATUS_CODES: Final = {"active": "1", "suspended": "4", "ended": "5"}
_CASH: Final = "1"


def _demographic(person: Person, locale: str) -> dict[str, Any]:
    """Who a person is; whoever asks about a household learns no phone numbers of its members."""
    arabic = is_in_arabic(locale)
    return {
        "@type": "SRPerson",
        "identifier": [_identifier("UIN", person.idcs)],
        "name": {
            "@type": "Name",
            "surname": person.surname_arabic if arabic else person.surname,
            "given_name": person.given_name_arabic if arabic else person.given_name,
        },
        "sex": person.sex,
        "birth_date": person.birth_date.isoformat(),
    }


def is_in_arabic(locale: str) -> bool:
    """Whether what is written for people in a locale is written in Arabic letters."""
    return locale in _IN_ARABIC


def write_member(person: Person, locale: str) -> dict[str, Any]:
    """A person of the RNP, with the number on file."""
    demographic = _demographic(person, locale)
    if person.phone:
        demographic["phone_number"] = [person.phone]
    if person.household:
        demographic["address"] = [
            {
                "@type": "Address",
                "region_code": person.household.region,
                "locality": person.household.area,
                "country_code": "MA",
            }
        ]
    return {
        "@type": "Member",
        "member_identifier": [_identifier("UIN", person.idcs)],
        "demographic_info": demographic,
        "language_code": _LOCALES[person.language],
        "additional_attributes": [_attribute("rnp_status", person.rnp_status)],
    }


def write_group(household: Household, locale: str) -> dict[str, Any]:
    """A household of the RSU with its members."""
    group: dict[str, Any] = {
        "@type": "Group",
        "group_identifier": [_identifier("HOUSEHOLD", household.code)],
        "group_type": "household",
        "group_size": household.size,
        "member_list": [
            {
                "@type": "Member",
                "member_identifier": [_identifier("UIN", member.idcs)],
                "demographic_info": _demographic(member, locale),
            }
            for member in household.members
        ],
        "additional_attributes": [
            _attribute("rsu_status", household.rsu_status),
            _attribute("area", household.area),
        ],
    }
    if household.registered_on:
        group["registration_date"] = _midnight(household.registered_on)
    if household.index and household.index_date:
        group["poverty_score"] = float(household.index)
        group["poverty_score_type"] = "ISE"
        group["additional_attributes"].append(
            _attribute("index_date", household.index_date.isoformat())
        )
    return group


def write_beneficiary(enrolment: Enrolment) -> dict[str, Any]:
    """A programme that a household was accepted in."""
    known, since = programme(enrolment.programme), _midnight(enrolment.since)
    changes = [since, *([_midnight(enrolment.changed_on)] if enrolment.changed_on else [])]
    return {
        "@type": "Beneficiary",
        "assistance_unit": "2",
        "programme_identifier": [
            {"programme_identifier": known.code, "programme_name": known.name}
        ],
        "enrollment_date": since,
        "enrollment_status": _STATUS_CODES[enrolment.status],
        "status_change_date": changes,
        "benefits": [{"benefit_type": known.benefit or _CASH, "benefit_date": since}],
    }


def _identifier(kind: str, value: str) -> dict[str, str]:
    return {"@type": "Identifier", "identifier_type": kind, "identifier_value": value}


def _attribute(key: str, value: str) -> dict[str, str]:
    return {"key": key, "value": value}


def _midnight(day: date) -> str:
    return f"{day.isoformat()}T00:00:00+00:00"
