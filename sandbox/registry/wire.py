"""Reading the messages of a call and writing its answer: signature, envelope, once only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from sandbox.registry.database import RegistryDatabase
from sandbox.registry.envelope import (
    BAD,
    Asked,
    MessageRefused,
    RequestRefused,
    read_message,
    refusal,
)
from sandbox.registry.inbox import accept
from sandbox.registry.outgoing import Poster
from sandbox.registry.signatures import Signatures


@dataclass(frozen=True, slots=True)
class Wire:
    """What the routes of messages share."""

    database: RegistryDatabase
    signatures: Signatures
    poster: Poster
    later_seconds: float
    demands_encryption: bool = False

    def read(self, action: str, requests: str) -> tuple[Asked, dict[str, Any]]:
        """The message of this call. Raises MessageRefused."""
        if not request.is_json:
            raise MessageRefused("err.request.bad")
        body: Any = request.get_json(silent=True)
        asked = read_message(body, action, requests)
        if self.demands_encryption:
            # Nobody has agreed on a way, so there is no message that would do.
            raise MessageRefused("err.encryption.invalid")
        self.signatures.check(body)
        return asked, body

    def keep(
        self,
        session: Session,
        asked: Asked,
        requests: str,
        body: dict[str, Any],
        after_seconds: float = 0.0,
        is_queued: bool = False,
    ) -> str:
        """Keep the message, and return our name for it. Raises MessageRefused."""
        return accept(session, asked, requests, body, after_seconds, is_queued)

    def answer(self, message: dict[str, Any]) -> ResponseReturnValue:
        """A message, signed where that is asked for."""
        return jsonify(self.signatures.sign(message))


def refused_by_http(fault: MessageRefused | RequestRefused) -> ResponseReturnValue:
    """The refusal of a call that is not looked into."""
    code = fault.error if isinstance(fault, MessageRefused) else BAD
    return jsonify(refusal(code, fault.code)), 400
