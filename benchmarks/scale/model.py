"""The arithmetic of docs/scale.md: from one turn to a country's. No I/O."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

# Beside the processes that answer: what they do once a citizen was answered counts as well.
PYTHON: Final = ("door", "engine", "actions", "worker")
_DAY: Final = 86_400
_GB: Final = 1e9
_MB: Final = 1e6
_KEPT_FOR_EVER: Final = ("numbers", "consents", "audit", "audit_subjects")


@dataclass(frozen=True, slots=True)
class Measured:
    """What `bin/bench turn` and `bin/bench stores` measured, and what is assumed."""

    turn: Mapping[str, Any]
    stores: Mapping[str, Any]
    given: Mapping[str, Mapping[str, Any]]

    @property
    def chats(self) -> float:
        """The share of turns that are of chats."""
        return float(self.given["load"]["share_of_chats"])

    def cpu_ms(self, role: str) -> float:
        """Processor time that a turn takes of one kind of process, in ms."""
        spent = float(self.turn["systems"]["twiza"]["cpu_ms_by_role"].get(role, 0.0))
        if role == "engine":
            words = self.turn["free_text_cpu_ms"] - self.turn["menu_turn_cpu_ms"]
            spent += max(0.0, words) * self.chats * float(self.given["load"]["share_of_words"])
        return spent

    def asked(self, name: str) -> float:
        """What a turn asks of a store, over calls and chats as they are mixed."""
        ussd, chat = self.stores["ussd_per_turn"], self.stores["chat_per_turn"]
        return float(ussd[name] * (1 - self.chats) + chat[name] * self.chats)

    def kept(self) -> dict[str, float]:
        """Bytes that a turn leaves in each table, mixed in the same way."""
        ussd, chat = (self.stores[k]["sql_bytes_kept"] for k in ("ussd_per_turn", "chat_per_turn"))
        return {
            table: max(0.0, ussd.get(table, 0.0)) * (1 - self.chats)
            + max(0.0, chat.get(table, 0.0)) * self.chats
            for table in {*ussd, *chat}
        }

    def key(self, name: str) -> float:
        """Bytes that one key of a kind takes in Redis, over calls and chats."""
        ussd, chat = (
            self.stores[kind]["redis_bytes_of_a_key"].get(name, 0.0)
            for kind in ("ussd_per_turn", "chat_per_turn")
        )
        return float(ussd * (1 - self.chats) + chat * self.chats)


@dataclass(frozen=True, slots=True)
class Needs:
    """What one rate takes."""

    turns: float
    processors: Mapping[str, float]
    python_gb: float
    sessions: float
    redis: Mapping[str, float]
    database: Mapping[str, float]
    outside: Mapping[str, float]


def needs(measured: Measured, turns: float) -> Needs:
    """Processors, memory, stores and lines for a rate of turns a second at the peak."""
    load, room = measured.given["load"], measured.given["room"]
    processors = {
        role: math.ceil(turns * measured.cpu_ms(role) / 1000 / room["busy"]) for role in PYTHON
    }
    return Needs(
        turns=turns,
        processors=processors,
        python_gb=_python_memory(measured, processors),
        sessions=turns * (1 - measured.chats) * load["seconds_between_hops"],
        redis=_redis(measured, turns),
        database=_database(measured, turns, sum(processors.values())),
        outside=_outside(measured, turns),
    )


def _turns_a_day(measured: Measured, turns: float) -> float:
    return float(turns * _DAY * measured.given["load"]["share_of_peak"])


def _python_memory(measured: Measured, processes: Mapping[str, int]) -> float:
    """Each process one processor; an engine's further processes share the model of the first."""
    engines = measured.turn["engine_pss_mb"] / 8 + measured.turn["engine_fork_pss_mb"]
    others = sum(count for role, count in processes.items() if role != "engine")
    return float(processes["engine"] * engines + others * measured.turn["door_pss_mb"]) / 1000


def _redis(measured: Measured, turns: float) -> dict[str, float]:
    room, one = measured.given["room"], measured.given["one_unit"]
    threads = turns * measured.cpu_ms("redis") / 1000 / room["busy_redis"]
    memory = _redis_memory(measured, turns)
    traffic = measured.asked("redis_bytes_in") + measured.asked("redis_bytes_out")
    return {
        "commands": turns * measured.asked("redis_commands"),
        "threads": threads,
        "gigabytes": memory,
        "megabits": turns * traffic * 8 / _MB,
        "shards": float(math.ceil(max(threads, memory / one["redis_gigabytes"]))),
    }


def _redis_memory(measured: Measured, turns: float) -> float:
    """What is alive at once: a day's conversations, and what each turn leaves for a while.

    What lives for less than a day is counted at the peak, the rest at a day's mean.
    """
    load, a_day = measured.given["load"], _turns_a_day(measured, turns)
    conversations = (
        a_day / load["turns_per_conversation"] * measured.given["room"]["conversation_days"]
    )
    each = sum(measured.key(name) for name in ("door:door", "engine:engine"))
    lives = measured.given["redis_seconds"]
    left = 0.0
    for name, many in lives.items():
        of_chats = many["seconds"]
        seconds = (many.get("seconds_of_calls", of_chats), of_chats)
        shares = (1 - measured.chats, measured.chats)
        alive = sum(
            share * lasts * (turns if lasts < _DAY else a_day / _DAY)
            for share, lasts in zip(shares, seconds, strict=True)
        )
        left += measured.key(f"door:{name}") * many["per_turn"] * alive
    return float(conversations * each + left) / _GB


def _database(measured: Measured, turns: float, processes: int) -> dict[str, float]:
    room = measured.given["room"]
    kept = measured.kept()
    a_day = _turns_a_day(measured, turns)
    usual_day = turns * _DAY * measured.given["load"]["share_of_months"]
    long = sum(size for table, size in kept.items() if table in _KEPT_FOR_EVER)
    return {
        "statements": turns * measured.asked("sql_statements"),
        "writes": turns * measured.asked("sql_writes"),
        "transactions": turns * measured.asked("sql_transactions"),
        "processors": turns * measured.asked("sql_cpu_ms") / 1000 / room["busy"],
        "log_megabytes": turns * measured.asked("sql_log_bytes") / _MB,
        "gigabytes_a_day": sum(kept.values()) * a_day / _GB,
        "gigabytes_kept": (sum(kept.values()) - long) * usual_day * room["transcripts_days"] / _GB,
        "gigabytes_a_year_for_ever": long * usual_day * 365 / _GB,
        "audit_rows": turns * measured.asked("audit_rows"),
        "connections": float(processes * room["connections_per_process"]),
    }


def _outside(measured: Measured, turns: float) -> dict[str, float]:
    one, load = measured.given["one_unit"], measured.given["load"]
    hops = turns * (1 - measured.chats)
    a_bind = one["smpp_window"] / one["smpp_round_trip_seconds"]
    sent = turns * (measured.chats + load["sms_beside"])
    return {
        "registry_calls": turns * measured.asked("registry_calls"),
        "binds": float(math.ceil(hops / a_bind)),
        "sessions_begun": hops / load["turns_per_conversation"],
        "messages": sent,
        "senders": float(math.ceil(sent / one["twilio_messages_per_second"])),
    }


def limits(measured: Measured) -> Iterator[tuple[str, float]]:
    """What is full at how many turns a second, where there is one of it; in no order."""
    one = measured.given["one_unit"]
    single = needs(measured, 1.0)
    for role in PYTHON:
        a_process = measured.given["room"]["busy"] * 1000 / measured.cpu_ms(role)
        yield f"one process of the {role}", a_process
    yield "one Redis (one thread)", 1 / single.redis["threads"]
    yield "memory of one Redis", one["redis_gigabytes"] / single.redis["gigabytes"]
    processors = one["database_processors"] / single.database["processors"]
    yield "processors of one PostgreSQL that writes", processors
    log = one["database_log_mb_per_second"] / single.database["log_megabytes"]
    yield "log of one PostgreSQL that writes", log
    chain = measured.stores["audit_rows_per_second"] / measured.asked("audit_rows")
    yield "the audit's one chain", chain
    registry = one["registry_calls_per_second"] / single.outside["registry_calls"]
    yield "a registry of 1,000 calls a second", registry
    hops = one["smpp_window"] / one["smpp_round_trip_seconds"] / (1 - measured.chats)
    yield "one bind over SMPP", hops
    yield "one sender at Twilio", one["twilio_messages_per_second"] / single.outside["messages"]
