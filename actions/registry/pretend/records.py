"""What the pretend registry is made of, and the shelf it keeps it on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from actions.registry.port import Enrolment, Household, Person
from actions.registry.shapes import Application, Complaint, Cover, Member, Office, Payment, Slot
from core.errors import RegistryError


@dataclass(frozen=True, slots=True)
class PretendRecord:
    """All that the pretend registry holds of one person.

    `members` is the whole household, the person included; who stands in it sees what the household
    applied for. `home_office` is an office's code.
    """

    person: Person
    household: Household | None = None
    enrolments: tuple[Enrolment, ...] = ()
    members: tuple[Member, ...] = ()
    applications: tuple[Application, ...] = ()
    payments: tuple[Payment, ...] = ()
    covers: tuple[Cover, ...] = ()
    complaints: tuple[Complaint, ...] = ()
    home_office: str = ""


@dataclass(frozen=True, slots=True)
class PretendOffice:
    """An office with where it stands and its free appointments.

    `arabic` is the same office in Arabic words, told to who is written to in Arabic letters.
    """

    office: Office
    latitude: float = 0.0
    longitude: float = 0.0
    slots: tuple[Slot, ...] = ()
    arabic: Office | None = None


class Shelf:
    """The records and the clock, which every topic of the pretend registry reads.

    While `failure` holds an error, every operation raises it.
    """

    def __init__(
        self,
        records: Iterable[PretendRecord],
        offices: Iterable[PretendOffice],
        now: Callable[[], datetime],
    ) -> None:
        self.failure: RegistryError | None = None
        self._records = {record.person.idcs: record for record in records}
        self._offices = {known.office.code: known for known in offices}
        self._now = now

    def know(self, record: PretendRecord) -> None:
        """Hold a person's record, in place of one held before."""
        self._records[record.person.idcs] = record

    def knows(self, idcs: str) -> bool:
        """Whether there is a record of a person."""
        return idcs in self._records

    def change(self, idcs: str, **fields: Any) -> PretendRecord:
        """Change fields of a person's record, named as in PretendRecord; the new record."""
        changed = replace(self._records[idcs], **fields)
        self.know(changed)
        return changed

    def know_office(self, office: PretendOffice) -> None:
        """Hold an office, in place of one held before."""
        self._offices[office.office.code] = office

    def _check(self) -> None:
        if self.failure is not None:
            raise self.failure

    def _find(self, idcs: str) -> PretendRecord | None:
        self._check()
        return self._records.get(idcs)

    def _kin(self, idcs: str) -> set[str]:
        """The identifiers of a person's household, their own included."""
        record = self._records.get(idcs)
        return {idcs, *(member.idcs for member in record.members)} if record else {idcs}

    def _today(self) -> date:
        return self._now().date()
