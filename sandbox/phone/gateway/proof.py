"""How a gateway proves that a call is its own, where that is no mere value in the call."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from dataclasses import replace

from sandbox.phone.gateway.request import Request
from sandbox.phone.gateway.speech import Speech


def prove(speech: Speech, request: Request, credentials: Mapping[str, str]) -> Request:
    """The request with the headers that its dialect's means ask for."""
    asked = speech.raw.get("authentication", {})
    means, headers = asked.get("means", []), dict(request.headers)
    if "basic" in means:
        pair = f"{credentials['user']}:{credentials['password']}".encode()
        headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
    if "hmac" in means:
        signing = asked.get("hmac", {})
        query = request.url.partition("?")[2].encode()
        signed = request.body if request.method == "POST" else query
        digest = hmac.digest(
            credentials["secret"].encode(), signed, signing.get("algorithm", "sha256")
        )
        is_base64 = signing.get("encoding") == "base64"
        written = base64.b64encode(digest).decode() if is_base64 else digest.hex()
        headers[signing.get("header", "X-Signature")] = signing.get("prefix", "") + written
    return replace(request, headers=headers)
