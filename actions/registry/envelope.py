"""The envelope of SPDCI and G2P Connect messages: who speaks to whom, when, and about what."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

from pydantic import BaseModel, Field

from actions.registry.reasons import fault_of
from core.errors import RegistryAnswerUnreadable
from locales.languages import languages

VERSION: Final = "1.0.0"
SOCIAL: Final = "ns:org:RegistryType:Social"
BENEFICIARY: Final = "ns:org:RegistryType:IBR"
_LOCALES: Final = {code: language.spdci for code, language in languages().items()}
_LANGUAGES: Final = {locale: language for language, locale in _LOCALES.items()}

RecordType = Literal["Member", "Group", "Beneficiary"]
Status = Literal["rcvd", "pdng", "succ", "rjct"]


@dataclass(frozen=True, slots=True)
class Parties:
    """Who speaks to whom, as the message header names them."""

    sender: str
    receiver: str
    sender_uri: str = ""


def locale_of(language: str) -> str:
    """The three-letter code the wire uses for one of our languages."""
    return _LOCALES[language]


def language_of(locale: str | None) -> str | None:
    """Our language for a three-letter code, or None for one we do not speak."""
    return _LANGUAGES.get(locale or "")


def now_with_zone() -> str:
    """The present as the wire writes it: ISO 8601, with its zone."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def new_name() -> str:
    """A name for a message, a transaction or a request that none had before."""
    return str(uuid.uuid4())


def write_header(action: str, parties: Parties, count: int = 1) -> dict[str, Any]:
    """The header of a message that we send, which holds `count` requests."""
    header: dict[str, Any] = {
        "version": VERSION,
        "message_id": new_name(),
        "message_ts": now_with_zone(),
        "action": action,
        "sender_id": parties.sender,
        "receiver_id": parties.receiver,
        "total_count": count,
        "is_msg_encrypted": False,
    }
    return header | ({"sender_uri": parties.sender_uri} if parties.sender_uri else {})


class AnswerHeader(BaseModel):
    """The header of an answer, as far as it decides something here."""

    action: str
    status: Status
    status_reason_code: str | None = None

    def check(self, action: str) -> None:
        """Raises RegistryAnswerUnreadable for another action, and what a refusal is to us."""
        if self.action != action:
            raise RegistryAnswerUnreadable("faulty: header")
        if self.status == "rjct":
            raise fault_of(self.status_reason_code)


class AnswerMessage(BaseModel):
    """The names by which an answer belongs to what was asked."""

    transaction_id: str
    correlation_id: str = Field(min_length=1, max_length=99)

    def check(self, transaction: str) -> None:
        """Raises RegistryAnswerUnreadable where it answers another transaction."""
        if self.transaction_id != transaction:
            raise RegistryAnswerUnreadable("the answer belongs to another transaction")
