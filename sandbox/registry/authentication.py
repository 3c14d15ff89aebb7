"""MOSIP's `otp` and `auth` calls: their bodies read, their answers written, the SMS handed over."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import requests
from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from sandbox.registry.data_files import read_data
from sandbox.registry.database import RegistryDatabase
from sandbox.registry.one_time_codes import CodeRefused, OneTimeCodes
from sandbox.registry.tables import Person

_SMS_SECONDS: Final = 1.0
_SENDER: Final = "RSU"
_SEND: Final = "mosip.identity.otp"
_CHECK: Final = "mosip.identity.auth"


class Authentication:
    """The two calls; each answers with HTTP 200 and MOSIP's error code where it refuses."""

    def __init__(self, database: RegistryDatabase, codes: OneTimeCodes, sms_url: str) -> None:
        self._database = database
        self._codes = codes
        self._sms_url = sms_url
        self._http = requests.Session()
        self._http.trust_env = False
        self._words = read_data("code_sms.toml")

    def send_code(self, body: Any) -> dict[str, Any]:
        """Answer `otp`: a code goes to the phone on file."""
        try:
            idcs, transaction = _who(body, _SEND)
            channels = body.get("otpChannel")
            if not isinstance(channels, list) or "phone" not in channels:
                raise CodeRefused("IDA-OTA-008")
            masked = self.send(idcs, transaction)
        except CodeRefused as refused:
            return _answer(body, None, refused.code)
        return _answer(body, {"maskedMobile": masked})

    def send(self, idcs: str, transaction: str) -> str:
        """Send a code to the phone on file, and return its masked number. Raises CodeRefused."""
        with self._database.write() as session:
            person, code = self._codes.make(session, idcs, transaction)
            phone, language = str(person.phone), person.language
        self._deliver(phone, self._words[language].format(code=code))
        return "X" * (len(phone) - 2) + phone[-2:]

    def error_of(self, session: Session, idcs: str, transaction: str, code: str) -> str:
        """An empty text where a code is right, which uses it up; else MOSIP's error code."""
        return self._codes.check(session, idcs, transaction, code)

    def check_code(self, body: Any) -> dict[str, Any]:
        """Answer `auth`: the code is right, or the reason why it is not."""
        try:
            idcs, transaction = _who(body, _CHECK)
            if body.get("consentObtained") is not True:
                raise CodeRefused("IDA-MLC-012")
            request = body.get("request")
            code = request.get("otp") if isinstance(request, dict) else None
            if not isinstance(code, str):
                raise CodeRefused("IDA-MLC-006")
            with self._database.write() as session:
                error = self.error_of(session, idcs, transaction, code)
                person = session.get(Person, idcs)
                standing = person.contact_standing if person else "good"
        except CodeRefused as refused:
            return _answer(body, {"authStatus": False}, refused.code)
        told = {} if error else {"contactStanding": standing}
        return _answer(body, {"authStatus": not error, **told}, error)

    def _deliver(self, phone: str, text: str) -> None:
        if not self._sms_url:
            return
        message = {"from": _SENDER, "to": phone, "text": text}
        try:
            answer = self._http.post(self._sms_url, json=message, timeout=_SMS_SECONDS)
        except requests.RequestException:
            raise CodeRefused("IDA-OTA-002") from None
        if not answer.ok:
            raise CodeRefused("IDA-OTA-002")


def _who(body: Any, operation: str) -> tuple[str, str]:
    """The identifier and the transaction of a call. Raises CodeRefused."""
    if not isinstance(body, dict):
        raise CodeRefused("IDA-MLC-006")
    idcs, transaction, moment = (
        body.get(name) for name in ("individualId", "transactionID", "requestTime")
    )
    if not (isinstance(idcs, str) and isinstance(transaction, str) and isinstance(moment, str)):
        raise CodeRefused("IDA-MLC-006")
    if body.get("id") != operation or body.get("individualIdType") != "UIN":
        raise CodeRefused("IDA-MLC-009")
    if not _is_transaction(transaction):
        raise CodeRefused("IDA-MLC-009")
    try:
        has_zone = datetime.fromisoformat(moment).tzinfo is not None
    except ValueError:
        has_zone = False
    if not has_zone:
        raise CodeRefused("IDA-MLC-001")
    return idcs, transaction


def _is_transaction(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) < 100 and value.isascii()


def _answer(body: Any, response: dict[str, Any] | None, error: str = "") -> dict[str, Any]:
    asked = body if isinstance(body, dict) else {}
    named, transaction = asked.get("id"), asked.get("transactionID")
    answer: dict[str, Any] = {
        "id": named if named in (_SEND, _CHECK) else "",
        "version": "1.0",
        "transactionID": transaction if _is_transaction(transaction) else None,
        "responseTime": datetime.now(UTC).isoformat(timespec="seconds"),
        "errors": [{"errorCode": error, "errorMessage": error}] if error else [],
    }
    if response is not None:
        answer["response"] = response
    return answer


def identity_routes(authentication: Authentication, name: str) -> Blueprint:
    """The routes under `/idauthentication/v1`; whoever registers them guards them."""
    routes = Blueprint(name, __name__, url_prefix="/idauthentication/v1")

    @routes.post("/otp/<misp>/<partner>/<key>")
    def send_code(misp: str, partner: str, key: str) -> ResponseReturnValue:
        return jsonify(authentication.send_code(request.get_json(silent=True)))

    @routes.post("/auth/<misp>/<partner>/<key>")
    def check_code(misp: str, partner: str, key: str) -> ResponseReturnValue:
        return jsonify(authentication.check_code(request.get_json(silent=True)))

    return routes
