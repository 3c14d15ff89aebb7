"""Running a command with the settings of a process of a house that is up.

python -m sandbox.house.inside --data var worker COMMAND ...
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from sandbox.house.layout import ROOT, Layout
from sandbox.house.processes import child_environment, process_table
from sandbox.house.secret_files import SecretFiles


def main() -> int:
    """Run the command, and return its exit code; 2 where no house is up."""
    parser = argparse.ArgumentParser(prog="sandbox.house.inside", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of the house")
    parser.add_argument("--down", action="store_true", help="the house may be down")
    parser.add_argument("process", help="whose settings to take")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    given = parser.parse_args()
    data = given.data.resolve()
    try:
        run = json.loads((data / "run.json").read_text(encoding="utf-8"))
        layout = Layout.of_stores(data, urlsplit(run["door"]).port or 0, run["stores"])
    except OSError:
        if not given.down or not (data / "secrets").is_dir():
            sys.stderr.write(f"no house is up in {data}: start one with bin/run\n")
            return 2
        layout = Layout.on_this_machine(data, 0)
    table = process_table(layout, SecretFiles(data / "secrets"))
    settings = next(one.settings for one in table if one.name == given.process)
    environment = child_environment(settings) | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(given.command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
