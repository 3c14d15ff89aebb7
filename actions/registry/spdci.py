"""The registry over HTTP, each thing in the shapes of whoever has a standard for it.

SPDCI: records, enrolments, subscriptions. G2P Connect: payments. MOSIP: one-time codes. For
applications, complaints, offices and contacts nobody has; docs/openapi/counter.yaml is ours.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from actions.registry import counter, offices, one_time_codes, payments, records, subscriptions
from actions.registry.envelope import (
    BENEFICIARY,
    SOCIAL,
    Parties,
    RecordType,
    read_records,
    write_search,
)
from actions.registry.port import INVALID, CodeSent, CodeVerdict, Enrolment, Household, Person
from actions.registry.settings import RegistrySettings
from actions.registry.shapes import (
    Application,
    Complaint,
    ContactChange,
    Cover,
    EventKind,
    Member,
    NewApplication,
    NewComplaint,
    Office,
    Payment,
    Receipt,
    Slot,
)
from actions.registry.transport import Transport
from core.errors import RegistryRefused


class SpdciRegistry:
    """A `Registry` behind an address; safe to share between threads, connections are kept."""

    def __init__(self, settings: RegistrySettings) -> None:
        self._settings = settings
        self._transport = Transport(settings)
        self._parties = Parties(settings.registry_sender_id, settings.registry_receiver_id)
        self._subscriber = replace(self._parties, sender_uri=settings.registry_subscriber_url)

    def person(self, idcs: str, language: str) -> Person | None:
        """See `port.Registry`."""
        return records.read_person(self._search(idcs, SOCIAL, "Member", language), idcs)

    def household(self, idcs: str, language: str) -> Household | None:
        """See `port.Registry`."""
        return records.read_household(self._search(idcs, SOCIAL, "Group", language))

    def enrolments(self, idcs: str, language: str) -> tuple[Enrolment, ...]:
        """See `port.Registry`."""
        return records.read_enrolments(self._search(idcs, BENEFICIARY, "Beneficiary", language))

    def send_code(self, idcs: str, transaction: str) -> CodeSent:
        """See `port.Registry`."""
        message = one_time_codes.write_otp_request(idcs, transaction)
        return one_time_codes.read_otp_answer(self._ask_codes("otp", message), transaction)

    def confirm_code(self, idcs: str, transaction: str, code: str) -> CodeVerdict:
        """See `port.Registry`."""
        message = one_time_codes.write_auth_request(idcs, transaction, code)
        return one_time_codes.read_auth_answer(self._ask_codes("auth", message), transaction)

    def members(self, idcs: str, language: str) -> tuple[Member, ...]:
        """See `port.Registry`."""
        return records.read_members(
            self._search(idcs, SOCIAL, "Group", language),
            lambda member: self._search(member, SOCIAL, "Member", language),
        )

    def applications(self, idcs: str, language: str) -> tuple[Application, ...]:
        """See `port.Registry`."""
        asked = counter.Search(idcs=idcs).write(language)
        return counter.read_applications(self._ask("applications/search", asked))

    def application(self, reference: str, language: str) -> Application | None:
        """See `port.Registry`."""
        if not reference:
            return None
        asked = counter.Search(reference).write(language)
        found = counter.read_applications(self._ask("applications/search", asked))
        return found[0] if found else None

    def submit_application(self, application: NewApplication) -> Receipt:
        """See `port.Registry`."""
        message = counter.write_application(application)
        return self._hand_in("applications", message, application.idempotency_key)

    def payments(self, idcs: str, language: str) -> tuple[Payment, ...]:
        """See `port.Registry`."""
        address = self._settings.registry_payee_address.replace("{idcs}", idcs)
        request = payments.write_payment_search(address, language, self._parties)
        answer = self._transport.post(self._settings.registry_disburse_path, request)
        return payments.read_payments(request, answer)

    def covers(self, idcs: str, language: str) -> tuple[Cover, ...]:
        """See `port.Registry`."""
        return records.read_covers(self._search(idcs, BENEFICIARY, "Beneficiary", language))

    def home_office(self, idcs: str, language: str) -> Office | None:
        """See `port.Registry`."""
        found = self._find_offices(language, home=idcs)
        return found[0] if found else None

    def offices(self, place: str, language: str) -> tuple[Office, ...]:
        """See `port.Registry`."""
        return self._find_offices(language, place=place)[:10]

    def offices_near(self, latitude: float, longitude: float, language: str) -> tuple[Office, ...]:
        """See `port.Registry`."""
        near = {"latitude": latitude, "longitude": longitude}
        return self._find_offices(language, near=near)[:5]

    def slots(self, office: str) -> tuple[Slot, ...]:
        """See `port.Registry`."""
        return offices.read_slots(self._ask("appointments/search", {"office": office}))[:10]

    def submit_complaint(self, complaint: NewComplaint) -> Receipt:
        """See `port.Registry`."""
        message = counter.write_complaint(complaint)
        return self._hand_in("complaints", message, complaint.idempotency_key)

    def complaint(self, reference: str, language: str) -> Complaint | None:
        """See `port.Registry`."""
        if not reference:
            return None
        asked = counter.Search(reference).write(language)
        found = counter.read_complaints(self._ask("complaints/search", asked))
        return found[0] if found else None

    def complaints(self, idcs: str, language: str) -> tuple[Complaint, ...]:
        """See `port.Registry`."""
        asked = counter.Search(idcs=idcs).write(language)
        return counter.read_complaints(self._ask("complaints/search", asked))

    def update_contact(self, idcs: str, change: ContactChange) -> Receipt:
        """See `port.Registry`."""
        message = counter.write_contact(idcs, change)
        return self._hand_in("contacts", message, change.idempotency_key)

    def subscribe(self, idcs: str, kinds: tuple[EventKind, ...]) -> str:
        """See `port.Registry`."""
        if not kinds:
            raise RegistryRefused(INVALID)
        message = subscriptions.write_subscribe(idcs, kinds, self._subscriber)
        path = self._settings.registry_subscribe_path
        return subscriptions.read_acknowledgement(self._transport.post(path, message))

    def unsubscribe(self, subscription: str) -> None:
        """See `port.Registry`."""
        message = subscriptions.write_unsubscribe(subscription, self._subscriber)
        path = self._settings.registry_unsubscribe_path
        subscriptions.read_acknowledgement(self._transport.post(path, message))

    def _find_offices(self, language: str, **asked: Any) -> tuple[Office, ...]:
        message = offices.write_office_search(language, **asked)
        return offices.read_offices(self._ask("offices/search", message))

    def _ask(self, resource: str, message: dict[str, Any]) -> Any:
        path = f"{self._settings.registry_counter_path}/{resource}"
        return self._transport.post(path, message, reasons=counter.REASONS)

    def _hand_in(self, resource: str, message: dict[str, Any], key: str) -> Receipt:
        # A header takes no other characters; a key of ours never has them.
        if not key or not key.isascii() or not key.isprintable():
            raise RegistryRefused(INVALID)
        path = f"{self._settings.registry_counter_path}/{resource}"
        answer = self._transport.post(path, message, {"Idempotency-Key": key}, counter.REASONS)
        return counter.read_receipt(answer)

    def _search(
        self, idcs: str, registry: str, record: RecordType, language: str
    ) -> list[dict[str, Any]]:
        path = self._settings.registry_social_path
        if registry == BENEFICIARY:
            path = self._settings.registry_beneficiary_path
        request = write_search(idcs, registry, record, language, self._parties)
        return read_records(request, self._transport.post(path, request))

    def _ask_codes(self, operation: str, message: dict[str, Any]) -> Any:
        partner = self._settings.registry_partner_path.get_secret_value().strip("/")
        path = f"{self._settings.registry_code_path}/{operation}/{partner}"
        return self._transport.post(path, message)
