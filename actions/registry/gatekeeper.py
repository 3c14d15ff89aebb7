"""Who is heard at the intake: the registry alone, in time, and each message once.

A message is remembered by its name for as long as it could pass for new. One that is told again
while it is still being taken is to come again; one that was taken is a replay and refused. The same
event in another message is no replay: it is told to a citizen once all the same.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

import orjson
import redis
from pydantic import AwareDatetime, BaseModel, Field

from actions.registry.reading import read_as
from actions.registry.signatures import SignatureWrong, choose_verifier
from actions.settings import IntakeSettings
from core.errors import RegistryAnswerUnreadable, StoreUnavailable

BAD: Final = "err.request.bad"
UNAVAILABLE: Final = "err.service.unavailable"
# While a message is being taken; a process that dies meanwhile leaves it to the next try.
_TAKING_SECONDS: Final = 30
_TAKING, _TAKEN = b"taking", b"taken"


class CallRefused(Exception):
    """A call is not heard: the HTTP status, a code of the standard, and what it was about."""

    def __init__(self, status: int, code: str, about: str = "") -> None:
        self.status = status
        self.code = code
        self.about = about or code
        super().__init__(self.about)


class _Header(BaseModel):
    message_id: str = Field(min_length=1, max_length=99)
    message_ts: AwareDatetime
    sender_id: str | None = None
    is_msg_encrypted: bool = False


class _Envelope(BaseModel):
    header: _Header


class Gatekeeper:
    """Checks calls. Raises SettingsFaulty where signatures are demanded and no key is known."""

    def __init__(self, settings: IntakeSettings, store: redis.Redis) -> None:
        self._shown = f"Bearer {settings.notify_token.get_secret_value()}".encode()
        self._verifier = choose_verifier(settings, settings.notify_signatures)
        self._fresh = settings.notify_fresh_seconds
        self._skew = settings.registry_signature_skew_seconds
        self._store = store

    @contextmanager
    def heard(self, authorization: str, body: bytes) -> Iterator[Any]:
        """The message of a call that may be heard; taken for good once the block ends well.

        Raises CallRefused.
        """
        if not hmac.compare_digest(authorization.encode(), self._shown):
            raise CallRefused(401, "err.request.unauthorized")
        message, header = self._read(body)
        key = f"heard:{self._name(header)}"
        try:
            self._begin(key)
            try:
                yield message
            except (CallRefused, RegistryAnswerUnreadable, StoreUnavailable):
                # It was not taken, so it may come again.
                self._store.delete(key)
                raise
            self._store.set(key, _TAKEN, ex=self._fresh + 2 * self._skew + 1)
        except redis.RedisError:
            raise CallRefused(503, UNAVAILABLE) from None

    def _read(self, body: bytes) -> tuple[Any, _Header]:
        try:
            if self._verifier is not None:
                self._verifier.check(body)
            message = orjson.loads(body)
            header = read_as(_Envelope, message).header
        except SignatureWrong as wrong:
            raise CallRefused(401, wrong.code) from None
        except (ValueError, RecursionError):
            raise CallRefused(400, BAD) from None
        except RegistryAnswerUnreadable as faulty:
            raise CallRefused(400, BAD, str(faulty)) from None
        if header.is_msg_encrypted:
            raise CallRefused(400, "err.encryption.invalid")
        age = (datetime.now(UTC) - header.message_ts).total_seconds()
        if not -self._skew <= age <= self._fresh + self._skew:
            raise CallRefused(400, BAD, "rjct.message_ts.invalid")
        return message, header

    def _begin(self, key: str) -> None:
        if self._store.set(key, _TAKING, ex=_TAKING_SECONDS, nx=True):
            return
        if self._store.get(key) == _TAKEN:
            raise CallRefused(409, BAD, "rjct.message_id.duplicate")
        raise CallRefused(503, UNAVAILABLE)

    @staticmethod
    def _name(header: _Header) -> str:
        told = f"{header.sender_id}|{header.message_id}"
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()
