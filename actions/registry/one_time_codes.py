"""One-time codes in the shapes of MOSIP's ID authentication (`otp` and `auth`).

The inner `request` of `auth` is sent readable inside TLS. A partner of a real MOSIP encrypts it
with the authority's certificate; that belongs here once a certificate exists.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, Field, ValidationError

from actions.registry.calls import Call
from actions.registry.code_errors import checking_fault, sending_fault, verdict_of
from actions.registry.envelope import now_with_zone
from actions.registry.port import CodeChecked, CodeSent, CodeVerdict, ContactStanding
from actions.registry.settings import RegistrySettings
from actions.registry.transport import Transport
from core.errors import RegistryAnswerUnreadable

T = TypeVar("T")
SEND = "codes.send"
CHECK = "codes.check"


class Codes(Protocol):
    """How codes are sent and checked; see `port.Registry`."""

    def send(self, idcs: str, transaction: str) -> CodeSent:
        """Send one to the number on file."""

    def check(self, idcs: str, transaction: str, code: str) -> CodeChecked:
        """What one is worth."""


class IdaCodes:
    """Codes by ID authentication; a code is sent and checked by one call each, never repeated."""

    def __init__(self, settings: RegistrySettings, transport: Transport) -> None:
        self._root = settings.registry_code_path
        self._partner = settings.registry_partner_path.get_secret_value().strip("/")
        self._transport = transport

    def send(self, idcs: str, transaction: str) -> CodeSent:
        """See `Codes`."""
        return self._ask(
            SEND,
            f"{self._root}/otp/{self._partner}",
            lambda: write_otp_request(idcs, transaction),
            lambda answer: read_otp_answer(answer, transaction),
        )

    def check(self, idcs: str, transaction: str, code: str) -> CodeChecked:
        """See `Codes`."""
        return self._ask(
            CHECK,
            f"{self._root}/auth/{self._partner}",
            lambda: write_auth_request(idcs, transaction, code),
            lambda answer: read_auth_answer(answer, transaction),
        )

    def _ask(
        self,
        operation: str,
        path: str,
        write: Callable[[], dict[str, Any]],
        read: Callable[[Any], T],
    ) -> T:
        call = Call(operation, path, write)
        return self._transport.call(call, lambda answer: read(answer.json()))


def write_otp_request(idcs: str, transaction: str) -> dict[str, Any]:
    """A request to send a code to the phone on file."""
    return {
        "id": "mosip.identity.otp",
        "version": "1.0",
        "individualId": idcs,
        "individualIdType": "UIN",
        "transactionID": transaction,
        "requestTime": now_with_zone(),
        "otpChannel": ["phone"],
        "metadata": {},
    }


def write_auth_request(idcs: str, transaction: str, code: str) -> dict[str, Any]:
    """A request to check a code; asked by the person, whose consent was recorded before."""
    now = now_with_zone()
    return {
        "id": "mosip.identity.auth",
        "version": "1.0",
        "individualId": idcs,
        "individualIdType": "UIN",
        "transactionID": transaction,
        "requestTime": now,
        "consentObtained": True,
        "request": {"otp": code, "timestamp": now},
        "metadata": {},
    }


class _Error(BaseModel):
    code: str = Field(alias="errorCode")


class _Response(BaseModel):
    masked_mobile: str | None = Field(None, alias="maskedMobile")
    auth_status: bool | None = Field(None, alias="authStatus")
    standing: ContactStanding = Field(ContactStanding.GOOD, alias="contactStanding")


class _Answer(BaseModel):
    transaction: str = Field(alias="transactionID")
    response: _Response | None = None
    errors: list[_Error] | None = None

    def first_error(self) -> str:
        return self.errors[0].code if self.errors else ""


def read_otp_answer(answer: Any, transaction: str) -> CodeSent:
    """That a code was sent. Raises what a refusal is to us, or RegistryAnswerUnreadable."""
    read = _read(answer, transaction)
    if read.first_error():
        raise sending_fault(read.first_error())
    if read.response is None or not read.response.masked_mobile:
        raise RegistryAnswerUnreadable("neither a masked number nor an error")
    return CodeSent(read.response.masked_mobile, transaction)


def read_auth_answer(answer: Any, transaction: str) -> CodeChecked:
    """What the code was worth. Raises what a refusal is to us, or RegistryAnswerUnreadable."""
    read = _read(answer, transaction)
    error = read.first_error()
    verdict = verdict_of(error)
    if verdict is not None:
        return CodeChecked(verdict)
    if error:
        raise checking_fault(error)
    if read.response is None or read.response.auth_status is None:
        raise RegistryAnswerUnreadable("neither a verdict nor an error")
    is_right = read.response.auth_status
    return CodeChecked(CodeVerdict.RIGHT if is_right else CodeVerdict.WRONG, read.response.standing)


def _read(answer: Any, transaction: str) -> _Answer:
    try:
        read = _Answer.model_validate(answer)
    except ValidationError:
        raise RegistryAnswerUnreadable("not an answer of the one-time codes") from None
    if read.transaction != transaction:
        raise RegistryAnswerUnreadable("the answer belongs to another transaction")
    return read
