"""What processes spent between two readings."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psutil
import pytest
import redis

from benchmarks.cpu import (
    Machine,
    Reading,
    ServersChanged,
    counted,
    read_memory,
    read_servers,
)
from core.stores import open_redis
from sandbox.house.redis_server import find_server
from tests.end_to_end.running_house import wait_for
from tests.servers.process import free_port


def test_only_what_was_spent_since_is_told() -> None:
    before = Reading({"door": 1.0, "engine": 2.0}, frozenset({10, 11}))
    after = Reading({"door": 1.5, "engine": 4.0}, frozenset({10, 11}))

    assert {"door": 0.5, "engine": 2.0} == after.since(before)


def test_a_server_that_was_restarted_spoils_the_measurement() -> None:
    before = Reading({"door": 1.0}, frozenset({10}))
    after = Reading({"door": 0.2}, frozenset({12}))

    with pytest.raises(ServersChanged):
        after.since(before)


def test_what_is_pretended_is_not_counted() -> None:
    spent = {"door": 0.5, "redis": 0.25, "registry": 4.0, "phone": 8.0}

    assert 0.75 == counted(spent)


def test_others_have_the_share_that_nobody_here_spent() -> None:
    before = Machine(busy=10.0, ours=4.0, total=100.0)
    after = Machine(busy=18.0, ours=7.0, total=120.0)

    assert 0.25 == after.others_since(before)
    assert 0.0 == Machine(11.0, 9.0, 120.0).others_since(before)


def test_redis_that_writes_its_file_anew_was_not_restarted(tmp_path: Path) -> None:
    port = free_port()
    command = [find_server(), "--port", str(port), "--dir", str(tmp_path), "--save", ""]
    starts = "import subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)"
    with subprocess.Popen([sys.executable, "-c", starts, *command]) as house:
        store = open_redis(f"redis://127.0.0.1:{port}/0")
        wait_for("Redis", lambda: answers(store))
        store.set("name", "value")
        # So that the process that writes lives as long as this test looks at it.
        store.config_set("rdb-key-save-delay", 10_000_000)
        before = read_servers(psutil.Process(house.pid))
        store.bgrewriteaof()
        [server] = psutil.Process(house.pid).children()
        wait_for("a process of its own for the file", server.children)
        meanwhile = read_servers(psutil.Process(house.pid))
        names = set(read_memory(psutil.Process(house.pid)))
        for process in (*server.children(), server):
            process.kill()
        store.close()

    assert meanwhile.since(before)["redis"] > 0
    assert {"redis"} == names


def answers(store: redis.Redis) -> bool:
    try:
        return bool(store.ping())
    except redis.ConnectionError:
        return False
