"""Applications and appointments of the pretend registry."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from actions.registry.port import (
    ALREADY_OPEN,
    INVALID,
    NOT_IN_HOUSEHOLD,
    PROGRAMME_CLOSED,
    SLOT_TAKEN,
)
from actions.registry.pretend.records import PretendOffice, PretendRecord
from actions.registry.pretend.submissions import Submissions, reference_for
from actions.registry.shapes import (
    Application,
    ApplicationState,
    Availability,
    NewApplication,
    ProgrammeState,
    Receipt,
    Slot,
)
from core.errors import RegistryRefused

# The register that is entered before anybody can be verified.
_BEFORE_IDENTITY: Final = "rnp"
_OVER: Final = (ApplicationState.ACCEPTED, ApplicationState.REFUSED)
# The agency of the direct social aid publishes that it decides within thirty days.
_DECIDED_IN: Final = timedelta(days=30)
_DECIDED_IN_TIME: Final = ("asd", "asd_child", "asd_flat", "birth_grant", "school_grant", "daam")
_AT_MOST: Final = 10


@dataclass(frozen=True, slots=True)
class _Filed:
    number: int
    idcs: str
    for_idcs: tuple[str, ...]
    application: Application
    given_as: str = ""


class Applications(Submissions):
    """Applications by reference.

    `submitted` lists what was handed in, in order; a programme of `closed` takes none.
    """

    def __init__(
        self,
        records: Iterable[PretendRecord],
        offices: Iterable[PretendOffice],
        now: Callable[[], datetime],
    ) -> None:
        super().__init__((), offices, now)
        self.submitted: list[NewApplication] = []
        self.closed: set[str] = {"tayssir", "million_bags"}
        self._filed: dict[str, _Filed] = {}
        self._numbers = itertools.count()
        self._taken_slots: set[str] = set()
        for record in records:
            self.know(record)

    def know(self, record: PretendRecord) -> None:
        """Hold a person's record, its applications among all others."""
        before = self._records.get(record.person.idcs)
        super().know(record)
        if before is not None and before.applications == record.applications:
            return  # they may have moved on since
        for gone in before.applications if before else ():
            self._filed.pop(gone.reference, None)
        for application in reversed(record.applications):
            self._file(record.person.idcs, (), application)

    def applications(self, idcs: str, language: str) -> tuple[Application, ...]:
        """See `port.Registry`."""
        self._check()
        kin = self._kin(idcs)
        theirs = (filed for filed in self._filed.values() if filed.idcs in kin)
        newest = sorted(theirs, key=lambda f: (f.application.given_on, f.number), reverse=True)
        return tuple(filed.application for filed in newest)

    def application(self, reference: str, language: str) -> Application | None:
        """See `port.Registry`."""
        self._check()
        filed = self._filed.get(reference) or next(
            (f for f in self._filed.values() if reference and f.given_as == reference), None
        )
        return filed.application if filed else None

    def submit_application(self, application: NewApplication) -> Receipt:
        """See `port.Registry`."""
        return self._once(
            "application", application.idempotency_key, lambda: self._take(application)
        )

    def programmes(self, language: str) -> tuple[ProgrammeState, ...]:
        """See `port.Registry`."""
        self._check()
        return tuple(ProgrammeState(key, Availability.CLOSED) for key in sorted(self.closed))

    def slots(self, office: str) -> tuple[Slot, ...]:
        """See `port.Registry`."""
        self._check()
        known = self._offices.get(office)
        free = [slot for slot in known.slots if self._is_free(slot)] if known else []
        return tuple(sorted(free, key=lambda slot: slot.begins))[:_AT_MOST]

    def decide(self, reference: str, state: ApplicationState, **changes: Any) -> None:
        """Move an application on, as its agency does; `changes` are fields of Application."""
        filed = self._filed[reference]
        fields = {"reason": None, "missing": (), "appeal_by": None} | changes
        moved = replace(filed.application, state=state, since=self._today(), **fields)
        self._filed[reference] = replace(filed, application=moved)

    def _take(self, application: NewApplication) -> str:
        self._refuse_faulty(application)
        slot = application.answers.get("appointment")
        if slot is not None and not self._is_open(slot):
            raise RegistryRefused(SLOT_TAKEN)
        reference = reference_for(application.reference, self._filed.__contains__)
        today = self._today()
        in_time = application.programme in _DECIDED_IN_TIME
        taken = Application(
            reference=reference,
            programme=application.programme,
            state=ApplicationState.RECEIVED,
            since=today,
            given_on=today,
            next_by=today + _DECIDED_IN if in_time else None,
        )
        self._file(application.idcs, application.for_idcs, taken, application.reference)
        if slot is not None:
            self._taken_slots.add(slot)
        self.submitted.append(application)
        return reference

    def _refuse_faulty(self, application: NewApplication) -> None:
        idcs, programme = application.idcs, application.programme
        if not programme or (not idcs and programme != _BEFORE_IDENTITY):
            raise RegistryRefused(INVALID)
        if programme in self.closed:
            raise RegistryRefused(PROGRAMME_CLOSED)
        if idcs and self._find(idcs) is None:
            raise RegistryRefused(INVALID)
        if not set(application.for_idcs) <= self._kin(idcs):
            raise RegistryRefused(NOT_IN_HOUSEHOLD)
        if idcs and any(self._is_same(filed, application) for filed in self._filed.values()):
            raise RegistryRefused(ALREADY_OPEN)

    def _is_same(self, filed: _Filed, new: NewApplication) -> bool:
        """True for one under way, of this household and programme, that is for the same people."""
        for_all = not filed.for_idcs or not new.for_idcs
        return (
            filed.application.programme == new.programme
            and filed.application.state not in _OVER
            and filed.idcs in self._kin(new.idcs)
            and (for_all or not set(filed.for_idcs).isdisjoint(new.for_idcs))
        )

    def _file(
        self, idcs: str, for_idcs: tuple[str, ...], application: Application, given_as: str = ""
    ) -> None:
        self._filed[application.reference] = _Filed(
            next(self._numbers), idcs, for_idcs, application, given_as
        )

    def _is_open(self, code: str) -> bool:
        slots = (slot for known in self._offices.values() for slot in known.slots)
        return any(slot.code == code and self._is_free(slot) for slot in slots)

    def _is_free(self, slot: Slot) -> bool:
        return slot.code not in self._taken_slots and slot.begins > self._now()
