"""Citizens live with a service while it fails, and the servers under it fail over and start again.

Minutes, so only where TWIZA_STORES=servers asks for it (`bin/check --full`).
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
import redis

from sandbox.chaos.__main__ import IMPATIENT, proves, read_arguments, run
from sandbox.chaos.conductor import FAULTS, Fault
from sandbox.chaos.house import started
from tests.end_to_end.running_house import wait_for
from tests.servers.postgres_server import PostgresServer, needs_postgres
from tests.servers.redis_server import needs_redis
from tests.servers.sentinel_set import SentinelSet, needs_sentinel, sentinel_set
from tests.servers.stores import PASSWORD

pytestmark = [
    *(pytest.mark.e2e, needs_postgres, needs_redis, needs_sentinel),
    pytest.mark.skipif(
        os.environ.get("TWIZA_STORES") != "servers", reason="TWIZA_STORES=servers is not asked for"
    ),
]

SAFE: Final = ("--min-replicas-to-write", "1", "--min-replicas-max-lag", "10")
LONG: Final = ("--citizens", "24", "--seconds", "120", "--seed", "9", "--quiet", "180")
DEADLINE: Final = 120.0


def outside(postgres: PostgresServer, replicated: SentinelSet) -> dict[Fault, Callable[[], None]]:
    """What befalls the servers, and how each comes back."""

    def fail_over(number: signal.Signals) -> None:
        dead = replicated.master()
        if number is signal.SIGKILL:
            dead.kill()
        else:
            dead.stall()
        wait_for("another master", lambda: has_moved(replicated, dead.port), DEADLINE)
        if number is signal.SIGKILL:
            dead.start()
        else:
            dead.go_on()
        wait_for("every replica", lambda: is_whole(replicated), DEADLINE)

    def stop() -> None:
        postgres.restart()

    def kill() -> None:
        postgres.kill()
        postgres.start()

    return {
        ("kill", "master"): lambda: fail_over(signal.SIGKILL),
        ("stall", "master"): lambda: fail_over(signal.SIGSTOP),
        ("stop", "postgresql"): stop,
        ("kill", "postgresql"): kill,
    }


def has_moved(replicated: SentinelSet, port: int) -> bool:
    """True once the Sentinels name another master."""
    try:
        return replicated.master().port != port
    except redis.RedisError:
        return False


def is_whole(replicated: SentinelSet) -> bool:
    """True once every replica follows the master."""
    try:
        return replicated.is_whole()
    except redis.RedisError:
        return False


def test_nobody_loses_anything_while_the_servers_fail_too(tmp_path: Path) -> None:
    given = read_arguments(list(LONG))
    with PostgresServer() as postgres, sentinel_set(tmp_path, PASSWORD, options=SAFE) as replicated:
        wait_for("every replica", lambda: is_whole(replicated), DEADLINE)
        url = postgres.new_database()
        stores = {"REDIS_URL": replicated.url(), "RECORDS_URL": url, "TRANSCRIPTS_URL": url}
        faults = outside(postgres, replicated)
        with started(tmp_path / "house", IMPATIENT | stores) as house:
            figures = run(house, given, faults)

    assert proves(figures), figures
    made = {f"{kind}_{name}" for kind, name in (*FAULTS, *faults) if name != "redis"}
    assert made <= figures["faults"].keys()
