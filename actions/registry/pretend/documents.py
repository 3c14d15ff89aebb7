"""Photographs and PDFs of the pretend registry."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from actions.registry.port import INVALID, UNKNOWN_APPLICATION
from actions.registry.pretend.complaints import Complaints
from actions.registry.pretend.records import PretendOffice, PretendRecord
from actions.registry.shapes import Document, NewDocument, Receipt
from core.errors import RegistryRefused
from core.references import new_reference


class Documents(Complaints):
    """Documents by their application; `documented` lists what was handed in, in order."""

    def __init__(
        self,
        records: Iterable[PretendRecord],
        offices: Iterable[PretendOffice],
        now: Callable[[], datetime],
    ) -> None:
        super().__init__(records, offices, now)
        self.documented: list[NewDocument] = []
        self._documents: dict[str, list[Document]] = {}

    def submit_document(self, document: NewDocument) -> Receipt:
        """See `port.Registry`."""
        return self._once("document", document.idempotency_key, lambda: self._add(document))

    def documents(self, application: str) -> tuple[Document, ...]:
        """See `port.Registry`."""
        self._check()
        return tuple(self._documents.get(application, ()))

    def _add(self, document: NewDocument) -> str:
        if not document.content:
            raise RegistryRefused(INVALID)
        if document.application not in self._filed:
            raise RegistryRefused(UNKNOWN_APPLICATION)
        reference = new_reference()
        taken = Document(reference, document.idempotency_key, document.content_type, self._today())
        self._documents.setdefault(document.application, []).append(taken)
        self.documented.append(document)
        return reference
