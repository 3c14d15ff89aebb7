"""Which wrong answers fail a comparison, and which are a figure of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.__main__ import read_arguments
from benchmarks.measure import Figures, Overrun
from benchmarks.report import Report
from benchmarks.rounds import is_overrun
from benchmarks.systems import FULL, NAMES
from benchmarks.turn import Measured, report_on

OVERRUN = Figures(8, {32: 19.0}, 300.0, 900.0, 50.0, {"engine": 40.0}, overrun={32: Overrun(98, 9)})
WELL = Figures(8, {32: 150.0}, 30.0, 90.0, 8.0, {"engine": 2.0})


@pytest.mark.parametrize("name", ["stock_rule", FULL])
def test_stock_rasa_may_answer_a_crowd_wrongly_once_it_is_late(name: str) -> None:
    assert is_overrun(name, 32, late=1)
    assert not is_overrun(name, 32, late=0)


@pytest.mark.parametrize("citizens", [1, 8])
def test_stock_rasa_must_answer_few_citizens_rightly(citizens: int) -> None:
    assert not is_overrun("stock_rule", citizens, late=5)


@pytest.mark.parametrize("name", ["twiza", "hand_menu", "constant"])
def test_nothing_else_may_answer_wrongly_however_many_call(name: str) -> None:
    assert not is_overrun(name, 32, late=5)


def reported(tmp_path: Path, wrong: dict[str, list[str]]) -> tuple[int, Any]:
    """The exit status, and the JSON that was written, if any."""
    file = tmp_path / "turn.json"
    measured = Measured({"twiza": WELL, "stock_rule": OVERRUN}, wrong, others=0.25)
    status = report_on(measured, Report(file, to_stdout=False))
    return status, json.loads(file.read_text("utf-8")) if file.exists() else None


def test_a_stock_rasa_that_was_overrun_is_a_figure_of_the_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, written = reported(tmp_path, {"twiza": [], "stock_rule": []})

    assert 0 == status
    assert {"32": {"late_turns": 98, "wrong_turns": 9}} == written["systems"]["stock_rule"][
        "overrun"
    ]
    assert "overrun" not in written["systems"]["twiza"]
    assert "25% of the machine" == written["measured"]["others"]
    assert "stock_rule was overrun by 32 citizens" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["twiza", "stock_rule"])
def test_a_wrong_answer_without_that_excuse_fails_the_run_and_writes_nothing(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (1, None) == reported(tmp_path, {name: ["hop 1 shows nothing"]})
    assert f"{name}: 1 wrong answers, the first: hop 1 shows nothing" in capsys.readouterr().err


def test_rasas_whole_environment_is_made_only_for_whoever_asks() -> None:
    assert FULL not in NAMES
    assert not read_arguments(["turn"]).with_diet
    assert read_arguments(["turn", "--with-diet"]).with_diet
