"""What the arithmetic came to, as the tables of docs/scale.md."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from benchmarks.scale.model import PYTHON, Measured, Needs, limits, needs
from benchmarks.table import lines_up

_ASKED: Final = {
    "redis_commands": "commands to Redis",
    "redis_bytes_in": "bytes to Redis",
    "redis_bytes_out": "bytes from Redis",
    "sql_statements": "SQL statements",
    "sql_writes": "of them that write",
    "sql_transactions": "transactions",
    "sql_log_bytes": "bytes of PostgreSQL's log",
    "sql_cpu_ms": "CPU ms of PostgreSQL",
    "audit_rows": "rows of the audit",
    "registry_calls": "calls to the registry",
}
Line = tuple[str, Callable[[Needs], float]]


def written(measured: Measured) -> str:
    """All tables with what they are made of, in Markdown."""
    turn, stores = measured.turn["measured"], measured.stores["measured"]
    parts = [
        f"Processors and memory: {_when(turn)}. Stores: {_when(stores)}.",
        "### What one turn takes",
        _processor_table(measured),
        _store_table(measured),
        "### What is kept of a turn",
        _kept_table(measured),
        "### At the peak",
        _needs_table(measured),
        "### What is full first",
        _limits_table(measured),
    ]
    return "\n\n".join(parts)


def _when(measured: Mapping[str, str]) -> str:
    note = f" ({measured['note']})" if "note" in measured else ""
    return f"{measured['on']}, {measured['machine']}, {measured['system']}{note}"


def _processor_table(measured: Measured) -> str:
    roles = (*PYTHON, "redis")
    rows = [["CPU ms of a turn", *roles, "sum"]]
    spent = [measured.cpu_ms(role) for role in roles]
    rows.append(["mixed", *(f"{ms:.2f}" for ms in spent), f"{sum(spent):.2f}"])
    return lines_up(rows)


def _store_table(measured: Measured) -> str:
    rows = [["asked by a turn", "on USSD", "of a chat", "mixed", "idle, a second"]]
    for name, said in _ASKED.items():
        kinds = ("ussd_per_turn", "chat_per_turn")
        values = [measured.stores[kind][name] for kind in kinds]
        values += [measured.asked(name), measured.stores["idle_per_second"][name]]
        rows.append([said, *map(_number, values)])
    return lines_up(rows)


def _kept_table(measured: Measured) -> str:
    rows = [["bytes", "on USSD", "of a chat"]]
    for kind, what in (("sql_bytes_kept", "a turn in"), ("redis_bytes_of_a_key", "a key of")):
        ussd, chat = measured.stores["ussd_per_turn"][kind], measured.stores["chat_per_turn"][kind]
        names = sorted({*ussd, *chat}, key=lambda name: (-max(_both(name, ussd, chat)), name))
        rows += [
            [f"{what} `{name}`", *map(_number, _both(name, ussd, chat))]
            for name in names
            if max(_both(name, ussd, chat)) >= 1 and not name.startswith("broker:")
        ]
    return lines_up(rows)


def _both(name: str, ussd: Mapping[str, float], chat: Mapping[str, float]) -> list[float]:
    return [max(0.0, ussd.get(name, 0.0)), max(0.0, chat.get(name, 0.0))]


def _needs_table(measured: Measured) -> str:
    rates = measured.given["load"]["turns_per_second"]
    found = [needs(measured, rate) for rate in rates]
    lines: list[Line] = [(f"{role}, processors", _processors(role)) for role in PYTHON]
    lines += [
        ("all four, processors", lambda one: sum(one.processors.values())),
        ("and memory, GB", lambda one: one.python_gb),
        ("Redis, commands/s", lambda one: one.redis["commands"]),
        ("Redis, threads that are busy", lambda one: one.redis["threads"]),
        ("Redis, GB of memory", lambda one: one.redis["gigabytes"]),
        ("Redis, Mbit/s", lambda one: one.redis["megabits"]),
        ("Redis, shards", lambda one: one.redis["shards"]),
        ("PostgreSQL, statements/s", lambda one: one.database["statements"]),
        ("of them that write", lambda one: one.database["writes"]),
        ("PostgreSQL, transactions/s", lambda one: one.database["transactions"]),
        ("PostgreSQL, processors", lambda one: one.database["processors"]),
        ("PostgreSQL, MB/s of its log", lambda one: one.database["log_megabytes"]),
        ("PostgreSQL, GB more on that day", lambda one: one.database["gigabytes_a_day"]),
        ("transcripts and traces kept, GB", lambda one: one.database["gigabytes_kept"]),
        ("records for ever, GB a year", lambda one: one.database["gigabytes_a_year_for_ever"]),
        ("audit, rows/s in one chain", lambda one: one.database["audit_rows"]),
        ("connections without a pooler", lambda one: one.database["connections"]),
        ("calls to the registry/s", lambda one: one.outside["registry_calls"]),
        ("USSD sessions begun/s", lambda one: one.outside["sessions_begun"]),
        ("USSD sessions at once", lambda one: one.sessions),
        ("binds over SMPP", lambda one: one.outside["binds"]),
        ("messages sent/s", lambda one: one.outside["messages"]),
        ("senders at Twilio", lambda one: one.outside["senders"]),
    ]
    rows = [["turns/s", *(f"{rate:,}" for rate in rates)]]
    rows += [[said, *(_number(value(one)) for one in found)] for said, value in lines]
    return lines_up(rows)


def _limits_table(measured: Measured) -> str:
    rows: list[Sequence[str]] = [["one of it", "is full at turns/s"]]
    ordered = sorted(limits(measured), key=lambda pair: pair[1])
    rows += [[said, _number(rate)] for said, rate in ordered]
    return lines_up(rows)


def _processors(role: str) -> Callable[[Needs], float]:
    return lambda one: one.processors[role]


def _number(value: float) -> str:
    """Two or three digits that mean something, and no more."""
    if value == 0:
        return "0"
    if abs(value) >= 1000:
        digits = 10 ** (len(str(int(abs(value)))) - 3)
        return f"{round(value / digits) * digits:,}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
