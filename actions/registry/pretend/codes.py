"""One-time codes of the pretend registry."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from actions.registry.port import (
    LOCKED_FOR_CODES,
    NO_PHONE_ON_FILE,
    TOO_MANY_CODES,
    UNKNOWN_IDENTIFIER,
    CodeChecked,
    CodeSent,
    CodeVerdict,
)
from actions.registry.pretend.records import PretendOffice, PretendRecord, Shelf
from core.errors import RegistryRefused

_TRIES: Final = 3
_CODES_PER_PERSON: Final = 5
_COUNTED_FOR: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class PretendMessage:
    """A one-time code that was "sent": to which number, and the code itself."""

    phone: str
    code: str


@dataclass(slots=True)
class _Waiting:
    code: str
    ends: datetime
    wrong: int = 0
    used: bool = False


class Codes(Shelf):
    """`sent` lists the codes, oldest first; `code_life_seconds` is how long one can be used."""

    code_life_seconds = 300

    def __init__(
        self,
        records: Iterable[PretendRecord],
        offices: Iterable[PretendOffice],
        now: Callable[[], datetime],
    ) -> None:
        super().__init__(records, offices, now)
        self.sent: list[PretendMessage] = []
        self._waiting: dict[tuple[str, str], _Waiting] = {}
        self._sent_at: dict[str, list[datetime]] = {}

    def send_code(self, idcs: str, transaction: str) -> CodeSent:
        """See `port.Registry`."""
        record = self._find(idcs)
        if record is None:
            raise RegistryRefused(UNKNOWN_IDENTIFIER)
        phone = record.person.phone
        if phone is None:
            raise RegistryRefused(NO_PHONE_ON_FILE)
        before = self._waiting.get((idcs, transaction))
        if before is not None and before.wrong >= _TRIES:
            raise RegistryRefused(LOCKED_FOR_CODES)
        now = self._now()
        recent = [at for at in self._sent_at.get(idcs, []) if now - at < _COUNTED_FOR]
        if len(recent) >= _CODES_PER_PERSON:
            raise RegistryRefused(TOO_MANY_CODES)
        self._sent_at[idcs] = [*recent, now]
        life = timedelta(seconds=self.code_life_seconds)
        code = f"{secrets.randbelow(10**6):06d}"
        wrong = before.wrong if before else 0
        self._waiting[idcs, transaction] = _Waiting(code, now + life, wrong)
        self.sent.append(PretendMessage(phone, code))
        return CodeSent("X" * (len(phone) - 2) + phone[-2:], transaction)

    def confirm_code(self, idcs: str, transaction: str, code: str) -> CodeChecked:
        """See `port.Registry`."""
        record = self._find(idcs)
        if record is None:
            raise RegistryRefused(UNKNOWN_IDENTIFIER)
        verdict = self._verdict(idcs, transaction, code)
        if verdict is not CodeVerdict.RIGHT:
            return CodeChecked(verdict)
        return CodeChecked(verdict, record.person.standing)

    def _verdict(self, idcs: str, transaction: str, code: str) -> CodeVerdict:
        waiting = self._waiting.get((idcs, transaction))
        if waiting is None:
            return CodeVerdict.EXPIRED
        if waiting.wrong >= _TRIES:
            return CodeVerdict.LOCKED
        if waiting.used or self._now() >= waiting.ends:
            return CodeVerdict.EXPIRED
        if waiting.code == code:
            waiting.used = True
            return CodeVerdict.RIGHT
        waiting.wrong += 1
        return CodeVerdict.LOCKED if waiting.wrong >= _TRIES else CodeVerdict.WRONG
