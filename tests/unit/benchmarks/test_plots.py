"""What is drawn of the figures that the benchmarks write."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from benchmarks.plots.draw import draw, run
from benchmarks.scale.figures import FOLDER
from sandbox.house.layout import ROOT

_SVG = "{http://www.w3.org/2000/svg}"
SYSTEM = {
    "cpu_ms_per_turn": 52.65,
    "cpu_ms_by_role": {"engine": 44.4, "door": 8.2, "worker": 77.0},
    "turns_per_s": {"1": 14.0, "32": 19.0},
    "latency_ms": {"32": {"p50": 326.0, "p95": 1170.0, "p99": 1800.0}},
    "overrun": {"32": {"late_turns": 98, "wrong_turns": 9}},
}
SOAK = {
    "minutes": [
        {"p50_ms": 30.0, "p95_ms": 90.0, "pss_mb": {"door": 20.0, "door 2": 70.0, "redis": 9.0}},
        {"p50_ms": 31.0, "p95_ms": 92.0, "pss_mb": {"door": 20.0, "door 2": 71.0, "redis": 9.0}},
    ]
}
LOOKUPS = {"lookups_per_s": {"1": 98.0, "8": 130.0}, "p50_ms": 51.7, "p95_ms": 132.6}


def drawn(found: dict[str, Any], folder: Path) -> dict[str, list[str]]:
    """The texts of every picture, by its name."""
    return {path.stem: texts(path) for path in draw(found, folder)}


def texts(path: Path) -> list[str]:
    """What is written in a picture."""
    return ["".join(one.itertext()).strip() for one in ElementTree.parse(path).iter(f"{_SVG}text")]


def test_a_turn_is_drawn_by_process_rate_and_latency(tmp_path: Path) -> None:
    pictures = drawn({"systems": {"stock_rule": SYSTEM}}, tmp_path)

    assert {"turn-cpu", "turn-rate", "turn-latency"} == set(pictures)
    assert {"stock_rule", "52.6", "engine", "door"} <= set(pictures["turn-cpu"])
    assert {"14", "19 overrun"} <= set(pictures["turn-rate"])
    assert {"32 citizens", "326 / 1170 / 1800"} <= set(pictures["turn-latency"])


def test_what_is_not_of_a_turn_is_not_in_its_bar(tmp_path: Path) -> None:
    assert "worker" not in drawn({"systems": {"stock_rule": SYSTEM}}, tmp_path)["turn-cpu"]


def test_a_long_conversation_a_soak_and_lookups_are_drawn(tmp_path: Path) -> None:
    by_turn = {"long_conversation": {"cpu_ms_by_turn": {"12": 8.0, "400": 8.1}}}
    lookups = {"households": {"200": LOOKUPS}, "faults": {"reset": LOOKUPS}}
    accuracy = {"systems": {"twiza": {"by_file": {"fr": 0.9}}}}

    assert "turn of the conversation" in drawn(by_turn, tmp_path)["turn-conversation"]
    assert {"door", "redis", "p95"} <= set(drawn(SOAK, tmp_path)["soak"])
    assert {"200 households", "faults: reset"} <= set(drawn(lookups, tmp_path)["registry"])
    assert {"fr", "twiza"} <= set(drawn(accuracy, tmp_path)["understanding"])


def test_a_picture_says_when_and_where_it_was_measured(tmp_path: Path) -> None:
    measured = {"on": "2026-11-28", "machine": "2 processors", "others": "3% of the machine"}
    found = {"measured": measured, "systems": {"stock_rule": SYSTEM}}

    for written in drawn(found, tmp_path).values():
        assert "2026-11-28. 2 processors. Other programs used 3% of the machine" in written


def test_the_same_figures_give_the_same_picture(tmp_path: Path) -> None:
    once, again = draw(SOAK, tmp_path / "once"), draw(SOAK, tmp_path / "again")

    assert once[0].read_bytes() == again[0].read_bytes()


def test_a_file_with_nothing_to_draw_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty.json").write_text("{}", encoding="utf-8")

    assert 1 == run([tmp_path / "empty.json"], tmp_path)
    assert "empty.json holds nothing to draw" in capsys.readouterr().err


def test_the_pictures_of_the_documentation_are_of_the_shipped_figures() -> None:
    figures = json.loads((FOLDER / "turn.json").read_text(encoding="utf-8"))
    page = (ROOT / "docs/performance.md").read_text(encoding="utf-8")
    shown = re.findall(r"\]\((pictures/turn-\w+\.svg)\)", page)

    assert shown
    for name in shown:
        written = " ".join(texts(ROOT / "docs" / name))
        assert figures["measured"]["on"] in written
        assert all(system in written for system in figures["systems"])
    bars = texts(ROOT / "docs/pictures/turn-cpu.svg")
    assert {f"{one['cpu_ms_per_turn']:.1f}" for one in figures["systems"].values()} <= set(bars)
