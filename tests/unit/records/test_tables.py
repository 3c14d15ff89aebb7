"""Moments go into a database and come out aware."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from records.tables import UtcDateTime

_CASABLANCA = timezone(timedelta(hours=1))
_DIALECTS: list[sa.Dialect] = [
    sa.make_url(url).get_dialect()() for url in ("sqlite://", "postgresql+psycopg://")
]


@pytest.mark.parametrize("dialect", _DIALECTS, ids=lambda dialect: dialect.name)
def test_a_moment_without_a_zone_is_refused(dialect: sa.Dialect) -> None:
    naive = datetime(2026, 11, 23, tzinfo=UTC).replace(tzinfo=None)

    with pytest.raises(ValueError, match="time zone"):
        UtcDateTime().process_bind_param(naive, dialect)


@pytest.mark.parametrize("dialect", _DIALECTS, ids=lambda dialect: dialect.name)
def test_a_moment_comes_back_as_the_same_moment_in_utc(dialect: sa.Dialect) -> None:
    moment = datetime(2026, 11, 23, 10, 0, 0, 123, tzinfo=_CASABLANCA)
    stored = UtcDateTime().process_bind_param(moment, dialect)

    read = UtcDateTime().process_result_value(stored, dialect)

    assert read is not None
    assert moment == read
    assert UTC == read.tzinfo


def test_sqlite_is_given_utc_without_a_zone() -> None:
    moment = datetime(2026, 11, 23, 10, 0, tzinfo=_CASABLANCA)

    stored = UtcDateTime().process_bind_param(moment, _DIALECTS[0])

    assert datetime(2026, 11, 23, 9, 0, tzinfo=UTC).replace(tzinfo=None) == stored
