"""eSignet of MOSIP: a transaction, a code sent in it and checked, and what OpenID gives for it.

Two headers bind a call to its transaction: its name, and the digest of the answer that began it. A
cookie that the caller repeats as a header keeps forged calls out.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

import jwt
from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from sandbox.registry.authentication import Authentication
from sandbox.registry.database import RegistryDatabase
from sandbox.registry.identity_tables import EsignetTransaction
from sandbox.registry.one_time_codes import CodeRefused
from sandbox.registry.signatures import KEY_ID, Signatures

_LIFE_SECONDS: Final = 600
_ACR: Final = "mosip:idp:acr:generated-code"
_BEGIN: Final = ("clientId", "redirectUri", "nonce", "state")


class Refused(Exception):
    """A call is refused; `code` is eSignet's."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def esignet_routes(
    database: RegistryDatabase,
    authentication: Authentication,
    signatures: Signatures,
    client: str,
    name: str,
) -> Blueprint:
    """The routes under `/v1/esignet`; whoever registers them guards them."""
    routes = Blueprint(name, __name__, url_prefix="/v1/esignet")

    def answered(work: Callable[[dict[str, Any]], dict[str, Any]]) -> ResponseReturnValue:
        try:
            _check_origin()
            return _answer(work(_request(request.get_json(silent=True))))
        except (Refused, CodeRefused) as refused:
            return _answer(None, refused.code)

    @routes.post("/authorization/v3/oauth-details")
    def begin() -> ResponseReturnValue:
        def work(asked: dict[str, Any]) -> dict[str, Any]:
            if asked.get("clientId") != client:
                raise Refused("invalid_client_id")
            if asked.get("scope") != "openid" or asked.get("responseType") != "code":
                raise Refused("invalid_scope")
            if asked.get("acrValues") != _ACR:
                raise Refused("no_acr_registered")
            if not all(isinstance(asked.get(one), str) and asked[one] for one in _BEGIN):
                raise Refused("invalid_request")
            told = {
                "transactionId": secrets.token_urlsafe(24),
                "authFactors": [[{"type": "OTP", "count": 0}]],
                "essentialClaims": [],
                "voluntaryClaims": [],
            }
            row = {"nonce": asked["nonce"][:200], "redirect": asked["redirectUri"][:500]}
            with database.write() as session:
                name, digest = str(told["transactionId"]), _digest(told)
                session.add(
                    EsignetTransaction(name=name, digest=digest, began_at=time.time(), **row)
                )
            return told

        return answered(work)

    @routes.post("/authorization/send-otp")
    def send() -> ResponseReturnValue:
        def work(asked: dict[str, Any]) -> dict[str, Any]:
            with database.read() as session:
                found = _bound(session, asked)
            if asked.get("otpChannels") != ["phone"]:
                raise Refused("invalid_otp_channel")
            try:
                masked = authentication.send(_identifier(asked), found.name)
            except CodeRefused as refused:
                raise Refused(_SENDING.get(refused.code, refused.code)) from None
            return {"transactionId": found.name, "maskedMobile": masked}

        return answered(work)

    @routes.post("/authorization/v3/authenticate")
    def check() -> ResponseReturnValue:
        def work(asked: dict[str, Any]) -> dict[str, Any]:
            with database.write() as session:
                found, idcs = _bound(session, asked), _identifier(asked)
                error = authentication.error_of(session, idcs, found.name, _challenge(asked))
                found.proven = "" if error else idcs
            if error:
                raise Refused(_CHECKING.get(error, error))
            return {"transactionId": asked["transactionId"], "consentAction": "NOCAPTURE"}

        return answered(work)

    @routes.post("/authorization/auth-code")
    def grant() -> ResponseReturnValue:
        def work(asked: dict[str, Any]) -> dict[str, Any]:
            with database.write() as session:
                found = _bound(session, asked)
                if not found.proven:
                    raise Refused("invalid_transaction")
                found.grant = secrets.token_urlsafe(24)
                return {"code": found.grant, "redirectUri": found.redirect, "nonce": found.nonce}

        return answered(work)

    @routes.post("/oauth/v2/token")
    def token() -> ResponseReturnValue:
        given = request.form.get("code", "")
        wanted = select(EsignetTransaction).where(EsignetTransaction.grant == given)
        with database.write() as session:
            found = session.scalars(wanted).first() if given else None
            if found is None or request.form.get("grant_type") != "authorization_code":
                return jsonify(error="invalid_grant"), 400
            found.grant = ""
            now = int(time.time())
            claims = {"sub": _pairwise(found.proven, client), "aud": client, "nonce": found.nonce}
            times = {"iss": "sandbox-registry", "iat": now, "exp": now + _LIFE_SECONDS}
        written = jwt.encode(claims | times, signatures.key, "EdDSA", {"kid": KEY_ID})
        return jsonify(id_token=written, token_type="Bearer", expires_in=_LIFE_SECONDS)  # nosec B106

    return routes


_SENDING: Final = {
    "IDA-MLC-018": "invalid_identifier",
    "IDA-OTA-002": "send_otp_failed",
}
_CHECKING: Final = {
    "IDA-MLC-018": "invalid_identifier",
    "IDA-OTA-004": "auth_failed",
}


def _check_origin() -> None:
    """The cookie and the header that repeats it. Raises Refused."""
    shown = request.headers.get("X-XSRF-TOKEN", "")
    if not shown or shown != request.cookies.get("XSRF-TOKEN"):
        raise Refused("invalid_csrf_token")


def _request(body: Any) -> dict[str, Any]:
    asked = body.get("request") if isinstance(body, dict) else None
    if not isinstance(asked, dict) or not _is_moment(body.get("requestTime")):
        raise Refused("invalid_request")
    return asked


def _bound(session: Session, asked: dict[str, Any]) -> EsignetTransaction:
    """The transaction that a call names three times. Raises Refused."""
    name = request.headers.get("oauth-details-key", "")
    found = session.get(EsignetTransaction, name) if name else None
    if found is None or asked.get("transactionId") != name:
        raise Refused("invalid_transaction")
    if request.headers.get("oauth-details-hash") != found.digest:
        raise Refused("invalid_transaction")
    if time.time() > found.began_at + _LIFE_SECONDS:
        raise Refused("invalid_transaction")
    return found


def _identifier(asked: dict[str, Any]) -> str:
    idcs = asked.get("individualId")
    if not isinstance(idcs, str) or not idcs:
        raise Refused("invalid_identifier")
    return idcs


def _challenge(asked: dict[str, Any]) -> str:
    match asked.get("challengeList"):
        case [{"authFactorType": "OTP", "challenge": str(code), "format": "alpha-numeric"}]:
            return code
    raise Refused("invalid_challenge_format")


def _digest(told: dict[str, Any]) -> str:
    written = json.dumps(told, separators=(",", ":"), ensure_ascii=False)
    digest = hashlib.sha256(written.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _pairwise(idcs: str, client: str) -> str:
    """Who somebody is to this client, and to no other."""
    return hashlib.sha256(f"{client}|{idcs}".encode()).hexdigest()


def _is_moment(value: Any) -> bool:
    try:
        return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _answer(told: dict[str, Any] | None, error: str = "") -> ResponseReturnValue:
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    errors = [{"errorCode": error, "errorMessage": error}] if error else []
    whole: dict[str, Any] = {"responseTime": now, "errors": errors}
    whole |= {} if told is None else {"response": told}
    # As it was digested: the order of the names counts.
    return Response(json.dumps(whole, ensure_ascii=False), content_type="application/json")
