"""Taking what is handed in once for each key, and refusing what cannot be taken."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from typing import Final

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session
from stdnum.iso7064 import mod_97_10

from sandbox.registry.counter_tables import Receipt

INVALID: Final = "request.invalid"
TOO_LARGE: Final = "request.too_large"
STATUSES: Final = {
    INVALID: 422,
    "application.not_in_household": 422,
    "application.already_open": 409,
    "application.programme_closed": 409,
    "appointment.slot_taken": 409,
    "application.unknown": 422,
    "document.not_taken": 422,
}
_WELL_FORMED: Final = re.compile(r"[789][0-9]{11}")
_LONGEST_KEY: Final = 99


class CounterRefused(Exception):
    """What was handed in or asked is refused; `code` is one of STATUSES."""

    def __init__(self, code: str = INVALID) -> None:
        self.code = code
        super().__init__(code)


def once(session: Session, topic: str, key: str, take: Callable[[], str]) -> str:
    """The reference given under a key before, else that of what `take` takes.

    It runs in the caller's transaction: key, reference and what was taken are kept together, or
    none of them. Raises CounterRefused without a key.
    """
    if not 0 < len(key) <= _LONGEST_KEY:
        raise CounterRefused
    before = session.get(Receipt, (topic, key))
    if before is not None:
        return before.reference
    reference = take()
    session.add(Receipt(topic=topic, key=key, reference=reference))
    return reference


def reference_for(session: Session, asked: str, taken: Callable[[str], ColumnElement[bool]]) -> str:
    """The reference asked for where it is well formed and free, else a new one."""
    is_good = bool(_WELL_FORMED.fullmatch(asked)) and mod_97_10.is_valid(asked)
    if is_good and not session.scalar(select(exists().where(taken(asked)))):
        return asked
    return new_reference()


def new_reference() -> str:
    """A reference that nobody can guess: twelve digits, two of them their check."""
    digits = f"{secrets.choice('789')}{secrets.randbelow(10**9):09d}"
    return digits + str(mod_97_10.calc_check_digits(digits))
