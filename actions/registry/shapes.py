"""What the counter's operations ask of the registry and get back: applications, money, offices.

All values are plain and frozen. Words a registry writes for people (an office's hours, an answer to
a complaint) come in the language that was asked for and are shown as they are; everything else is a
code of ours that `locales` has words for. An amount is in dirhams.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the household as its file holds it."""

    idcs: str
    given_name: str
    birth_date: date


class ApplicationState(StrEnum):
    """How far an application is."""

    RECEIVED = "received"
    IN_REVIEW = "in_review"
    DOCUMENTS_MISSING = "documents_missing"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    APPEALED = "appealed"


class RefusalReason(StrEnum):
    """Why an application was refused; the reasons the agencies publish, and OTHER."""

    INDEX_ABOVE_LIMIT = "index_above_limit"
    OTHER_ALLOWANCE = "other_allowance"
    PUBLIC_EMPLOYEE = "public_employee"
    PENSION = "pension"
    DATA_MISMATCH = "data_mismatch"
    DOCUMENTS_MISSING = "documents_missing"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class NewApplication:
    """An application to send. The same `idempotency_key` is never taken twice.

    `idcs` is the declarant, empty where nobody can be verified yet (pre-registration in the RNP);
    `for_idcs` the members it is for, empty for the whole household. `reference` is the one the
    citizen was given; `answers` are by the keys of the programme's questions.
    """

    idempotency_key: str
    reference: str
    programme: str
    idcs: str
    for_idcs: tuple[str, ...]
    answers: dict[str, str]
    language: str
    channel: str
    consent_version: str
    assisted: bool
    given_on: datetime


@dataclass(frozen=True, slots=True)
class Receipt:
    """The registry has it: `reference` is the one it is known by there."""

    reference: str


@dataclass(frozen=True, slots=True)
class Application:
    """An application as the registry holds it.

    `missing` are keys of the programme's documents; `next_by` is the day by which the agency says
    it will have decided, `appeal_by` the last day of the right to appeal.
    """

    reference: str
    programme: str
    state: ApplicationState
    since: date
    given_on: date
    missing: tuple[str, ...] = ()
    reason: RefusalReason | None = None
    next_by: date | None = None
    appeal_by: date | None = None


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A photograph or a PDF to send for an application the registry has (its `reference`).

    The same `idempotency_key` is never taken twice.
    """

    idempotency_key: str
    application: str
    content_type: str
    content: bytes = field(repr=False)
    channel: str
    given_on: datetime


@dataclass(frozen=True, slots=True)
class Document:
    """A document as the registry holds it; `key` is the one it was handed in under."""

    reference: str
    key: str
    content_type: str
    since: date


class PaymentState(StrEnum):
    """What became of a payment."""

    SCHEDULED = "scheduled"
    READY = "ready"
    PAID = "paid"
    FAILED = "failed"
    HELD = "held"


class PaymentReason(StrEnum):
    """Why a payment failed or is held, or why there is none this month."""

    ACCOUNT_INVALID = "account_invalid"
    NOT_COLLECTED = "not_collected"
    DATA_TO_UPDATE = "data_to_update"
    INDEX_ABOVE_LIMIT = "index_above_limit"
    UNDER_REVIEW = "under_review"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment of a programme for a month (its first day).

    `collect_at` is where money waits that was not sent to an account, in the registry's words.
    """

    programme: str
    month: date
    amount: Decimal
    state: PaymentState
    day: date | None = None
    collect_at: str = ""
    collect_by: date | None = None
    reason: PaymentReason | None = None


@dataclass(frozen=True, slots=True)
class Cover:
    """A health cover (a programme's key) as it stands."""

    programme: str
    is_active: bool
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Office:
    """A citizen service centre or a mobile unit; `hours` only where the registry has them.

    `as_of` is when this was true, where the registry could not be asked just now.
    """

    code: str
    name: str
    address: str
    commune: str
    region: str
    hours: str = ""
    phone: str = ""
    is_mobile: bool = False
    days: str = ""
    as_of: datetime | None = None


class Availability(StrEnum):
    """Whether a programme can be applied for: OPEN; not now, CLOSED; never again, ENDED."""

    OPEN = "open"
    CLOSED = "closed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class ProgrammeState:
    """A programme (its key) of the registry's catalogue; `until` is the last day it is so.

    `as_of` is when this was true, where the registry could not be asked just now.
    """

    programme: str
    state: Availability
    until: date | None = None
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """A free appointment at an office."""

    code: str
    begins: datetime


class ComplaintState(StrEnum):
    """How far a complaint is."""

    RECEIVED = "received"
    IN_REVIEW = "in_review"
    ANSWERED = "answered"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class NewComplaint:
    """A complaint or an appeal to send; `about` is a reference or a programme's key, or empty."""

    idempotency_key: str
    reference: str
    category: str
    text: str
    idcs: str
    about: str
    language: str
    channel: str
    given_on: datetime


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint as the registry holds it; `answer` in the registry's words."""

    reference: str
    category: str
    state: ComplaintState
    since: date
    answer: str = ""


@dataclass(frozen=True, slots=True)
class ContactChange:
    """A new way to reach a person; what is empty stays as it is. `phone` is E.164."""

    idempotency_key: str
    phone: str = ""
    address: str = ""


class EventKind(StrEnum):
    """What the registry tells its subscribers about a person."""

    APPLICATION_CHANGED = "application_changed"
    PAYMENT_CHANGED = "payment_changed"
    DOCUMENT_MISSING = "document_missing"
    INDEX_CHANGED = "index_changed"


@dataclass(frozen=True, slots=True)
class RegistryEvent:
    """Something changed for a person; `detail` holds codes of ours (reference, state, ...)."""

    event_id: str
    kind: EventKind
    idcs: str
    programme: str
    happened_on: datetime
    detail: dict[str, str] = field(default_factory=dict)
