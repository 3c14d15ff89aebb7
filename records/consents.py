"""Consent: asked once for each number and text, with its whole history kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from records.clock import Clock, utc_now
from records.database import Database
from records.silence import (
    GIVEN,
    WITHDRAWN,
    end_consent,
    is_silent,
    latest_consent,
    open_number,
)
from records.tables import ConsentRow, NumberRow

# Ends the version of a text that says, too, that messages are hosted abroad.
ABROAD: Final = "-abroad"


@dataclass(frozen=True, slots=True)
class Consent:
    """One act: `given`, `withdrawn` by the citizen, or `lapsed` because the number fell silent."""

    number_key: str
    act: str
    text_version: str
    language: str
    channel: str
    at: datetime

    @property
    def is_for_abroad(self) -> bool:
        """True where messages hosted abroad were agreed to as well."""
        return self.text_version.endswith(ABROAD)


class Consents:
    """The consents of every number. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database, clock: Clock = utc_now, silent_months: int = 6) -> None:
        self._database = database
        self._clock = clock
        self._silent_months = silent_months

    def give(self, number_key: str, text_version: str, language: str, channel: str) -> None:
        """Record a consent; the same one given again while it stands adds nothing."""
        now = self._clock()
        with self._database.session() as session:
            open_number(session, number_key, now, self._silent_months)
            given = (GIVEN, text_version, language, channel)
            latest = latest_consent(session, number_key)
            if latest is not None and given == _terms(latest):
                return
            session.add(
                ConsentRow(
                    number_key=number_key,
                    act=GIVEN,
                    text_version=text_version,
                    language=language,
                    channel=channel,
                    at=now,
                )
            )

    def withdraw(self, number_key: str) -> None:
        """Record that the citizen takes the consent back; where none stands, nothing happens."""
        with self._database.session() as session:
            open_number(session, number_key, self._clock(), self._silent_months)
            end_consent(session, number_key, WITHDRAWN, self._clock())

    def current(self, number_key: str, text_version: str | None = None) -> Consent | None:
        """The consent that stands, or None.

        With `text_version`, the text as it reads today, a consent to another text does not stand.
        """
        latest = self._database.first(_LATEST, {"mine": number_key})
        if latest is None or latest.act != GIVEN:
            return None
        if is_silent(latest.last_seen, self._clock(), self._silent_months):
            return None
        if text_version not in (None, latest.text_version):
            return None
        return _consent(latest)

    def history(self, number_key: str) -> list[Consent]:
        """Every act of a number, the oldest first."""
        mine = sa.select(ConsentRow).where(ConsentRow.number_key == number_key)
        with self._database.reading() as session:
            return [_consent(row) for row in session.scalars(mine.order_by(ConsentRow.id))]


# Read at every turn.
_LATEST: Final = (
    sa.select(
        ConsentRow.number_key,
        ConsentRow.act,
        ConsentRow.text_version,
        ConsentRow.language,
        ConsentRow.channel,
        ConsentRow.at,
        NumberRow.last_seen,
    )
    .join(NumberRow, NumberRow.number_key == ConsentRow.number_key)
    .where(ConsentRow.number_key == sa.bindparam("mine"))
    .order_by(ConsentRow.id.desc())
    .limit(1)
)


def _terms(row: Any) -> tuple[str, str, str, str]:
    return row.act, row.text_version, row.language, row.channel


def _consent(row: Any) -> Consent:
    return Consent(row.number_key, *_terms(row), row.at)
