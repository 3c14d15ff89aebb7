"""What stands in a person's file of the pretend registry, and how to reach them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from actions.registry.port import INVALID, Enrolment, EnrolmentStatus, Household, Person
from actions.registry.pretend.documents import Documents
from actions.registry.pretend.records import PretendOffice, PretendRecord
from actions.registry.shapes import ContactChange, Cover, Member, Payment, Receipt
from core.errors import RegistryRefused
from core.identifiers import read_number
from core.references import new_reference


class Files(Documents):
    """Records by identifier; `contacts` lists the changes asked for, with whose they are."""

    def __init__(
        self,
        records: Iterable[PretendRecord],
        offices: Iterable[PretendOffice],
        now: Callable[[], datetime],
    ) -> None:
        super().__init__(records, offices, now)
        self.contacts: list[tuple[str, ContactChange]] = []

    def person(self, idcs: str, language: str) -> Person | None:
        """See `port.Registry`."""
        record = self._find(idcs)
        return record.person if record else None

    def household(self, idcs: str, language: str) -> Household | None:
        """See `port.Registry`."""
        record = self._find(idcs)
        return record.household if record else None

    def registration(self, idcs: str, language: str) -> tuple[Person | None, Household | None]:
        """See `port.Registry`."""
        return self.person(idcs, language), self.household(idcs, language)

    def enrolments(self, idcs: str, language: str) -> tuple[Enrolment, ...]:
        """See `port.Registry`."""
        record = self._find(idcs)
        found = record.enrolments if record else ()
        return tuple(sorted(found, key=lambda enrolment: (enrolment.since, enrolment.programme)))

    def is_enrolled(self, idcs: str, programme: str) -> bool:
        """See `port.Registry`."""
        found = self.enrolments(idcs, "")
        return any(
            one.programme == programme and one.status is EnrolmentStatus.ACTIVE for one in found
        )

    def members(self, idcs: str, language: str) -> tuple[Member, ...]:
        """See `port.Registry`."""
        record = self._find(idcs)
        found = record.members if record else ()
        return tuple(sorted(found, key=lambda member: (member.birth_date, member.idcs)))

    def payments(self, idcs: str, language: str) -> tuple[Payment, ...]:
        """See `port.Registry`."""
        record = self._find(idcs)
        found = sorted(record.payments if record else (), key=lambda payment: payment.programme)
        return tuple(sorted(found, key=lambda payment: payment.month, reverse=True))

    def covers(self, idcs: str, language: str) -> tuple[Cover, ...]:
        """See `port.Registry`."""
        record = self._find(idcs)
        found = record.covers if record else ()
        return tuple(sorted(found, key=lambda cover: cover.programme))

    def update_contact(self, idcs: str, change: ContactChange) -> Receipt:
        """See `port.Registry`."""
        return self._once("contact", change.idempotency_key, lambda: self._reach(idcs, change))

    def _reach(self, idcs: str, change: ContactChange) -> str:
        record = self._find(idcs)
        number = read_number(change.phone) if change.phone else ""
        if record is None or number != change.phone or not (change.phone or change.address):
            raise RegistryRefused(INVALID)
        if number:
            self.change(idcs, person=replace(record.person, phone=number))
        self.contacts.append((idcs, change))
        return new_reference()
