"""The registry over HTTP, each thing in the shapes of whoever has a standard for it.

SPDCI: records, enrolments, subscriptions. G2P Connect: payments. MOSIP: one-time codes and, where
the settings say so, entry in the RNP. For the rest there is a resource of our own. Every message is
described in docs/openapi/.
"""

from __future__ import annotations

from typing import Any

import redis

from actions.registry import counter, enrolled, offices, records, subscriptions
from actions.registry.calls import Witness, nobody
from actions.registry.correspondence import Correspondence
from actions.registry.envelope import BENEFICIARY
from actions.registry.esignet import EsignetCodes
from actions.registry.kept import Kept
from actions.registry.mailbox import Mailbox
from actions.registry.one_time_codes import Codes, IdaCodes
from actions.registry.payments import find_payments
from actions.registry.port import (
    INVALID,
    CodeChecked,
    CodeSent,
    Enrolment,
    Household,
    Person,
)
from actions.registry.preregistration import RNP, PreRegistration
from actions.registry.resource import Resource
from actions.registry.search_messages import Search
from actions.registry.searches import Searches
from actions.registry.settings import RegistrySettings
from actions.registry.shapes import (
    Application,
    Complaint,
    ContactChange,
    Cover,
    Document,
    EventKind,
    Member,
    NewApplication,
    NewComplaint,
    NewDocument,
    Office,
    Payment,
    ProgrammeState,
    Receipt,
    Slot,
)
from actions.registry.transport import Transport
from core.errors import RegistryRefused
from core.registry_health import RegistryHealth


class SpdciRegistry:
    """A `Registry` behind an address; safe to share between threads, connections are kept.

    In `store` (Redis) lies what is public and kept, what was announced to the RNP, and what staff
    are told of each operation; in `mailbox` late answers are waited for. Every exchange is shown to
    `witness`. Raises SettingsFaulty where a key or a store is missing.
    """

    def __init__(
        self,
        settings: RegistrySettings,
        store: redis.Redis | None = None,
        witness: Witness = nobody,
        mailbox: Mailbox | None = None,
    ) -> None:
        self._settings = settings
        transport = Transport(settings, witness, RegistryHealth(store))
        self._letters = Correspondence(settings, transport)
        self._searches = Searches(settings, self._letters, mailbox)
        self._resource = Resource(settings, transport)
        self._codes: Codes = (
            EsignetCodes(settings, transport)
            if settings.registry_codes == "esignet"
            else IdaCodes(settings, transport)
        )
        self._entries: PreRegistration | None = None
        if settings.registry_preregistration == "mosip":
            self._entries = PreRegistration(settings, transport, store)
        self._kept_offices = Kept("offices", Office, settings, store)
        self._kept_programmes = Kept("programmes", ProgrammeState, settings, store)

    def person(self, idcs: str, language: str) -> Person | None:
        """See `port.Registry`."""
        return records.read_person(self._searches.find(Search(idcs, "Member", language)), idcs)

    def household(self, idcs: str, language: str) -> Household | None:
        """See `port.Registry`."""
        return records.read_household(self._searches.find(Search(idcs, "Group", language)))

    def registration(self, idcs: str, language: str) -> tuple[Person | None, Household | None]:
        """See `port.Registry`."""
        people, groups = self._searches.find_each(
            Search(idcs, "Member", language), Search(idcs, "Group", language)
        )
        return records.read_person(people, idcs), records.read_household(groups)

    def enrolments(self, idcs: str, language: str) -> tuple[Enrolment, ...]:
        """See `port.Registry`."""
        return records.read_enrolments(self._beneficiaries(idcs, language))

    def is_enrolled(self, idcs: str, programme: str) -> bool:
        """See `port.Registry`."""
        asked = enrolled.write_enrolled(idcs, records.programme_code(programme))
        path = self._settings.registry_enrolled_path
        return self._letters.ask(
            "records.enrolled",
            path,
            "search",
            asked,
            lambda answer: enrolled.read_enrolled(asked, answer),
        )

    def send_code(self, idcs: str, transaction: str) -> CodeSent:
        """See `port.Registry`."""
        return self._codes.send(idcs, transaction)

    def confirm_code(self, idcs: str, transaction: str, code: str) -> CodeChecked:
        """See `port.Registry`."""
        return self._codes.check(idcs, transaction, code)

    def members(self, idcs: str, language: str) -> tuple[Member, ...]:
        """See `port.Registry`."""
        return records.read_members(
            self._searches.find(Search(idcs, "Group", language)),
            lambda member: self._searches.find(Search(member, "Member", language)),
        )

    def applications(self, idcs: str, language: str) -> tuple[Application, ...]:
        """See `port.Registry`."""
        asked = counter.Search(idcs=idcs).write(language)
        return self._resource.ask("applications", asked, counter.read_applications)

    def application(self, reference: str, language: str) -> Application | None:
        """See `port.Registry`."""
        if not reference:
            return None
        announced = self._entries.application(reference) if self._entries else None
        if announced is not None:
            return announced
        asked = counter.Search(reference).write(language)
        found = self._resource.ask("applications", asked, counter.read_applications)
        return found[0] if found else None

    def submit_application(self, application: NewApplication) -> Receipt:
        """See `port.Registry`."""
        if self._entries is not None and application.programme == RNP:
            return self._entries.submit(application)
        message = counter.write_application(application)
        return self._resource.hand_in("applications", message, application.idempotency_key)

    def submit_document(self, document: NewDocument) -> Receipt:
        """See `port.Registry`."""
        return self._resource.hand_in_document(document)

    def documents(self, application: str) -> tuple[Document, ...]:
        """See `port.Registry`."""
        asked = {"application": application}
        return self._resource.ask("documents", asked, counter.read_documents)

    def payments(self, idcs: str, language: str) -> tuple[Payment, ...]:
        """See `port.Registry`."""
        address = self._settings.registry_payee_address.replace("{idcs}", idcs)
        return find_payments(address, language, self._settings, self._letters)

    def covers(self, idcs: str, language: str) -> tuple[Cover, ...]:
        """See `port.Registry`."""
        return records.read_covers(self._beneficiaries(idcs, language))

    def home_office(self, idcs: str, language: str) -> Office | None:
        """See `port.Registry`."""
        found = self._ask_offices(language, home=idcs)
        return found[0] if found else None

    def offices(self, place: str, language: str) -> tuple[Office, ...]:
        """See `port.Registry`."""
        return self._kept_offices.ask(
            f"{language} of {place}", lambda: self._ask_offices(language, place=place)[:10]
        )

    def offices_near(self, latitude: float, longitude: float, language: str) -> tuple[Office, ...]:
        """See `port.Registry`."""
        near = {"latitude": latitude, "longitude": longitude}
        return self._kept_offices.ask(
            f"{language} near {latitude:.2f} {longitude:.2f}",
            lambda: self._ask_offices(language, near=near)[:5],
        )

    def programmes(self, language: str) -> tuple[ProgrammeState, ...]:
        """See `port.Registry`."""
        asked = offices.write_office_search(language)
        return self._kept_programmes.ask(
            language, lambda: self._resource.ask("programmes", asked, offices.read_programmes)
        )

    def slots(self, office: str) -> tuple[Slot, ...]:
        """See `port.Registry`."""
        if self._entries is not None:
            return self._entries.slots(office)
        return self._resource.ask("appointments", {"office": office}, offices.read_slots)[:10]

    def submit_complaint(self, complaint: NewComplaint) -> Receipt:
        """See `port.Registry`."""
        message = counter.write_complaint(complaint)
        return self._resource.hand_in("complaints", message, complaint.idempotency_key)

    def complaint(self, reference: str, language: str) -> Complaint | None:
        """See `port.Registry`."""
        if not reference:
            return None
        asked = counter.Search(reference).write(language)
        found = self._resource.ask("complaints", asked, counter.read_complaints)
        return found[0] if found else None

    def complaints(self, idcs: str, language: str) -> tuple[Complaint, ...]:
        """See `port.Registry`."""
        asked = counter.Search(idcs=idcs).write(language)
        return self._resource.ask("complaints", asked, counter.read_complaints)

    def update_contact(self, idcs: str, change: ContactChange) -> Receipt:
        """See `port.Registry`."""
        message = counter.write_contact(idcs, change)
        return self._resource.hand_in("contacts", message, change.idempotency_key)

    def subscribe(self, idcs: str, kinds: tuple[EventKind, ...]) -> str:
        """See `port.Registry`."""
        if not kinds:
            raise RegistryRefused(INVALID)
        return self._letters.ask(
            "subscriptions.begin",
            self._settings.registry_subscribe_path,
            "subscribe",
            subscriptions.write_subscribe(idcs, kinds),
            subscriptions.read_acknowledgement,
            is_repeatable=False,
            is_acknowledged=True,
            callback=self._settings.registry_subscriber_url,
        )

    def unsubscribe(self, subscription: str) -> None:
        """See `port.Registry`."""
        self._letters.ask(
            "subscriptions.end",
            self._settings.registry_unsubscribe_path,
            "unsubscribe",
            subscriptions.write_unsubscribe(subscription),
            subscriptions.read_acknowledgement,
            is_acknowledged=True,
            callback=self._settings.registry_subscriber_url,
        )

    def _beneficiaries(self, idcs: str, language: str) -> list[dict[str, Any]]:
        return self._searches.find(Search(idcs, "Beneficiary", language, BENEFICIARY))

    def _ask_offices(self, language: str, **asked: Any) -> tuple[Office, ...]:
        message = offices.write_office_search(language, **asked)
        return self._resource.ask("offices", message, offices.read_offices)
