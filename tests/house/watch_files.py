"""The rules and dashboards of deploy/watch, as the tests read them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import yaml

from tests.house.repository import ROOT

WATCH: Final = ROOT / "deploy" / "watch"
RULES: Final = sorted((WATCH / "rules").glob("*.yml"))
TESTS: Final = sorted((WATCH / "tests").glob("*.yml"))
DASHBOARDS: Final = sorted((WATCH / "dashboards").glob("*.json"))
RUNBOOK: Final = ROOT / "docs" / "runbook"
# What Prometheus makes itself, and prometheus-client of the process.
THEIRS: Final = frozenset({"up", "ALERTS", "process_resident_memory_bytes"})
_TEXT: Final = re.compile(r'"[^"]*"')
# The names of labels, and what stands for them in functions.
_LABELS: Final = re.compile(r"\b(?:by|on|without|ignoring)\s*\([^)]*\)|\{[^}]*\}|\[[^\]]*\]")
_NAME: Final = re.compile(r"\b(?:twiza_\w+|up|ALERTS|process_\w+)\b")


def rules() -> list[dict[str, Any]]:
    """Every rule, recording and alerting."""
    read = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in RULES]
    return [rule for one in read for group in one["groups"] for rule in group["rules"]]


def alerts() -> list[dict[str, Any]]:
    """The alerting ones."""
    return [rule for rule in rules() if "alert" in rule]


def boards() -> list[dict[str, Any]]:
    """Every dashboard."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in DASHBOARDS]


def panel_expressions() -> Iterator[tuple[str, str]]:
    """The title and each expression of every panel."""
    for board in boards():
        for panel in board["panels"]:
            for target in panel.get("targets", ()):
                yield f"{board['title']}: {panel['title']}", target["expr"]


def metrics_named() -> set[str]:
    """The metrics that any rule or panel asks for, those of recording rules apart."""
    expressions = [rule["expr"] for rule in rules()] + [expr for _, expr in panel_expressions()]
    bare = (_LABELS.sub("", _TEXT.sub('""', expression)) for expression in expressions)
    return {name for expression in bare for name in _NAME.findall(expression)}


def recorded_named() -> set[str]:
    """The recording rules that any rule or panel asks for."""
    expressions = [rule["expr"] for rule in rules()] + [expr for _, expr in panel_expressions()]
    return {name for one in expressions for name in re.findall(r"\btwiza:[\w:]+", one)}
