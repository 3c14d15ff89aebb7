"""SPDCI v1.0.0 messages: writing the request, and trusting an answer only if it fits it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

from pydantic import BaseModel, Field

from actions.registry.reading import read_as
from core.errors import RegistryAnswerUnreadable, RegistryRefused
from locales.languages import languages

VERSION: Final = "1.0.0"
SOCIAL: Final = "ns:org:RegistryType:Social"
BENEFICIARY: Final = "ns:org:RegistryType:IBR"
_LOCALES: Final = {code: language.spdci for code, language in languages().items()}
_LANGUAGES: Final = {locale: language for language, locale in _LOCALES.items()}
_PURPOSES: Final = {
    "Member": "identity-check",
    "Group": "status-check",
    "Beneficiary": "enrolment-check",
}

RecordType = Literal["Member", "Group", "Beneficiary"]


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


def write_header(action: str, parties: Parties, count: int = 1) -> dict[str, Any]:
    """The header of a message that we send, which holds `count` requests."""
    header: dict[str, Any] = {
        "version": VERSION,
        "message_id": str(uuid.uuid4()),
        "message_ts": now_with_zone(),
        "action": action,
        "sender_id": parties.sender,
        "receiver_id": parties.receiver,
        "total_count": count,
        "is_msg_encrypted": False,
    }
    return header | ({"sender_uri": parties.sender_uri} if parties.sender_uri else {})


def write_search(
    idcs: str, registry: str, record: RecordType, language: str, parties: Parties
) -> dict[str, Any]:
    """A search for the records of one person, under a transaction of its own."""
    now = now_with_zone()
    criteria: dict[str, Any] = {
        "version": VERSION,
        "reg_type": registry,
        "reg_record_type": record,
        "query_type": "idtype-value",
        "query": {"type": "UIN", "value": idcs},
        "pagination": {"page_size": 50 if record == "Beneficiary" else 2, "page_number": 1},
        "consent": {
            "@type": "Consent",
            "ts": now,
            "purpose": {"text": "asked by the person concerned", "code": _PURPOSES[record]},
        },
    }
    if record != "Beneficiary":
        criteria["response_entity"] = record
    return {
        "header": write_header("search", parties),
        "message": {
            "transaction_id": str(uuid.uuid4()),
            "search_request": [
                {
                    "reference_id": str(uuid.uuid4()),
                    "timestamp": now,
                    "search_criteria": criteria,
                    "locale": locale_of(language),
                }
            ],
        },
    }


class _Header(BaseModel):
    action: Literal["on-search"]
    status: Literal["rcvd", "pdng", "succ", "rjct"]
    status_reason_code: str | None = None
    is_msg_encrypted: bool = False


class _Data(BaseModel):
    reg_type: str | None = None
    reg_record_type: str | None = None
    reg_records: list[dict[str, Any]]


class _Result(BaseModel):
    reference_id: str
    status: Literal["rcvd", "pdng", "succ", "rjct"]
    status_reason_code: str | None = None
    data: _Data | None = None


class _Message(BaseModel):
    transaction_id: str
    correlation_id: str = Field(min_length=1, max_length=99)
    search_response: list[_Result]


class _Answer(BaseModel):
    header: _Header
    message: _Message


def read_records(request: dict[str, Any], answer: Any) -> list[dict[str, Any]]:
    """The records of an answer, once it is proven to answer this very request.

    Raises RegistryRefused with the registry's reason code, or RegistryAnswerUnreadable.
    """
    read = read_as(_Answer, answer)
    asked = request["message"]
    criteria = asked["search_request"][0]["search_criteria"]
    if read.header.is_msg_encrypted:
        raise RegistryAnswerUnreadable("the answer is encrypted")
    if read.message.transaction_id != asked["transaction_id"]:
        raise RegistryAnswerUnreadable("the answer belongs to another transaction")
    if not read.message.search_response and read.header.status == "rjct":
        raise RegistryRefused(reason_of(read.header.status_reason_code))
    if len(read.message.search_response) != 1:
        raise RegistryAnswerUnreadable("one request, and not one answer")
    result = read.message.search_response[0]
    if result.reference_id != asked["search_request"][0]["reference_id"]:
        raise RegistryAnswerUnreadable("the answer belongs to another request")
    if result.status == "rjct" or read.header.status == "rjct":
        raise RegistryRefused(
            reason_of(result.status_reason_code or read.header.status_reason_code)
        )
    if result.status != "succ" or read.header.status != "succ" or result.data is None:
        raise RegistryAnswerUnreadable("the answer is not final")
    if result.data.reg_record_type not in (None, criteria["reg_record_type"]):
        raise RegistryAnswerUnreadable("records of another type")
    return result.data.reg_records


def reason_of(code: str | None) -> str:
    """A reason code as the standard writes them; anything else might quote a person's data."""
    return code if code and code.isascii() and code.startswith("rjct.") else "rjct.unknown"
