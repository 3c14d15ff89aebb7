"""How fast the console opens its pages over a million messages of one week.

They are written in bulk into a database of its own, counted, and read through the pages in
this process: SQL, search, figures and templates are in the time, the network is not.
"""

from __future__ import annotations

import logging
import secrets
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from benchmarks.console.filling import Filler
from benchmarks.console.opening import sign_in
from benchmarks.cpu import read_machine
from benchmarks.measure import percentile
from benchmarks.report import Report
from benchmarks.table import lines_up
from locales import compile as compiled
from records.clock import utc_now
from records.database import Database, open_database
from records.migrate import upgrade
from sandbox.house import demo_figures
from transcripts.counting import Counting
from transcripts.counting_records import count_records
from transcripts.figures import ZONE, Figures
from transcripts.migrate import upgrade as upgrade_transcripts

PAGES: Final = ("list", "search", "transcript", "dashboard")
_APPLICATIONS: Final = 5000
_WARM: Final = 4
_HOURS_AT_ONCE: Final = 24


def run(messages: int, opened: int, database_url: str, report: Report) -> int:
    """Fill, count, open each kind of page so often, and print the report."""
    before = read_machine()
    with tempfile.TemporaryDirectory(prefix="twiza-bench-") as folder:
        url = database_url or f"sqlite:///{Path(folder) / 'console.sqlite'}"
        compiled.main()
        upgrade(url)
        upgrade_transcripts(url)
        database = open_database(url, wait_seconds=60)
        try:
            filled = _fill(database, messages)
            found = _measure(url, database, opened)
        finally:
            database.close()
    others = read_machine().others_since(before)
    figures: dict[str, Any] = {"messages": filled, **found}
    report.show(f"{written(figures)}\n\nOther programs used {others:.0%} of the machine.")
    report.write(figures)
    return 0


def written(figures: Mapping[str, Any]) -> str:
    """The report as a table."""
    rows = [[f"{figures['messages']:,} messages", "p50 ms", "p95 ms"]]
    for page in PAGES:
        one = figures[page]
        rows.append([page, f"{one['p50_ms']:.0f}", f"{one['p95_ms']:.0f}"])
    return lines_up(rows)


def _fill(database: Database, messages: int) -> int:
    began = time.monotonic()
    filler = Filler(database, secrets.token_bytes(32), utc_now())
    filled = filler.fill(messages, lambda done: _tell(done, messages))
    demo_figures.fill(database, utc_now(), min(_APPLICATIONS, messages))
    _say(f"{filled} messages written in {time.monotonic() - began:.0f} s, counting them")
    began = time.monotonic()
    counting = Counting(database)
    while counting.refresh(_HOURS_AT_ONCE) == _HOURS_AT_ONCE:
        pass
    count_records(database, Figures(database))
    _say(f"counted in {time.monotonic() - began:.0f} s")
    return filled


def _measure(url: str, database: Database, opened: int) -> dict[str, dict[str, float]]:
    logging.disable(logging.INFO)
    pages = sign_in(url, database, utc_now().astimezone(ZONE).date())
    found = {}
    for name, open_one in pages.rounds().items():
        for _ in range(_WARM):
            open_one()
        spent = [open_one() for _ in range(opened)]
        found[name] = {
            "p50_ms": round(percentile(spent, 0.5), 1),
            "p95_ms": round(percentile(spent, 0.95), 1),
        }
        _say(f"{name}: {found[name]}")
    return found


def _tell(done: int, messages: int) -> None:
    if done % 100_000 < 4100:
        _say(f"{done} of {messages}")


def _say(sentence: str) -> None:
    print(f"bench: {sentence}", file=sys.stderr, flush=True)
