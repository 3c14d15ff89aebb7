"""The report as text."""

from __future__ import annotations

from benchmarks.long_conversation import LongConversation
from benchmarks.measure import Figures, Overrun
from benchmarks.table import (
    lines_up,
    long_table,
    overrun_lines,
    processes_table,
    ratios_table,
    systems_table,
)

OURS = Figures(8, {1: 90.0, 32: 300.0}, 20.0, 80.0, 4.0, {"door": 1.5, "registry": 0.5})
OTHER = Figures(
    8,
    {1: 30.0, 32: 30.0},
    200.0,
    800.0,
    32.0,
    {"engine": 30.0},
    overrun={8: Overrun(late=1, wrong=0), 32: Overrun(late=98, wrong=9)},
)


def cells(table: str) -> list[list[str]]:
    """A table's rows without its rule."""
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()]
    return [rows[0], *rows[2:]]


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    expected = "| a    |  b |\n| ---- | -: |\n| long | 10 |"

    assert expected == lines_up([["a", "b"], ["long", "10"]])


def test_every_system_has_a_line_with_its_figures() -> None:
    rows = cells(systems_table({"twiza": OURS, "stock_rule": OTHER}))

    assert "turns/s at 32" == rows[0][3]
    assert ["twiza", "4.00", "90", "300", "20.0", "80.0", "0", "0"] == rows[1]
    assert ["stock_rule", "99", "9"] == [rows[2][0], *rows[2][-2:]]


def test_who_was_asked_too_much_is_named_with_the_crowd() -> None:
    lines = overrun_lines({"twiza": OURS, "stock_rule": OTHER}).splitlines()

    assert 2 == len(lines)
    assert lines[1].startswith("stock_rule was overrun by 32 citizens: 98 turns late, 9 wrong;")


def test_what_is_not_of_the_service_stands_last_and_in_brackets() -> None:
    rows = cells(processes_table({"twiza": OURS, "stock_rule": OTHER}))

    assert ["CPU ms/turn of", "door", "engine", "(registry)"] == rows[0]
    assert ["stock_rule", "", "30.00", ""] == rows[2]


def test_ratios_are_ours_divided_by_theirs() -> None:
    rows = cells(ratios_table({"twiza": OURS, "stock_rule": OTHER}))

    assert [["stock_rule", "0.125", "10", "0.1", "0.1"]] == rows[1:]


def test_a_long_conversation_is_shown_with_its_growth() -> None:
    rows = cells(long_table(LongConversation(4.0, 5.0, 12345)))

    assert ["turn 400 divided by turn 4", "1.25"] == rows[3]
    assert "12345" == rows[4][1]


def test_the_report_of_a_long_conversation_holds_the_promised_keys() -> None:
    written = LongConversation(4.12345, 5.0, 12345, {12: 4.98765}).as_json()

    promised = {"turn4_cpu_ms": 4.123, "turn400_cpu_ms": 5.0, "redis_key_bytes": 12345}
    assert promised | {"cpu_ms_by_turn": {"12": 4.988}} == written
