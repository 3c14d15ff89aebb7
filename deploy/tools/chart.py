"""The chart as Helm sees it: linted, and rendered into objects, without a cluster."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from deploy.tools.programs import ROOT, programs

CHART: Final = ROOT / "deploy" / "helm" / "twiza"
VALUES: Final = ROOT / "deploy" / "helm" / "values"
RELEASE: Final = "twiza"
NAMESPACE: Final = "twiza"
# The oldest that the chart names, and the newest whose schemas there are.
KUBERNETES: Final = ("1.30", "1.37")

Object = dict[str, Any]


class ChartRefused(Exception):
    """Helm refused the chart or the values; the message is its own."""


def lint(values: Sequence[Path]) -> str:
    """What Helm says of the chart with these values. Raises ChartRefused, on warnings too."""
    return _helm("lint", str(CHART), "--strict", *_given(values))


@cache
def render(*values: Path, kubernetes: str = KUBERNETES[-1]) -> tuple[Object, ...]:
    """Every object of a release with these values, hooks too. Raises ChartRefused."""
    return _objects(
        _helm(
            *("template", RELEASE, str(CHART), "--namespace", NAMESPACE),
            *("--kube-version", f"{kubernetes}.0", *_given(values)),
        )
    )


def notes(values: Sequence[Path]) -> str:
    """What an operator reads once the chart is installed. Raises ChartRefused."""
    # Helm renders the notes of a release alone, so a dry run is asked for.
    return _helm(
        *("install", RELEASE, str(CHART), "--dry-run=client", "--namespace", NAMESPACE),
        *_given(values),
    ).partition("\nNOTES:\n")[2]


def _objects(text: str) -> tuple[Object, ...]:
    return tuple(one for one in yaml.safe_load_all(text) if one)


def _given(values: Sequence[Path]) -> list[str]:
    return [part for path in values for part in ("--values", str(path))]


def _helm(*arguments: str) -> str:
    done = subprocess.run(
        [str(programs().helm), *arguments], check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise ChartRefused((done.stderr or done.stdout).strip())
    return done.stdout
