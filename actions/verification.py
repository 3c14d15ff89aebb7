"""Proving that a citizen is who they say: state, outcomes and rules, apart from the dialogue.

A one-time code goes only to the number the registry holds. On USSD the operator vouches for the
calling number: where it is the number on file, the birth date is the second factor and no code is
asked. An unknown identifier, a wrong birth date and a file without a phone take the same calls, the
same time and give the same outcome. The state lies sealed in Redis under the conversation, with a
time limit; nothing about it stands in the tracker.
"""

from __future__ import annotations

import hmac
import json
import secrets
import time
from dataclasses import asdict, dataclass
from datetime import date
from enum import Enum
from typing import cast

import redis

from actions.attempts import Attempts
from actions.conversation import Conversation
from actions.registry.port import CodeVerdict, Person, Registry
from actions.settings import ActionsSettings
from core.errors import RegistryRefused, RegistryUnavailable, TokenRefused
from core.messages import ChannelKind
from core.privacy import Pseudonyms, Seal

# No identifier begins with 0, so the registry knows nobody of this name; see `_send_nothing`.
_NOBODY = "0000000000"
_NOT_SENT = "IDA-OTA-002"
_TOO_MANY_CODES = ("IDA-OTA-001", "IDA-OTA-006", "IDA-OTA-007", "IDA-MLC-019")


class Outcome(Enum):
    """How a step of a verification ended."""

    VERIFIED = "verified"
    CODE_SENT = "code_sent"
    NOT_MATCHED = "not_matched"
    TOO_MANY = "too_many"
    WRONG_CODE = "wrong_code"
    EXPIRED_CODE = "expired_code"


@dataclass(frozen=True, slots=True)
class State:
    """What is kept between the question for the code and its answer, and once verified.

    A code may be typed in another USSD session than the one that asked for it; verified is only the
    session that gave the proof.
    """

    idcs: str
    transaction: str
    verified_in: str | None = None
    wrong_codes: int = 0


class Verification:
    """Begins, confirms and remembers the verification of a conversation."""

    max_codes = 3

    def __init__(
        self,
        registry: Registry,
        store: redis.Redis,
        seal: Seal,
        pseudonyms: Pseudonyms,
        settings: ActionsSettings,
    ) -> None:
        self._registry = registry
        self._store = store
        self._seal = seal
        self._pseudonyms = pseudonyms
        self.attempts = Attempts(store, settings)
        self._life = settings.verification_life_seconds
        self._floor = settings.verification_floor_seconds

    def begin(self, who: Conversation, idcs: str, birth_date: date) -> Outcome:
        """Compare what a citizen gave with the registry, and send a code where one is needed.

        Raises RegistryUnavailable, RegistryTimeout or RegistryAnswerUnreadable.
        """
        person_key = self._pseudonyms.person(idcs)
        if self.attempts.are_spent(who.number_key, person_key):
            return Outcome.TOO_MANY
        began = time.monotonic()
        person = self._registry.person(idcs, who.language)
        outcome = self._decide(who, idcs, person, birth_date)
        if outcome is Outcome.NOT_MATCHED:
            self.attempts.failed(who.number_key, person_key)
        elif outcome is Outcome.VERIFIED:
            self.attempts.passed(who.number_key, person_key)
        time.sleep(max(0.0, self._floor - (time.monotonic() - began)))
        return outcome

    def confirm(self, who: Conversation, code: str) -> Outcome:
        """Check a one-time code. Raises as `begin` does."""
        state = self._read(who)
        if state is None:
            return Outcome.EXPIRED_CODE
        verdict = self._registry.confirm_code(state.idcs, state.transaction, code)
        person_key = self._pseudonyms.person(state.idcs)
        if verdict is CodeVerdict.RIGHT:
            self.attempts.passed(who.number_key, person_key)
            self._write(who, State(state.idcs, state.transaction, who.session))
            return Outcome.VERIFIED
        if verdict is CodeVerdict.EXPIRED:
            return self._send_code(who, state.idcs, Outcome.EXPIRED_CODE)
        wrong = state.wrong_codes + 1
        self.attempts.failed(who.number_key, person_key)
        if verdict is CodeVerdict.LOCKED or wrong >= self.max_codes:
            self.forget(who)
            return Outcome.TOO_MANY
        self._write(who, State(state.idcs, state.transaction, None, wrong))
        return Outcome.WRONG_CODE

    def codes_left(self, who: Conversation) -> int:
        """How many more codes may be tried."""
        state = self._read(who)
        return self.max_codes - state.wrong_codes if state else 0

    def is_pending(self, who: Conversation) -> bool:
        """True while a code that was sent may still be typed."""
        state = self._read(who)
        return state is not None and state.verified_in is None

    def verified_idcs(self, who: Conversation) -> str | None:
        """The identifier of the verified citizen, or None where nobody is verified any more.

        Who goes on asking stays verified: the time runs from the last question.
        """
        state = self._read(who)
        if state is None or state.verified_in != who.session:
            return None
        self._store.expire(self._key(who), self._life)
        return state.idcs

    def forget(self, who: Conversation) -> None:
        """End the verification: nothing of a person is shown before a new one."""
        self._store.delete(self._key(who))

    def _decide(
        self, who: Conversation, idcs: str, person: Person | None, birth_date: date
    ) -> Outcome:
        on_file = person.birth_date.isoformat() if person else ""
        same_date = hmac.compare_digest(on_file, birth_date.isoformat())
        phone = person.phone if person else None
        if not (person and same_date and phone):
            self._send_nothing()
            return Outcome.NOT_MATCHED
        calling = hmac.compare_digest(self._pseudonyms.number(phone), who.number_key)
        if calling and who.kind is ChannelKind.USSD:
            self._write(who, State(idcs, "", who.session))
            return Outcome.VERIFIED
        return self._send_code(who, idcs, Outcome.CODE_SENT)

    def _send_code(self, who: Conversation, idcs: str, sent: Outcome) -> Outcome:
        transaction = secrets.token_hex(5)
        try:
            self._registry.send_code(idcs, transaction)
        except RegistryRefused as refused:
            if refused.reason == _NOT_SENT:
                raise RegistryUnavailable("the code could not be sent") from None
            self.forget(who)
            return Outcome.TOO_MANY if refused.reason in _TOO_MANY_CODES else Outcome.NOT_MATCHED
        self._write(who, State(idcs, transaction))
        return sent

    def _send_nothing(self) -> None:
        """Make the call that a match would have made, so that the time tells nothing."""
        try:
            self._registry.send_code(_NOBODY, secrets.token_hex(5))
        except RegistryRefused:
            return

    def _read(self, who: Conversation) -> State | None:
        sealed = cast("bytes | None", self._store.get(self._key(who)))
        if sealed is None:
            return None
        try:
            return State(**json.loads(self._seal.open(sealed, self._key(who))))
        except TokenRefused:
            return None

    def _write(self, who: Conversation, state: State) -> None:
        value = json.dumps(asdict(state)).encode()
        self._store.set(self._key(who), self._seal.close(value, self._key(who)), ex=self._life)

    @staticmethod
    def _key(who: Conversation) -> str:
        return f"verification:{who.identity}"
