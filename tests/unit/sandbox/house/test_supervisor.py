"""Processes start in their order, come back when they end, and never outlive the house."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from sandbox.house.supervisor import StartFailed
from tests.unit.sandbox.house.rooms import House, once, running, wait_until

FOREVER = "echo ready; exec sleep 60"


def test_a_process_starts_when_what_it_needs_is_ready(tmp_path: Path) -> None:
    order = tmp_path / "order"
    house = House(
        tmp_path,
        running("door", f"echo door >> {order}; {FOREVER}", after=("redis", "records")),
        once("records", f"echo records >> {order}", after=("redis",)),
        running("redis", f"sleep 0.3; echo redis >> {order}; {FOREVER}"),
    )
    try:
        is_up = house.supervisor.start()
    finally:
        house.supervisor.stop()

    assert is_up
    assert ["redis", "records", "door"] == order.read_text(encoding="utf-8").split()


def test_a_process_that_ends_while_starting_stops_the_start_and_shows_its_log(
    tmp_path: Path,
) -> None:
    house = House(tmp_path, running("redis", FOREVER), running("door", "echo no key given; exit 3"))
    try:
        with pytest.raises(StartFailed, match=r"no key given\ndoor ended with 3 while starting"):
            house.supervisor.start()
    finally:
        house.supervisor.stop()


def test_a_process_that_is_never_ready_stops_the_start(tmp_path: Path) -> None:
    house = House(tmp_path, running("engine", "echo loading; exec sleep 60", within=0.2))
    try:
        with pytest.raises(StartFailed, match=r"loading\nengine was not ready within"):
            house.supervisor.start()
    finally:
        house.supervisor.stop()


def test_a_process_that_ends_unexpectedly_comes_back(tmp_path: Path) -> None:
    # It ends after its first life only.
    flag = tmp_path / "lived"
    command = f"echo ready; test -e {flag} && exec sleep 60; touch {flag}; sleep 0.5; exit 4"
    house = House(tmp_path, running("actions", command))
    assert house.supervisor.start()

    watching = threading.Thread(target=house.supervisor.watch)
    watching.start()
    try:
        wait_until(lambda: "actions ready again" in house.said)
    finally:
        house.supervisor.stop_asked = True
        watching.join()
        house.supervisor.stop()

    assert any("actions ended with 4" in sentence for sentence in house.said)


def test_nothing_that_a_process_started_is_left_behind(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    # The first refuses to end, and so does its child.
    stubborn = f"trap '' TERM; sleep 60 & echo $! $$ > {pids}; echo ready; wait; wait"
    house = House(tmp_path, running("engine", stubborn), running("redis", FOREVER), grace=0.5)
    assert house.supervisor.start()
    started = [psutil.Process(int(pid)) for pid in pids.read_text(encoding="utf-8").split()]

    house.supervisor.stop()

    assert [] == [process for process in started if is_alive(process)]


def test_redis_ends_after_those_that_write_to_it(tmp_path: Path) -> None:
    order = tmp_path / "order"
    tidy = "trap 'sleep {0}; echo {1} >> {2}; exit' TERM; echo ready; while :; do sleep 0.05; done"
    house = House(
        tmp_path,
        running("redis", tidy.format(0, "redis", order)),
        running("worker", tidy.format(0.4, "worker", order)),
    )
    assert house.supervisor.start()

    house.supervisor.stop()

    assert ["worker", "redis"] == order.read_text(encoding="utf-8").split()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_the_processes_end_even_when_the_house_is_killed_outright(tmp_path: Path) -> None:
    program = (
        "import pathlib, sys\n"
        "from tests.unit.sandbox.house.rooms import House, running\n"
        "house = House(pathlib.Path(sys.argv[1]), running('door', 'echo $$ ready; exec sleep 60'))"
        "\n"
        "house.supervisor.start()\n"
        "house.supervisor.watch()\n"
    )
    supervisor = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)])
    log = tmp_path / "logs/door.log"
    try:
        wait_until(lambda: log.exists() and "ready" in log.read_text(encoding="utf-8"))
        door = psutil.Process(int(log.read_text(encoding="utf-8").split()[0]))
    finally:
        supervisor.kill()
        supervisor.wait()

    wait_until(lambda: not is_alive(door))


def is_alive(process: psutil.Process) -> bool:
    """Whether a process still runs; one that waits to be reaped by its adopter does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_process_whose_port_is_held_comes_back_as_soon_as_it_is_free(tmp_path: Path) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        lives = tmp_path / "lives"
        # It ends after its first life only, and would each time for want of its port.
        command = f"echo life >> {lives}; echo ready; test $(wc -l < {lives}) = 1 || exec sleep 60"
        house = House(tmp_path, replace(running("actions", f"{command}; sleep 0.2"), port=port))
        assert house.supervisor.start()
        watching = threading.Thread(target=house.supervisor.watch)
        watching.start()
        try:
            wait_until(lambda: any("starts again in 1 s" in one for one in house.said))
            wait_until(lambda: f"actions waits for port {port}" in house.said)
            lived = lives.read_text(encoding="utf-8").count("life")
            held.close()
            wait_until(lambda: "actions ready again" in house.said)
        finally:
            house.supervisor.stop_asked = True
            watching.join()
            house.supervisor.stop()

    assert 1 == lived
    assert 1 == sum("ended" in one for one in house.said)


def test_a_process_gives_way_to_another_once_it_has_ended_what_it_had_in_hand(
    tmp_path: Path,
) -> None:
    done = tmp_path / "done"
    # It takes its time over a signal to end.
    first = f"trap 'sleep 0.5; echo first >> {done}; exit 0' TERM; echo ready; sleep 60 & wait"
    house = House(tmp_path, running("door", first))
    assert house.supervisor.start()
    later = running("door", f"echo second >> {done}; {FOREVER}")
    asked: list[bool] = []

    def ask_once() -> None:
        if not asked:
            asked.append(True)
            house.supervisor.replace(later)

    watching = threading.Thread(target=house.supervisor.watch, args=(ask_once,))
    watching.start()
    try:
        wait_until(lambda: bool(asked) and house.supervisor.is_ready("door"))
    finally:
        house.supervisor.stop_asked = True
        watching.join()
        house.supervisor.stop()

    assert ["first", "second"] == done.read_text(encoding="utf-8").split()
    assert not any("ended with" in sentence for sentence in house.said)
