"""Entry in the RNP by MOSIP's pre-registration: announced, then booked, under one key.

MOSIP knows no idempotency key. What was announced under a key is kept in Redis, so that a second
try books and does not announce again. Where the answer to the announcement itself got lost, it is
made twice: what is announced and never booked lapses there by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, Final, cast
from urllib.parse import quote

import redis

from actions.registry import preregistration_messages as messages
from actions.registry.calls import Call
from actions.registry.settings import RegistrySettings
from actions.registry.shapes import (
    Application,
    ApplicationState,
    NewApplication,
    Receipt,
    RefusalReason,
    Slot,
)
from actions.registry.transport import Transport
from core.errors import RegistryUnavailable, SettingsFaulty

RNP: Final = "rnp"
_KEPT_SECONDS: Final = 90 * 86_400
_AT_MOST: Final = 10


class PreRegistration:
    """Announces, books and follows, behind the port's operations for applications and slots."""

    def __init__(
        self,
        settings: RegistrySettings,
        transport: Transport,
        store: redis.Redis | None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        if store is None:
            raise SettingsFaulty(["TWIZA_REGISTRY_PREREGISTRATION: mosip needs a Redis"])
        self._root = settings.registry_preregistration_path
        self._transport = transport
        self._store = store
        self._clock = clock

    def slots(self, office: str) -> tuple[Slot, ...]:
        """The free appointments at a centre, soonest first; at most ten."""
        path = f"{self._root}/applications/appointment/availability/{quote(office, safe='')}"
        call = Call("appointments.search", path, is_repeatable=True)
        now = self._clock()
        return self._transport.call(
            call, lambda answer: messages.read_slots(answer.json(), office, now)[:_AT_MOST]
        )

    def submit(self, application: NewApplication) -> Receipt:
        """Announce somebody and book the appointment among the answers."""
        number = self._announced(application.idempotency_key)
        if number is None:
            written = messages.write_new(application)
            read = messages.read_created
            number = str(self._post("handed_in.announce", "applications", written, read))
            self._keep(application.idempotency_key, number)
        slot = application.answers.get("appointment")
        if slot:
            booking = messages.write_booking(number, slot)
            self._post("handed_in.book", "applications/appointment", booking, messages.read_booked)
        return Receipt(number)

    def application(self, reference: str) -> Application | None:
        """How far what was announced here is, by the number it got there."""
        announced = self._announced_on(reference)
        if announced is None:
            return None
        path = f"{self._root}/applications/status/{quote(reference, safe='')}"
        call = Call("appointments.status", path, is_repeatable=True)
        state = self._transport.call(
            call, lambda answer: messages.read_state(answer.json(), reference)
        )
        reason = RefusalReason.OTHER if state is ApplicationState.REFUSED else None
        return Application(reference, RNP, state, announced, announced, reason=reason)

    def _post(
        self, operation: str, what: str, message: dict[str, Any], read: Callable[[Any], Any]
    ) -> Any:
        call = Call(operation, f"{self._root}/{what}", lambda: message)
        return self._transport.call(call, lambda answer: read(answer.json()))

    def _announced(self, key: str) -> str | None:
        kept = self._read(f"announced-as:{key}")
        return kept.decode() if kept else None

    def _announced_on(self, number: str) -> date | None:
        kept = self._read(f"announced:{number}") if number else None
        return date.fromisoformat(kept.decode()) if kept else None

    def _keep(self, key: str, number: str) -> None:
        today = self._clock().date().isoformat()
        try:
            self._store.set(f"announced:{number}", today, ex=_KEPT_SECONDS)
            self._store.set(f"announced-as:{key}", number, ex=_KEPT_SECONDS)
        except redis.RedisError:
            raise RegistryUnavailable("what was announced could not be noted") from None

    def _read(self, key: str) -> bytes | None:
        try:
            return cast("bytes | None", self._store.get(key))
        except redis.RedisError:
            raise RegistryUnavailable("what was announced cannot be looked up") from None
