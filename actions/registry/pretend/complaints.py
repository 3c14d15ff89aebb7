"""Complaints and appeals of the pretend registry."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from actions.registry.port import INVALID
from actions.registry.pretend.applications import Applications
from actions.registry.pretend.records import PretendOffice, PretendRecord
from actions.registry.pretend.submissions import reference_for
from actions.registry.shapes import (
    ApplicationState,
    Complaint,
    ComplaintState,
    NewComplaint,
    Receipt,
)
from core.errors import RegistryRefused

# The category of a complaint that contests a decision.
_APPEAL = "appeal"


@dataclass(frozen=True, slots=True)
class _Filed:
    number: int
    idcs: str
    complaint: Complaint


class Complaints(Applications):
    """Complaints by reference; `complained` lists what was handed in, in order."""

    def __init__(
        self,
        records: Iterable[PretendRecord],
        offices: Iterable[PretendOffice],
        now: Callable[[], datetime],
    ) -> None:
        self.complained: list[NewComplaint] = []
        self._complaints: dict[str, _Filed] = {}
        super().__init__(records, offices, now)

    def know(self, record: PretendRecord) -> None:
        """Hold a person's record, their complaints among all others."""
        before = self._records.get(record.person.idcs)
        super().know(record)
        if before is not None and before.complaints == record.complaints:
            return
        for gone in before.complaints if before else ():
            self._complaints.pop(gone.reference, None)
        for complaint in reversed(record.complaints):
            self._keep(record.person.idcs, complaint)

    def complaint(self, reference: str, language: str) -> Complaint | None:
        """See `port.Registry`."""
        self._check()
        filed = self._complaints.get(reference)
        return filed.complaint if filed else None

    def complaints(self, idcs: str, language: str) -> tuple[Complaint, ...]:
        """See `port.Registry`."""
        self._check()
        theirs = [filed for filed in self._complaints.values() if idcs and filed.idcs == idcs]
        newest = sorted(theirs, key=lambda f: (f.complaint.since, f.number), reverse=True)
        return tuple(filed.complaint for filed in newest)

    def submit_complaint(self, complaint: NewComplaint) -> Receipt:
        """See `port.Registry`."""
        return self._once("complaint", complaint.idempotency_key, lambda: self._note(complaint))

    def _note(self, complaint: NewComplaint) -> str:
        if not complaint.category or (complaint.idcs and self._find(complaint.idcs) is None):
            raise RegistryRefused(INVALID)
        reference = reference_for(complaint.reference, self._complaints.__contains__)
        received = Complaint(reference, complaint.category, ComplaintState.RECEIVED, self._today())
        self._keep(complaint.idcs, received)
        self._contest(complaint)
        self.complained.append(complaint)
        return reference

    def _contest(self, complaint: NewComplaint) -> None:
        """An appeal in time opens a refused application of the household again."""
        filed = self._filed.get(complaint.about)
        if complaint.category != _APPEAL or filed is None:
            return
        application = filed.application
        in_time = application.appeal_by is None or self._today() <= application.appeal_by
        theirs = filed.idcs in self._kin(complaint.idcs)
        if theirs and in_time and application.state is ApplicationState.REFUSED:
            self.decide(complaint.about, ApplicationState.APPEALED, reason=application.reason)

    def _keep(self, idcs: str, complaint: Complaint) -> None:
        self._complaints[complaint.reference] = _Filed(next(self._numbers), idcs, complaint)
