"""One-time codes through MOSIP's eSignet: a transaction is begun, a code sent in it and checked.

The flow ends at `authenticate`, whose answer is the proof: nothing of the person is read through
eSignet, so no token of theirs is fetched. What binds the three calls (the transaction's name and
hash, a token against forged calls) travels with the caller as the name of its transaction, so that
any process can check the code.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from pydantic import BaseModel, Field

from actions.registry.calls import Call
from actions.registry.code_errors import checking_fault, sending_fault, verdict_of
from actions.registry.one_time_codes import CHECK, SEND
from actions.registry.port import CodeChecked, CodeSent, CodeVerdict
from actions.registry.reading import read_as
from actions.registry.settings import RegistrySettings
from actions.registry.transport import Transport
from core.errors import RegistryAnswerUnreadable

T = TypeVar("T")
_CODES_BY_SMS: Final = "mosip:idp:acr:generated-code"
# Between the parts of the name of a transaction; none of them holds it.
_BETWEEN: Final = "|"


class EsignetCodes:
    """Codes by eSignet, as `actions.registry.one_time_codes.Codes`."""

    def __init__(self, settings: RegistrySettings, transport: Transport) -> None:
        self._root = settings.registry_esignet_path
        self._client = settings.registry_esignet_client
        self._redirect = settings.registry_esignet_redirect_url
        self._transport = transport

    def send(self, idcs: str, transaction: str) -> CodeSent:
        """Begin a transaction and have a code sent in it; `transaction` is its nonce."""
        xsrf = secrets.token_urlsafe(16)
        begun = self._ask(
            "codes.begin", "v3/oauth-details", self._begin(transaction), _guards(xsrf), _read_begun
        )
        name = _BETWEEN.join((begun.name, begun.digest, xsrf))
        request = {"transactionId": begun.name, "individualId": idcs, "otpChannels": ["phone"]}
        phone = self._ask(SEND, "send-otp", request, _headers(name), _read_sent)
        return CodeSent(phone, name)

    def check(self, idcs: str, transaction: str, code: str) -> CodeChecked:
        """Check a code under the transaction that `send` named."""
        parts = transaction.split(_BETWEEN)
        if len(parts) != 3:
            return CodeChecked(CodeVerdict.EXPIRED)
        challenge = {"authFactorType": "OTP", "challenge": code, "format": "alpha-numeric"}
        request = {"transactionId": parts[0], "individualId": idcs, "challengeList": [challenge]}
        verdict = self._ask(
            CHECK,
            "v3/authenticate",
            request,
            _headers(transaction),
            lambda answer: _read_verdict(answer, parts[0]),
        )
        return CodeChecked(verdict)

    def _begin(self, nonce: str) -> dict[str, Any]:
        return {
            "scope": "openid",
            "responseType": "code",
            "clientId": self._client,
            "redirectUri": self._redirect,
            "acrValues": _CODES_BY_SMS,
            "nonce": nonce,
            "state": secrets.token_urlsafe(16),
        }

    def _ask(
        self,
        operation: str,
        what: str,
        request: Mapping[str, Any],
        headers: Mapping[str, str],
        read: Callable[[Any], T],
    ) -> T:
        def write() -> dict[str, Any]:
            return {"requestTime": _now(), "request": request}

        call = Call(operation, f"{self._root}/authorization/{what}", write, headers)
        return self._transport.call(call, lambda answer: read(answer.json()))


class _Error(BaseModel):
    code: str = Field(alias="errorCode")


class _Answer(BaseModel):
    response: dict[str, Any] | None = None
    errors: list[_Error] | None = None

    def first_error(self) -> str:
        return self.errors[0].code if self.errors else ""


class _Begun(BaseModel):
    name: str = Field(alias="transactionId", min_length=1, pattern=r"^[^|\r\n]+$")
    digest: str = ""


def _read_begun(answer: Any) -> _Begun:
    read = read_as(_Answer, answer)
    if read.first_error():
        # It is about our client, never about a person.
        raise checking_fault(read.first_error())
    begun = read_as(_Begun, read.response)
    written = json.dumps(read.response, separators=(",", ":"), ensure_ascii=False, default=str)
    hashed = base64.urlsafe_b64encode(hashlib.sha256(written.encode()).digest())
    return begun.model_copy(update={"digest": hashed.rstrip(b"=").decode()})


def _read_sent(answer: Any) -> str:
    read = read_as(_Answer, answer)
    if read.first_error():
        raise sending_fault(read.first_error())
    phone = (read.response or {}).get("maskedMobile")
    if not isinstance(phone, str) or not phone:
        raise RegistryAnswerUnreadable("neither a masked number nor an error")
    return phone


def _read_verdict(answer: Any, transaction: str) -> CodeVerdict:
    read = read_as(_Answer, answer)
    verdict = verdict_of(read.first_error())
    if verdict is not None:
        return verdict
    if read.first_error():
        raise checking_fault(read.first_error())
    if read.response is None or read.response.get("transactionId") != transaction:
        raise RegistryAnswerUnreadable("the answer belongs to another transaction")
    return CodeVerdict.RIGHT


def _headers(transaction: str) -> dict[str, str]:
    name, hashed, xsrf = transaction.split(_BETWEEN)
    return {"oauth-details-key": name, "oauth-details-hash": hashed, **_guards(xsrf)}


def _guards(xsrf: str) -> dict[str, str]:
    return {"X-XSRF-TOKEN": xsrf, "Cookie": f"XSRF-TOKEN={xsrf}"}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
