"""One-time codes in the shapes and error codes of MOSIP's ID authentication (`otp` and `auth`).

The inner `request` of `auth` is sent readable inside TLS. A partner of a real MOSIP encrypts it
with the authority's certificate; that belongs here once a certificate exists.
"""

from __future__ import annotations

from typing import Any, Final

from pydantic import BaseModel, Field, ValidationError

from actions.registry.envelope import now_with_zone
from actions.registry.port import CodeSent, CodeVerdict
from core.errors import RegistryAnswerUnreadable, RegistryRefused

_VERDICTS: Final = {
    "IDA-OTA-003": CodeVerdict.EXPIRED,
    "IDA-OTA-004": CodeVerdict.WRONG,
    "IDA-OTA-005": CodeVerdict.EXPIRED,
    "IDA-OTA-007": CodeVerdict.LOCKED,
}


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


class _Answer(BaseModel):
    transaction: str = Field(alias="transactionID")
    response: _Response | None = None
    errors: list[_Error] | None = None

    def first_error(self) -> str:
        return self.errors[0].code if self.errors else ""


def read_otp_answer(answer: Any, transaction: str) -> CodeSent:
    """That a code was sent. Raises RegistryRefused with MOSIP's code, RegistryAnswerUnreadable."""
    read = _read(answer, transaction)
    if read.first_error():
        raise RegistryRefused(_reason(read.first_error()))
    if read.response is None or not read.response.masked_mobile:
        raise RegistryAnswerUnreadable("neither a masked number nor an error")
    return CodeSent(read.response.masked_mobile)


def read_auth_answer(answer: Any, transaction: str) -> CodeVerdict:
    """What the code was worth. Raises RegistryRefused, RegistryAnswerUnreadable."""
    read = _read(answer, transaction)
    error = read.first_error()
    if error in _VERDICTS:
        return _VERDICTS[error]
    if error:
        raise RegistryRefused(_reason(error))
    if read.response is None or read.response.auth_status is None:
        raise RegistryAnswerUnreadable("neither a verdict nor an error")
    return CodeVerdict.RIGHT if read.response.auth_status else CodeVerdict.WRONG


def _read(answer: Any, transaction: str) -> _Answer:
    try:
        read = _Answer.model_validate(answer)
    except ValidationError:
        raise RegistryAnswerUnreadable("not an answer of the one-time codes") from None
    if read.transaction != transaction:
        raise RegistryAnswerUnreadable("the answer belongs to another transaction")
    return read


def _reason(code: str) -> str:
    return code if code.startswith("IDA-") and len(code) == 11 else "IDA-MLC-007"
