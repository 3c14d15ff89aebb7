"""What anybody may ask of the registry: its health, a token, its public keys, its places."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from sandbox.registry.access import Access, TokenRefused
from sandbox.registry.offices import all_offices
from sandbox.registry.signatures import Signatures


def open_routes(access: Access, signatures: Signatures, name: str) -> Blueprint:
    """The routes that need no token."""
    routes = Blueprint(name, __name__)

    @routes.get("/health")
    def health() -> ResponseReturnValue:
        return jsonify(status="ok")

    @routes.post("/oauth2/client/token")
    def token() -> ResponseReturnValue:
        try:
            given = access.token(_form())
        except TokenRefused as refused:
            status = 401 if refused.error == "invalid_client" else 400
            return jsonify(error=refused.error), status
        answer = jsonify(given)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @routes.get("/.well-known/jwks.json")
    def keys() -> ResponseReturnValue:
        return jsonify(signatures.jwks())

    @routes.get("/.well-known/locations.json")
    def locations() -> ResponseReturnValue:
        known = sorted(all_offices().values(), key=lambda office: office.code)
        regions = {office.region[0]: office.region[1] for office in known}
        told = [
            {"code": region, "name": {"fra": region, "ara": arabic}, "level": "region"}
            for region, arabic in regions.items()
        ]
        communes = {office.commune[0]: office for office in known}
        told += [
            {
                "code": commune,
                "name": {"fra": commune, "ara": office.commune[1]},
                "level": "commune",
                "within": office.region[0],
            }
            for commune, office in communes.items()
        ]
        return jsonify(locations=told)

    return routes


def _form() -> Mapping[str, str]:
    """The form of a call, with the client where HTTP's own authentication names it."""
    scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return request.form
    try:
        client, _, secret = base64.b64decode(shown).decode().partition(":")
    except (ValueError, binascii.Error):
        return request.form
    return {**request.form, "client_id": client, "client_secret": secret}
