"""What watches the service fits it: rules are valid and fire, panels ask for what is there."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.house.repository import PACKAGES, ROOT, files
from tests.house.watch_files import (
    RULES,
    RUNBOOK,
    TESTS,
    THEIRS,
    WATCH,
    alerts,
    boards,
    metrics_named,
    panel_expressions,
    recorded_named,
    rules,
)

PAGES = sorted(RUNBOOK.glob("*.md"))
HEADINGS = ["What citizens notice", "How to see it", "First steps", "When to wake whom"]
# A benchmark may count beside what it measures.
COUNTING = [package for package in PACKAGES if package != "benchmarks"]
MAKERS = {"counter", "counters", "gauge", "gauges", "histogram", "histograms", "Family"}
# The engine has no meters of ours to make them with.
MAKERS |= {"Counter", "Histogram"}
_ENDS = ("_bucket", "_count", "_sum")


def promtool(*arguments: str | Path) -> str:
    """What promtool says, which must be content. The test is skipped where it is not installed."""
    found = shutil.which("promtool")
    if found is None:
        pytest.skip("promtool is not installed: it is in Debian's package prometheus")
    done = subprocess.run([found, *arguments], capture_output=True, text=True, timeout=120)
    assert 0 == done.returncode, done.stdout + done.stderr
    return done.stdout


def metrics_made() -> set[str]:
    """The names of metrics in the code: what each is made with first."""
    found = set()
    for package in (*COUNTING, "bot"):
        for path in files(".py", below=ROOT / package):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and node.args and _is_maker(node.func):
                    name = node.args[0]
                    # Only core/meters.py makes one whose name it was given.
                    if isinstance(name, ast.Constant):
                        found.add(str(name.value))
    return found


def _is_maker(called: ast.expr) -> bool:
    return isinstance(called, ast.Name) and called.id in MAKERS


def test_the_rules_are_valid() -> None:
    assert "FAILED" not in promtool("check", "rules", *RULES)


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.stem)
def test_the_rules_fire_when_they_should_and_never_on_a_quiet_day(path: Path) -> None:
    assert "SUCCESS" in promtool("test", "rules", path)


def test_the_example_of_a_configuration_is_valid() -> None:
    assert "SUCCESS" in promtool("check", "config", WATCH / "prometheus.yml")


def test_every_alert_is_tried_in_a_test_of_the_rules() -> None:
    tried = "".join(path.read_text(encoding="utf-8") for path in TESTS)

    assert [] == [rule["alert"] for rule in alerts() if f'"{rule["alert"]}"' not in tried]


def test_every_panels_expression_parses(tmp_path: Path) -> None:
    as_rules = [
        {"record": f"panel:{place}", "expr": expr}
        for place, (_, expr) in enumerate(panel_expressions())
    ]
    written = tmp_path / "panels.yml"
    written.write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": as_rules}]}))

    assert f"{len(as_rules)} rules found" in promtool("check", "rules", written)


def test_rules_and_panels_ask_for_metrics_that_the_code_makes() -> None:
    made = metrics_made()
    made |= {name + end for name in made for end in _ENDS}

    assert set() == metrics_named() - made - THEIRS
    assert set() == recorded_named() - {rule.get("record") for rule in rules()}


def test_every_metric_is_in_the_operators_list() -> None:
    page = (ROOT / "docs" / "watching.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"`(twiza_\w+)", page))
    # One that shares its beginning with the one before it is shortened.
    listed |= {
        f"{before[:end]}{shortened}"
        for before, shortened in re.findall(r"`(twiza_\w+)[^`]*`, `…(_\w+)", page)
        for end in range(len(before))
    }

    assert set() == metrics_made() - listed


def test_each_alert_names_its_page_and_each_page_its_alert() -> None:
    named = {
        rule["annotations"]["runbook"]: (rule["alert"], rule["labels"]["severity"])
        for rule in alerts()
    }
    said = {}
    for page in PAGES:
        alert = re.search(r"^Alert `(\w+)` \((page|ticket)\)\.$", page.read_text(), re.MULTILINE)
        # What is no alert's is a procedure that others lead to.
        if alert:
            said[page.relative_to(ROOT).as_posix()] = alert.groups()

    assert len(alerts()) == len(named)
    assert named == said


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_says_what_to_do_with_commands_that_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    scripts = set(re.findall(r"(?<![\w/.])bin/([a-z-]+)", text))

    if "\nAlert `" in text:
        assert HEADINGS == re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert all(os.access(ROOT / "bin" / script, os.X_OK) for script in scripts)


def test_a_dashboard_opens_as_it_is() -> None:
    assert {"twiza-citizens", "twiza-service", "twiza-deliveries"} == {b["uid"] for b in boards()}
    for board in boards():
        numbers = [panel["id"] for panel in board["panels"]]
        assert len(numbers) == len(set(numbers))
        for panel in board["panels"]:
            place = panel["gridPos"]
            assert 0 <= place["x"] and place["x"] + place["w"] <= 24
            if panel["type"] != "row":
                assert "${datasource}" == panel["datasource"]["uid"]
                assert panel["targets"]


def takes(node: ast.AST, module: str) -> set[str]:
    """The names that a statement imports from a module."""
    is_from = isinstance(node, ast.ImportFrom) and node.module == module
    return {alias.name for alias in node.names} if is_from else set()  # type: ignore[attr-defined]


def test_metrics_are_made_in_one_place_alone() -> None:
    makers = {"Counter", "Gauge", "Histogram", "Summary", "Info", "Enum"}
    guilty = [
        path.relative_to(ROOT).as_posix()
        for package in COUNTING
        for path in files(".py", below=ROOT / package)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if makers & takes(node, "prometheus_client")
    ]

    assert ["core/meters.py"] == guilty
