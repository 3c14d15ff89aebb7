"""An eSignet for one person: it keeps to the flow, and refuses whoever does not."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, request

from tests.contract.registry.people import FATIMA

# What the service sends, letter for letter: the hash is over this.
_BEGUN = (
    '{"transactionId":"%s","logoUrl":"https://e.example/x.png","clientName":{"ara":"\u062a\u0648\u064a\u0632\u0629"},'
    '"authFactors":[[{"type":"OTP","count":0}]],"essentialClaims":[]}'
)


@dataclass
class Esignet:
    """What was sent, and what it is told to refuse with: `sending` or `checking`, a code."""

    sending: str = ""
    checking: str = ""
    sent: list[str] = field(default_factory=list)
    begun: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)

    def app(self) -> Flask:
        """The service under its usual path."""
        app = Flask("esignet")

        @app.post("/oauth2/client/token")
        def token() -> dict[str, Any]:
            return {"access_token": "token", "token_type": "Bearer", "expires_in": 600}

        @app.post("/v1/esignet/authorization/v3/oauth-details")
        def begin() -> Response | dict[str, Any]:
            if not self._is_guarded():
                return _refused("invalid_request")
            name = secrets.token_urlsafe(32)
            told = _BEGUN % name
            hashed = hashlib.sha256(told.encode()).digest()
            self.begun[name] = base64.urlsafe_b64encode(hashed).rstrip(b"=").decode()
            return Response(
                f'{{"responseTime":"2026-11-02T08:00:00.000Z","response":{told},"errors":null}}',
                content_type="application/json",
            )

        @app.post("/v1/esignet/authorization/send-otp")
        def send() -> dict[str, Any]:
            asked = request.get_json()["request"]
            name = asked["transactionId"]
            if not self._is_bound(name):
                return _refused("invalid_transaction")
            if self.sending:
                return _refused(self.sending)
            if asked["individualId"] != FATIMA:
                return _refused("IDA-MLC-018")
            self.codes[name] = f"{secrets.randbelow(10**6):06d}"
            self.sent.append(self.codes[name])
            return _told({"transactionId": name, "maskedMobile": "XXXXXXX01", "maskedEmail": "X@X"})

        @app.post("/v1/esignet/authorization/v3/authenticate")
        def check() -> dict[str, Any]:
            asked = request.get_json()["request"]
            name, [challenge] = asked["transactionId"], asked["challengeList"]
            if not self._is_bound(name):
                return _refused("invalid_transaction")
            if self.checking:
                return _refused(self.checking)
            if challenge["challenge"] != self.codes.get(name):
                return _refused("auth_failed")
            del self.begun[name]
            return _told({"transactionId": name, "consentAction": "NOCAPTURE"})

        return app

    def _is_guarded(self) -> bool:
        shown = request.headers.get("X-XSRF-TOKEN", "")
        return bool(shown) and shown == request.cookies.get("XSRF-TOKEN")

    def _is_bound(self, name: str) -> bool:
        headers = request.headers
        is_this = headers.get("oauth-details-key") == name
        is_whole = headers.get("oauth-details-hash") == self.begun.get(name)
        return self._is_guarded() and is_this and is_whole


def _told(response: dict[str, Any]) -> dict[str, Any]:
    return {"responseTime": "2026-11-02T08:00:00.000Z", "response": response, "errors": []}


def _refused(code: str) -> dict[str, Any]:
    return {"responseTime": "", "errors": [{"errorCode": code, "errorMessage": code}]}
