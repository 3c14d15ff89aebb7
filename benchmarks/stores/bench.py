"""What a turn asks of Redis, PostgreSQL and the registry: calls on USSD and chats on WhatsApp.

The whole house runs on a PostgreSQL server of this machine that counts its statements
(`shared_preload_libraries = 'pg_stat_statements'`). What a house does while nobody calls is
measured first and taken off. Counted is until the worker has written everything down.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from benchmarks.flow import WrongAnswer
from benchmarks.free_text import menu_chat
from benchmarks.machine import describe_machine
from benchmarks.report import Report
from benchmarks.rounds import Bench, Plan, load_process
from benchmarks.stores.readings import (
    Database,
    chained_rows_per_second,
    read_held,
    read_redis,
    read_registry_calls,
    waiting,
)
from benchmarks.systems import System, running
from benchmarks.table import lines_up

_SYSTEM: Final = "twiza"
_IDLE_SECONDS: Final = 60.0
_DRAINED_SECONDS: Final = 180.0
_CITIZENS: Final = 8
_CHATS: Final = 20


def run(database: str, report: Report) -> int:
    """Measure, print, and write the JSON; 1 where an answer was wrong."""
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        running([_SYSTEM], Path(folder), _say, _on(database)) as systems,
        load_process() as load,
    ):
        bench = Bench(systems, load, Plan([_CITIZENS], 1, 1))
        system, counts = systems[_SYSTEM], Database(database)
        bench.warm_up()
        measured = Stores(system, counts)
        figures = {
            "idle_per_second": measured.idle(),
            "ussd_per_turn": measured.turns(lambda: _call(bench, system)),
            "chat_per_turn": measured.turns(lambda: _chat(bench, system)),
            "connections": counts.connections(),
            "audit_rows_per_second": round(chained_rows_per_second(database)),
        }
        wrong = bench.wrong[_SYSTEM]
    found = {"measured": describe_machine(), **figures}
    report.show(_table(figures))
    if wrong:
        _say(f"{len(wrong)} wrong answers, the first: {wrong[0]}")
        return 1
    report.write(found)
    return 0


class Stores:
    """Measures one running house."""

    def __init__(self, system: System, database: Database) -> None:
        self._system = system
        self._database = database
        self._idle: Mapping[str, float] = {}

    def idle(self) -> dict[str, float]:
        """What is asked in a second in which nobody calls."""
        self._drain()
        _say("nobody calls")
        before = self._read()
        time.sleep(_IDLE_SECONDS)
        after = self._read()
        seconds = after.pop("seconds") - before["seconds"]
        self._idle = {name: (after[name] - before[name]) / seconds for name in after}
        return {name: round(value, 3) for name, value in self._idle.items()}

    def turns(self, hold: Callable[[], int]) -> dict[str, Any]:
        """What a turn asks, of all those that are held."""
        sizes, before = self._database.sizes(), self._read()
        count = hold()
        self._drain()
        after = self._read()
        seconds = after.pop("seconds") - before["seconds"]
        asked = {
            name: round((after[name] - before[name] - seconds * self._idle[name]) / count, 3)
            for name in after
        }
        grown = _grown(self._database.sizes(), sizes, count)
        held = {
            name: round(size / keys, 1)
            for name, (keys, size) in sorted(read_held(self._system.layout).items())
        }
        return {"turns": count, **asked, "sql_bytes_kept": grown, "redis_bytes_of_a_key": held}

    def _read(self) -> dict[str, float]:
        layout = self._system.layout
        read = {**read_redis(layout), **self._database.read()}
        return read | {"registry_calls": read_registry_calls(layout), "seconds": time.monotonic()}

    def _drain(self) -> None:
        until = time.monotonic() + _DRAINED_SECONDS
        quiet = 0
        while quiet < 5:
            if time.monotonic() > until:
                raise WrongAnswer("the worker does not come to an end")
            quiet = 0 if waiting(self._system.layout) else quiet + 1
            time.sleep(1.0)


def _on(database: str) -> dict[str, str]:
    # Made-up conversations would only make its start longer.
    return {"RECORDS_URL": database, "TRANSCRIPTS_URL": database, "SANDBOX_CONVERSATIONS": "0"}


def _grown(after: Mapping[str, float], before: Mapping[str, float], count: int) -> dict[str, float]:
    grown = {name: round((size - before.get(name, 0)) / count, 1) for name, size in after.items()}
    return {name: size for name, size in sorted(grown.items()) if size}


def _call(bench: Bench, system: System) -> int:
    _say("calls on USSD")
    sessions = bench.sessions(system)
    return sum(
        int(bench.order(system, sessions, _CITIZENS, 0, once=True)["answered"]) for _ in range(3)
    )


def _chat(bench: Bench, system: System) -> int:
    _say("chats on WhatsApp")
    return sum(menu_chat(system, person.number) for person in bench.people[:_CHATS])


def _table(figures: Mapping[str, Any]) -> str:
    kinds = {"ussd_per_turn": "a turn on USSD", "chat_per_turn": "a turn of a chat"}
    kinds["idle_per_second"] = "a second in which nobody calls"
    rows = [["asked by", *kinds.values()]]
    for name in figures["idle_per_second"]:
        rows.append([name, *(f"{figures[kind][name]:,.1f}" for kind in kinds)])
    return lines_up(rows)


def _say(sentence: str) -> None:
    print(f"bench: {sentence}", file=sys.stderr, flush=True)
