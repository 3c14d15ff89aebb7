"""The page of scale says what its figures come to, and the arithmetic does what it says."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.scale.__main__ import PAGE, renewed
from benchmarks.scale.figures import read_measured
from benchmarks.scale.model import PYTHON, Measured, limits, needs
from benchmarks.scale.tables import written

ROLES = dict.fromkeys(PYTHON, 2.0) | {"redis": 0.5}
ASKED = {
    "redis_commands": 30.0,
    "redis_bytes_in": 10_000.0,
    "redis_bytes_out": 2_500.0,
    "sql_statements": 10.0,
    "sql_writes": 5.0,
    "sql_transactions": 1.0,
    "sql_log_bytes": 4_000.0,
    "sql_cpu_ms": 2.0,
    "audit_rows": 0.3,
    "registry_calls": 0.4,
}


def made_up() -> Measured:
    """Round figures, so that sums can be done in one's head."""
    shipped = read_measured()
    kind: dict[str, Any] = {
        **ASKED,
        "sql_bytes_kept": {"turns": 500.0, "audit": 100.0},
        "redis_bytes_of_a_key": {"door:door": 600.0, "engine:engine": 1_400.0},
    }
    turn = {
        "systems": {"twiza": {"cpu_ms_by_role": ROLES}},
        "free_text_cpu_ms": 10.0,
        "menu_turn_cpu_ms": 10.0,
        "engine_pss_mb": 200.0,
        "engine_fork_pss_mb": 15.0,
        "door_pss_mb": 80.0,
    }
    stores = {"audit_rows_per_second": 600.0, "ussd_per_turn": kind, "chat_per_turn": kind}
    return Measured(turn, stores, shipped.given)


def test_the_chain_of_the_audit_is_full_where_its_rows_follow_each_other_without_a_gap() -> None:
    assert 2_000 == pytest.approx(dict(limits(made_up()))["the audit's one chain"])


def test_the_page_holds_the_tables_of_the_figures_that_are_shipped() -> None:
    """Where this fails: bin/scale --write."""
    page = PAGE.read_text(encoding="utf-8")

    assert page == renewed(page, written(read_measured()))


def test_a_processor_is_half_busy_at_the_peak() -> None:
    found = needs(made_up(), 1_000)

    assert dict.fromkeys(PYTHON, 4) == found.processors


def test_ten_times_the_turns_take_ten_times_everything() -> None:
    one, ten = (needs(made_up(), rate) for rate in (1_000.0, 10_000.0))

    for small, large in ((one.redis, ten.redis), (one.database, ten.database)):
        flat = {name: 10 * value for name, value in small.items() if name != "shards"}
        assert flat == pytest.approx({k: v for k, v in large.items() if k != "shards"})
    assert 10 * one.sessions == ten.sessions


def test_what_is_kept_is_counted_by_the_days_it_is_kept() -> None:
    found = needs(made_up(), 1_000).database
    busy_day, usual_day = (1_000 * 86_400 * share for share in (0.2, 0.04))

    assert busy_day * 600 / 1e9 == pytest.approx(found["gigabytes_a_day"])
    assert usual_day * 500 * 90 / 1e9 == pytest.approx(found["gigabytes_kept"])
    assert usual_day * 100 * 365 / 1e9 == pytest.approx(found["gigabytes_a_year_for_ever"])


def test_one_redis_is_full_where_its_thread_has_no_time_left() -> None:
    full = dict(limits(made_up()))["one Redis (one thread)"]

    # Half a millisecond of each turn, six tenths of a second of each second.
    assert 1_200 == pytest.approx(full)
    assert 1.0 == pytest.approx(needs(made_up(), full).redis["threads"])


def test_words_cost_the_engine_more_in_the_share_that_they_have() -> None:
    plain = made_up()
    wordy = Measured({**plain.turn, "free_text_cpu_ms": 15.0}, plain.stores, plain.given)

    # Five more, in half of the fifth of turns that are of chats.
    assert 0.5 == pytest.approx(wordy.cpu_ms("engine") - plain.cpu_ms("engine"))


def test_a_page_without_a_place_for_tables_is_refused() -> None:
    with pytest.raises(ValueError, match="no place"):
        renewed("# Scale\n", "tables")
