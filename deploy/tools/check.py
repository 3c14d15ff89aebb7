"""Check deploy/ as the build does, or the chart with values of your own.

bin/deploy-check                        # recipes, Compose file, chart with the examples
bin/deploy-check mine.yaml more.yaml    # the chart with these, the later over the earlier
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from deploy.tools.chart import KUBERNETES, VALUES, ChartRefused, lint, render
from deploy.tools.compose import ComposeRefused, config
from deploy.tools.programs import ProgramMissing, programs
from deploy.tools.recipes import RECIPES
from deploy.tools.schemas import faults, unknown

EXAMPLES: Final = ("minimal", "production", "production+sentinel", "minimal+small")


def main() -> int:
    """Check, and tell; 1 where anything is wrong."""
    parser = argparse.ArgumentParser(prog="bin/deploy-check", description=__doc__)
    parser.add_argument("values", nargs="*", type=Path, metavar="VALUES.yaml")
    given = parser.parse_args().values
    try:
        wrong = list(of_chart(given)) if given else list(of_everything())
    except ProgramMissing as missing:
        wrong = [str(missing)]
    for fault in wrong:
        print(fault, file=sys.stderr)
    print("wrong" if wrong else "all is well")
    return bool(wrong)


def of_everything() -> Iterator[str]:
    """What is wrong with recipes, Compose file and chart, with the examples."""
    for recipe in RECIPES:
        command = [str(programs().hadolint), "--no-color", str(recipe)]
        yield from subprocess.run(
            command, check=False, capture_output=True, text=True
        ).stdout.splitlines()
    with tempfile.TemporaryDirectory() as folder:
        try:
            config(Path(folder))
        except ComposeRefused as refused:
            yield str(refused)
    for example in EXAMPLES:
        yield from of_chart([VALUES / f"{name}.yaml" for name in example.split("+")])


def of_chart(values: Sequence[Path]) -> Iterator[str]:
    """What is wrong with the chart and these values, and with the objects that they make."""
    named = " ".join(path.name for path in values)
    try:
        lint(values)
        for kubernetes in KUBERNETES:
            objects = render(*values, kubernetes=kubernetes)
            yield from (f"{named}: {fault}" for fault in faults(objects, kubernetes))
            other = ", ".join(sorted(unknown(objects, kubernetes))) or "none"
            print(f"{named}, Kubernetes {kubernetes}: {len(objects)} objects, not checked: {other}")
    except ChartRefused as refused:
        yield f"{named}: {refused}"


if __name__ == "__main__":
    raise SystemExit(main())
