"""Proving that a citizen is who they say: state, outcomes and rules, apart from the dialogue.

A one-time code goes only to the number the registry holds. On USSD the operator vouches for the
calling number: where it is the number on file, the birth date is the second factor and no code is
asked. An unknown identifier, a wrong birth date and a file without a phone take the same calls, the
same time and give the same outcome. The state lies sealed in Redis under the conversation, with a
time limit; nothing about it stands in the tracker.

Where the registry says that the number on file cannot be relied on (its SIM was exchanged, it is
somebody else's), nobody is verified without a code, and whoever is verified is doubtful: the topics
show them less.
"""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import Enum
from typing import Any

import redis

from actions.attempts import Attempts
from actions.conversation import Conversation
from actions.pace import Pace
from actions.registry.port import (
    CODE_NOT_SENT,
    LOCKED_FOR_CODES,
    NO_PHONE_ON_FILE,
    TOO_MANY_CODES,
    UNKNOWN_IDENTIFIER,
    CodeVerdict,
    ContactStanding,
    Person,
    Registry,
)
from actions.settings import ActionsSettings
from core.editions import VERIFICATION
from core.errors import RegistryRefused, RegistryUnavailable, TokenRefused
from core.messages import ChannelKind
from core.privacy import Pseudonyms, Seal
from core.stores import ask
from core.vault import Vault

# No identifier begins with 0, so the registry knows nobody of this name; see `_send_nothing`.
_NOBODY = "0000000000"
_PARTNER_REFUSED = ("IDA-MPA-", "http.")


class Outcome(Enum):
    """How a step of a verification ended."""

    VERIFIED = "verified"
    CODE_SENT = "code_sent"
    NOT_MATCHED = "not_matched"
    TOO_MANY = "too_many"
    WRONG_CODE = "wrong_code"
    EXPIRED_CODE = "expired_code"


_REFUSALS = {
    TOO_MANY_CODES: Outcome.TOO_MANY,
    LOCKED_FOR_CODES: Outcome.TOO_MANY,
    NO_PHONE_ON_FILE: Outcome.NOT_MATCHED,
    UNKNOWN_IDENTIFIER: Outcome.NOT_MATCHED,
}


@dataclass(frozen=True, slots=True)
class State:
    """What is kept between the question for the code and its answer, and once verified.

    A code may be typed in another USSD session than the one that asked for it; verified is only the
    session that gave the proof. `is_doubtful` where the number on file cannot be relied on.
    """

    idcs: str
    transaction: str
    verified_in: str | None = None
    wrong_codes: int = 0
    is_doubtful: bool = False

    @property
    def is_pending(self) -> bool:
        """True while the code that was sent may still be typed."""
        return self.verified_in is None

    def is_verified_in(self, session: str) -> bool:
        """True where a session (empty in a chat) is the one that gave the proof."""
        return self.verified_in == session


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
        # Birth dates that open what somebody else began on a number where nobody is verified.
        self.guesses = Attempts(store, settings, "guesses")
        self._life = settings.verification_life_seconds
        self._pace = Pace(store, settings.verification_floor_seconds)

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
        if outcome is Outcome.VERIFIED:
            # What is told next says so; there is nothing that time could add.
            return outcome
        if outcome is Outcome.CODE_SENT:
            self._pace.sent(time.monotonic() - began)
        self._pace.wait(began, as_if_sent=outcome is Outcome.NOT_MATCHED)
        return outcome

    def confirm(self, who: Conversation, code: str) -> Outcome:
        """Check a one-time code. Raises as `begin` does."""
        state = self.read(who)
        if state is None or not state.is_pending:
            return Outcome.EXPIRED_CODE
        checked = self._registry.confirm_code(state.idcs, state.transaction, code)
        verdict = checked.verdict
        person_key = self._pseudonyms.person(state.idcs)
        if verdict is CodeVerdict.RIGHT:
            # The code is used up: nothing is left that it could be checked under.
            doubtful = state.is_doubtful or checked.standing is not ContactStanding.GOOD
            self._prove(who, State(state.idcs, "", who.session, is_doubtful=doubtful))
            return Outcome.VERIFIED
        if verdict is CodeVerdict.EXPIRED:
            return self._send_code(who, state.idcs, Outcome.EXPIRED_CODE, state.is_doubtful)
        wrong = state.wrong_codes + 1
        self.attempts.failed(who.number_key, person_key)
        if verdict is CodeVerdict.LOCKED or wrong >= self.max_codes:
            self.forget(who)
            return Outcome.TOO_MANY
        self._write(who, replace(state, wrong_codes=wrong))
        return Outcome.WRONG_CODE

    def codes_left(self, who: Conversation) -> int:
        """How many more codes may be tried."""
        state = self.read(who)
        return self.max_codes - state.wrong_codes if state else 0

    def is_pending(self, who: Conversation) -> bool:
        """True while a code that was sent may still be typed."""
        state = self.read(who)
        return state is not None and state.is_pending

    def verified_idcs(self, who: Conversation) -> str | None:
        """The identifier of the verified citizen; see `verified`."""
        state = self.verified(who)
        return None if state is None else state.idcs

    def verified(self, who: Conversation) -> State | None:
        """What is kept of the verified citizen, or None where nobody is verified any more.

        Who goes on asking stays verified: the time runs from the last question.
        """
        state = self.read(who)
        if state is None or not state.is_verified_in(who.session):
            return None
        ask(self._store, ("EXPIRE", self._key(who), self._life))
        return state

    def is_doubtful(self, who: Conversation) -> bool:
        """True where the verified citizen's number on file cannot be relied on."""
        state = self.read(who)
        return state is not None and state.is_doubtful

    def forget(self, who: Conversation) -> None:
        """End the verification: nothing of a person is shown before a new one."""
        ask(self._store, ("DEL", self._key(who)))

    def leave(self, who: Conversation, vault: Vault, stays_verified: bool) -> None:
        """End the verification and destroy what the conversation gave.

        With `stays_verified`, who was verified in this very session stays so.
        """
        key, given = self._key(who), vault.list_of(who.identity)
        sealed, listed = ask(self._store, ("GET", key), ("SMEMBERS", given))
        wanted: list[tuple[Any, ...]] = []
        if sealed is not None:
            state = self._opened(who, sealed) if stays_verified else None
            is_theirs = state is not None and state.is_verified_in(who.session)
            wanted.append(("EXPIRE", key, self._life) if is_theirs else ("DEL", key))
        if listed:
            wanted.append(("DEL", given, *vault.listed(listed)))
        if wanted:
            ask(self._store, *wanted)

    def _decide(
        self, who: Conversation, idcs: str, person: Person | None, birth_date: date
    ) -> Outcome:
        on_file = person.birth_date.isoformat() if person else ""
        same_date = hmac.compare_digest(on_file, birth_date.isoformat())
        phone = person.phone if person else None
        if not (person and same_date and phone):
            self._send_nothing()
            return Outcome.NOT_MATCHED
        doubtful = person.standing is not ContactStanding.GOOD
        calling = hmac.compare_digest(self._pseudonyms.number(phone), who.number_key)
        if calling and who.kind is ChannelKind.USSD and not doubtful:
            self._prove(who, State(idcs, "", who.session))
            return Outcome.VERIFIED
        return self._send_code(who, idcs, Outcome.CODE_SENT, doubtful)

    def _send_code(self, who: Conversation, idcs: str, sent: Outcome, doubtful: bool) -> Outcome:
        try:
            code = self._registry.send_code(idcs, _new_transaction())
        except RegistryRefused as refused:
            if refused.reason == CODE_NOT_SENT:
                raise RegistryUnavailable("the code could not be sent") from None
            if refused.reason not in _REFUSALS:
                raise  # about us, not about the citizen
            self.forget(who)
            return _REFUSALS[refused.reason]
        self._write(who, State(idcs, code.transaction, is_doubtful=doubtful))
        return sent

    def _send_nothing(self) -> None:
        """Make the call that a match would have made, so that the time tells nothing."""
        try:
            self._registry.send_code(_NOBODY, _new_transaction())
        except RegistryRefused as refused:
            # What would have kept a code from being sent is told all the same.
            if refused.reason == CODE_NOT_SENT or refused.reason.startswith(_PARTNER_REFUSED):
                raise RegistryUnavailable("no code could have been sent") from None

    def read(self, who: Conversation) -> State | None:
        """What is kept of a conversation; who asks is not taken for going on."""
        return self._opened(who, ask(self._store, ("GET", self._key(who)))[0])

    def read_beside(
        self, who: Conversation, places: Mapping[str, str]
    ) -> tuple[State | None, dict[str, bytes | None]]:
        """The same, and what lies at other places in Redis, by their names, in one exchange."""
        sealed, *found = ask(self._store, ("MGET", self._key(who), *places.values()))[0]
        return self._opened(who, sealed), dict(zip(places, found, strict=True))

    def _opened(self, who: Conversation, sealed: bytes | None) -> State | None:
        if sealed is None:
            return None
        try:
            return State(**VERIFICATION.loads(self._seal.open(sealed, self._key(who))))
        except TokenRefused:
            return None

    def _prove(self, who: Conversation, state: State) -> None:
        """Keep that somebody is verified; the failures before it are forgotten."""
        person_key = self._pseudonyms.person(state.idcs)
        ask(
            self._store,
            self._writing(who, state),
            self.attempts.forgetting(who.number_key, person_key),
        )

    def _write(self, who: Conversation, state: State) -> None:
        ask(self._store, self._writing(who, state))

    def _writing(self, who: Conversation, state: State) -> tuple[str | bytes | int, ...]:
        key, value = self._key(who), VERIFICATION.dumps(asdict(state))
        return ("SET", key, self._seal.close(value, key), "EX", self._life)

    @staticmethod
    def _key(who: Conversation) -> str:
        return f"verification:{who.identity}"


def _new_transaction() -> str:
    # MOSIP's own transactions are ten characters.
    return secrets.token_hex(5)
