"""Phone numbers and what their citizens chose on them, known by keyed hash alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from records.clock import Clock, utc_now
from records.database import Database
from records.silence import forget, is_silent, open_number
from records.tables import NumberRow

_TOUCH_EVERY: Final = timedelta(days=1)
# Read at every turn.
_COLUMNS: Final = (
    NumberRow.number_key,
    NumberRow.language,
    NumberRow.script,
    NumberRow.opted_out,
    NumberRow.last_seen,
    NumberRow.unreachable_on,
)
_MINE: Final = sa.select(*_COLUMNS).where(NumberRow.number_key == sa.bindparam("mine"))


@dataclass(frozen=True, slots=True)
class NumberRecord:
    """A number as last known; `language` and `script` are empty where none was ever chosen.

    `unreachable_on` are the kinds of channel on which a provider says there is no such number.
    """

    number_key: str
    language: str
    script: str
    opted_out: bool
    last_seen: datetime
    unreachable_on: frozenset[str] = frozenset()


class Numbers:
    """The numbers that ever reached the service. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database, clock: Clock = utc_now, silent_months: int = 6) -> None:
        self._database = database
        self._clock = clock
        self._silent_months = silent_months

    def find(self, number_key: str) -> NumberRecord | None:
        """What is known of a number, or None where it is new or was silent for too long.

        A silent number is forgotten here. If it had refused messages, a record that says only this
        comes back, so that nobody writes to it.
        """
        now = self._clock()
        found = self._read(number_key)
        if found is None or not is_silent(found.last_seen, now, self._silent_months):
            return found
        with self._database.session() as session:
            number = session.get_one(NumberRow, number_key, with_for_update=True)
            # It may have been used again between the two transactions.
            if is_silent(number.last_seen, now, self._silent_months):
                forget(session, number, now)
                return _record(number) if number.opted_out else None
            return _record(number)

    def choose_language(self, number_key: str, language: str, script: str | None = None) -> None:
        """Keep the language chosen on a number, and the script where one is given.

        Nothing is written where they are kept already by a number that was seen within a day.
        """
        known = self._read(number_key)
        if (
            known is not None
            and known.language == language
            and script in (None, known.script)
            and self._clock() - known.last_seen < _TOUCH_EVERY
        ):
            return
        with self._database.session() as session:
            number = open_number(session, number_key, self._clock(), self._silent_months)
            number.language = language
            if script is not None:
                number.script = script

    def opt_out(self, number_key: str) -> None:
        """Send this number no message it does not ask for."""
        self._set_opted_out(number_key, True)

    def opt_in(self, number_key: str) -> None:
        """Messages may be sent to this number again."""
        self._set_opted_out(number_key, False)

    def unreachable(self, number_key: str, kind: str) -> None:
        """Note that a provider knows no such number on a kind of channel."""
        self._reach(number_key, {kind}, set())

    def reached(self, number_key: str, kind: str) -> None:
        """Note that a number is there on a kind of channel after all; written only for news."""
        number = self.find(number_key)
        if number is not None and kind in number.unreachable_on:
            self._reach(number_key, set(), {kind})

    def seen(self, number_key: str, known: NumberRecord | None = None) -> None:
        """Note that the number was used; written at most once a day for each number.

        `known` is what was found of it just now; without it that is looked up.
        """
        now = self._clock()
        known = known or self._read(number_key)
        if known is not None and now - known.last_seen < _TOUCH_EVERY:
            return
        with self._database.session() as session:
            open_number(session, number_key, now, self._silent_months)

    def _read(self, number_key: str) -> NumberRecord | None:
        row = self._database.first(_MINE, {"mine": number_key})
        return None if row is None else _record(row)

    def _reach(self, number_key: str, lost: set[str], found: set[str]) -> None:
        mine = sa.select(NumberRow).where(NumberRow.number_key == number_key)
        with self._database.session() as session:
            number = session.scalar(mine.with_for_update())
            if number is not None:
                known = set(filter(None, number.unreachable_on.split(",")))
                number.unreachable_on = ",".join(sorted((known | lost) - found))

    def _set_opted_out(self, number_key: str, opted_out: bool) -> None:
        with self._database.session() as session:
            number = open_number(session, number_key, self._clock(), self._silent_months)
            number.opted_out = opted_out


def _record(number: Any) -> NumberRecord:
    return NumberRecord(
        number.number_key,
        number.language,
        number.script,
        number.opted_out,
        number.last_seen,
        frozenset(filter(None, number.unreachable_on.split(","))),
    )
