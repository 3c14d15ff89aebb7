"""What the actions may ask of the registry, and the records they get back.

Both implementations keep the promises written here and pass one contract suite. Something that
does not exist is an answer (None, or nothing in a tuple), never an error. Beyond that they raise
RegistryUnavailable, RegistryTimeout, RegistryRefused or RegistryAnswerUnreadable of `core.errors`,
whose messages never hold an identifier.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final, Protocol

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


class RnpStatus(StrEnum):
    """How far a person is in the national population register."""

    REGISTERED = "registered"
    PRE_REGISTERED = "pre_registered"
    DATA_TO_UPDATE = "data_to_update"


class RsuStatus(StrEnum):
    """How far a household is in the unified social register."""

    PRE_REGISTERED = "pre_registered"
    AWAITING_VISIT = "awaiting_visit"
    REGISTERED = "registered"
    INDEX_READY = "index_ready"
    DATA_TO_UPDATE = "data_to_update"


class EnrolmentStatus(StrEnum):
    """How a household stands in a programme it was accepted in."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    AWAITING_RENEWAL = "awaiting_renewal"
    ENDED = "ended"


class CodeVerdict(StrEnum):
    """What a one-time code is worth.

    EXPIRED: no code can be used under this transaction any more (too old, already used, or none
    was sent); ask for another. LOCKED: the third wrong code in a transaction, and all after it.
    """

    RIGHT = "right"
    WRONG = "wrong"
    EXPIRED = "expired"
    LOCKED = "locked"


class ContactStanding(StrEnum):
    """How far the phone number on file can be relied on.

    SIM_CHANGED: its SIM was exchanged lately. NUMBER_MISMATCH: the operator knows the number as
    somebody else's. Whoever has the phone then need not be whom the file means.
    """

    GOOD = "good"
    SIM_CHANGED = "sim_changed"
    NUMBER_MISMATCH = "number_mismatch"


# Reasons of RegistryRefused about a code; the error codes of MOSIP's ID authentication. All that a
# registry says in other codes is one of these, or a fault that an operator mends.
TOO_MANY_CODES: Final = "IDA-OTA-001"
CODE_NOT_SENT: Final = "IDA-OTA-002"
LOCKED_FOR_CODES: Final = "IDA-OTA-006"
NO_PHONE_ON_FILE: Final = "IDA-MLC-014"
UNKNOWN_IDENTIFIER: Final = "IDA-MLC-018"

# Reasons of RegistryRefused when something is sent for good; trying again would not help.
ALREADY_OPEN: Final = "application.already_open"
PROGRAMME_CLOSED: Final = "application.programme_closed"
NOT_IN_HOUSEHOLD: Final = "application.not_in_household"
INVALID: Final = "request.invalid"
SLOT_TAKEN: Final = "appointment.slot_taken"
UNKNOWN_APPLICATION: Final = "application.unknown"
TOO_LARGE: Final = "request.too_large"
NOT_TAKEN: Final = "document.not_taken"


@dataclass(frozen=True, slots=True)
class Person:
    """A person of the RNP; `phone` is the E.164 number on file, `preferred_language` ours.

    `standing` is that of the number.
    """

    idcs: str
    rnp_status: RnpStatus
    birth_date: date
    phone: str | None = None
    preferred_language: str | None = None
    standing: ContactStanding = ContactStanding.GOOD


@dataclass(frozen=True, slots=True)
class Household:
    """A household of the RSU; `index` is its socio-economic index, lower is poorer.

    `area` is urban or rural, empty where the registry does not say.
    """

    rsu_status: RsuStatus
    size: int
    index: Decimal | None = None
    index_date: date | None = None
    registered_on: date | None = None
    area: str = ""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A programme (its key, as in `actions/programmes`) that a household was accepted in."""

    programme: str
    status: EnrolmentStatus
    since: date


@dataclass(frozen=True, slots=True)
class CodeSent:
    """A one-time code is on its way; `masked_phone` shows the last digits of the number at most.

    `transaction` is the name to confirm it under, which need not be the one it was asked under.
    """

    masked_phone: str
    transaction: str


@dataclass(frozen=True, slots=True)
class CodeChecked:
    """What a code is worth, and how far the number it went to can be relied on."""

    verdict: CodeVerdict
    standing: ContactStanding = ContactStanding.GOOD


class Registry(Protocol):
    """The registry as the actions know it.

    `language` is one of ours (ar, ary, fr, zgh) and tells the registry in what language to write
    what it writes for people.
    """

    def person(self, idcs: str, language: str) -> Person | None:
        """The person an identifier belongs to, or None where the RNP knows nobody by it."""

    def household(self, idcs: str, language: str) -> Household | None:
        """The household a person is registered in, or None where the RSU has none."""

    def registration(self, idcs: str, language: str) -> tuple[Person | None, Household | None]:
        """What `person` and `household` tell, at once."""

    def enrolments(self, idcs: str, language: str) -> tuple[Enrolment, ...]:
        """The programmes a person's household was accepted in, oldest first."""

    def is_enrolled(self, idcs: str, programme: str) -> bool:
        """Whether a person is in a programme (its key) now."""

    def send_code(self, idcs: str, transaction: str) -> CodeSent:
        """Send a one-time code by SMS to the number on file, and to no other.

        `transaction` is the caller's name for this verification: a new code replaces the one sent
        before under it. Raises RegistryRefused with one of the reasons above.
        """

    def confirm_code(self, idcs: str, transaction: str, code: str) -> CodeChecked:
        """Whether a code is the one sent to this person under this transaction; each works once.

        Raises RegistryRefused with UNKNOWN_IDENTIFIER where the RNP knows nobody by the identifier.
        """

    def members(self, idcs: str, language: str) -> tuple[Member, ...]:
        """The household of a person, themselves included, oldest first; empty without a file."""

    def applications(self, idcs: str, language: str) -> tuple[Application, ...]:
        """What a person's household applied for, newest first."""

    def application(self, reference: str, language: str) -> Application | None:
        """An application by its reference, the citizen's or the registry's own."""

    def submit_application(self, application: NewApplication) -> Receipt:
        """Hand in an application; sent again with its key, it is the same one and the same receipt.

        Raises RegistryRefused with one of the reasons above where it is refused for good.
        """

    def submit_document(self, document: NewDocument) -> Receipt:
        """Hand in a document for an application; as `submit_application`, but made once only."""

    def documents(self, application: str) -> tuple[Document, ...]:
        """The documents handed in for an application (the registry's reference), oldest first."""

    def payments(self, idcs: str, language: str) -> tuple[Payment, ...]:
        """The payments of a person's household, the newest month first, those to come included."""

    def covers(self, idcs: str, language: str) -> tuple[Cover, ...]:
        """The health covers a person is known by, ended ones included."""

    def home_office(self, idcs: str, language: str) -> Office | None:
        """The service centre of the home address, which is not a free choice."""

    def offices(self, place: str, language: str) -> tuple[Office, ...]:
        """Offices and mobile units of a commune or region named in words; at most ten."""

    def offices_near(self, latitude: float, longitude: float, language: str) -> tuple[Office, ...]:
        """The five offices and mobile units nearest to a place."""

    def programmes(self, language: str) -> tuple[ProgrammeState, ...]:
        """The registry's catalogue: which programmes can be applied for now."""

    def slots(self, office: str) -> tuple[Slot, ...]:
        """The free appointments at an office (its code), soonest first; at most ten."""

    def submit_complaint(self, complaint: NewComplaint) -> Receipt:
        """Hand in a complaint; as `submit_application`."""

    def complaint(self, reference: str, language: str) -> Complaint | None:
        """A complaint by its reference."""

    def complaints(self, idcs: str, language: str) -> tuple[Complaint, ...]:
        """The complaints of a person, newest first."""

    def update_contact(self, idcs: str, change: ContactChange) -> Receipt:
        """Change the phone number or the address on file; as `submit_application`."""

    def subscribe(self, idcs: str, kinds: tuple[EventKind, ...]) -> str:
        """Ask to be told of changes for a person, and return the subscription's code."""

    def unsubscribe(self, subscription: str) -> None:
        """Be told no more; a subscription that has ended already is no error."""
