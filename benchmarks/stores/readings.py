"""What Redis, PostgreSQL and the registry's client have been asked so far, by their own counts."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Mapping
from contextlib import closing
from typing import Any, Final

import psutil
import redis
import requests
import sqlalchemy as sa

from records.audit import Audit
from records.database import open_database
from sandbox.house.layout import Layout

_CALLS: Final = re.compile(r"^twiza_registry_calls_total\S* (\S+)", re.MULTILINE)
_STATEMENTS: Final = """
SELECT sum(calls), sum(calls) FILTER (WHERE query ~* '^(INSERT|UPDATE|DELETE)')
FROM pg_stat_statements JOIN pg_database ON pg_database.oid = dbid
WHERE datname = current_database()
"""
_COMMITS: Final = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"
_WAL: Final = "SELECT pg_current_wal_lsn() - '0/0'"
_SIZES: Final = "SELECT relname, pg_total_relation_size(relid) FROM pg_stat_user_tables"
_AUDITED: Final = "SELECT n_tup_ins FROM pg_stat_user_tables WHERE relname = 'audit'"
_BACKENDS: Final = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
_THREADS: Final = 16
# Databases of one house: the door's, the broker's, the engine's.
_DATABASES: Final = {0: "door", 1: "broker", 2: "engine"}


def read_redis(layout: Layout) -> dict[str, float]:
    """Commands, bytes in and out, and bytes of the append-only file, since the server began."""
    with closing(redis.Redis.from_url(layout.redis_url(0))) as store:
        told: dict[str, Any] = store.info("everything")
        commands = sum(one["calls"] for name, one in told.items() if name.startswith("cmdstat_"))
        return {
            "redis_commands": float(commands),
            "redis_bytes_in": float(told["total_net_input_bytes"]),
            "redis_bytes_out": float(told["total_net_output_bytes"]),
            "redis_aof_bytes": float(told.get("aof_current_size", 0)),
        }


def read_held(layout: Layout) -> dict[str, tuple[int, int]]:
    """How many keys there are and the bytes they take, by database and first word of the key."""
    held: dict[str, tuple[int, int]] = {}
    for number, name in _DATABASES.items():
        with closing(redis.Redis.from_url(layout.redis_url(number))) as store:
            for key in store.scan_iter(count=1000):
                first = key.decode(errors="replace").partition(":")[0].partition("-")[0]
                count, size = held.get(f"{name}:{first}", (0, 0))
                held[f"{name}:{first}"] = count + 1, size + int(store.memory_usage(key) or 0)
    return held


def read_lasting(layout: Layout) -> float:
    """The MB that keys take which no time ends; what is kept for a while grows until it is over."""
    size = 0
    for number in _DATABASES:
        with closing(redis.Redis.from_url(layout.redis_url(number))) as store:
            keys = list(store.scan_iter(count=1000))
            for first in range(0, len(keys), 1000):
                some = keys[first : first + 1000]
                pipeline = store.pipeline(transaction=False)
                for key in some:
                    pipeline.ttl(key)
                ends = pipeline.execute()
                lasting = [key for key, end in zip(some, ends, strict=True) if end == -1]
                size += sum(int(store.memory_usage(key) or 0) for key in lasting)
    return size / 1_000_000


def waiting(layout: Layout) -> int:
    """What the worker has not done yet: records, tasks, and answers that are owed."""
    with closing(redis.Redis.from_url(layout.redis_url(0))) as store:
        left = int(store.xlen("recorded")) + int(store.exists("owed"))
    with closing(redis.Redis.from_url(layout.redis_url(1))) as broker:
        return left + sum(int(broker.llen(q)) for q in ("celery", "reports", "schedule"))


class Database:
    """A PostgreSQL server of this machine, as it counts itself."""

    def __init__(self, url: str) -> None:
        self._engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
        self._ask("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        backend = psutil.Process(int(self._ask("SELECT pg_backend_pid()")[0]))
        found = backend.parent()
        assert found is not None
        self._server = found

    def read(self) -> dict[str, float]:
        """Statements, those that write, transactions, bytes of the log, and CPU ms."""
        statements, writes = self._ask(_STATEMENTS)
        return {
            "sql_statements": float(statements or 0),
            "sql_writes": float(writes or 0),
            "sql_transactions": float(self._ask(_COMMITS)[0]),
            "sql_log_bytes": float(self._ask(_WAL)[0]),
            "sql_cpu_ms": self._cpu() * 1000,
            "audit_rows": float(self._ask(_AUDITED)[0]),
        }

    def sizes(self) -> Mapping[str, float]:
        """Bytes of each table with its indexes, after what is dead in it was given back."""
        self._ask("VACUUM")
        with self._engine.connect() as connection:
            return {str(name): float(size) for name, size in connection.exec_driver_sql(_SIZES)}

    def connections(self) -> int:
        """How many connections the processes hold."""
        return int(self._ask(_BACKENDS)[0])

    def _cpu(self) -> float:
        own = self._server.cpu_times()
        spent = own.user + own.system + own.children_user + own.children_system
        for backend in self._server.children(recursive=True):
            times = backend.cpu_times()
            spent += times.user + times.system
        return float(spent)

    def _ask(self, statement: str) -> Any:
        with self._engine.connect() as connection:
            result = connection.exec_driver_sql(statement)
            return result.one() if result.returns_rows else None


def chained_rows_per_second(url: str, seconds: float = 5.0) -> float:
    """How many rows some threads add to the audit's one chain in a second."""
    until = time.monotonic() + seconds
    counts = [0] * _THREADS
    opened = open_database(url)

    def add(thread: int) -> None:
        audit = Audit(opened)
        while time.monotonic() < until:
            audit.append("bench.row", "", f"number-{thread}", "bench", {})
            counts[thread] += 1

    threads = [threading.Thread(target=add, args=[number]) for number in range(_THREADS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    opened.close()
    return sum(counts) / seconds


def read_registry_calls(layout: Layout) -> float:
    """Calls to the registry, as the actions count them."""
    with requests.Session() as http:
        http.trust_env = False
        text = http.get(f"{layout.url('actions')}/metrics", timeout=10).text
    return sum(float(count) for count in _CALLS.findall(text))
