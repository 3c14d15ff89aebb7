"""Each host listens at its own address, finds the rest where it is, and there is one beat."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from sandbox.hosts.budget import Budgets
from sandbox.hosts.network import Network, stores_of
from sandbox.hosts.plan import Plan
from sandbox.house.process import Process

NETWORK = Network(9, ("a", "b"))


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    """Two hosts, none of which runs."""
    return Plan(tmp_path, 8000, NETWORK, Budgets("t", 0.0), tmp_path, tmp_path)


def named(rows: list[Process], name: str) -> Process:
    return next(row for row in rows if row.name == name)


def test_every_host_has_each_process_and_one_has_the_beat(plan: Plan) -> None:
    names = [row.name for row in plan.rows()]

    for name in ("door", "engine", "actions", "worker", "intake"):
        assert {f"{name}@a", f"{name}@b"} <= set(names)
    assert ["beat@b"] == [name for name in names if name.startswith("beat")]
    assert len(names) == len(set(names))


def test_a_door_listens_on_its_host_and_is_known_by_the_proxys_address(plan: Plan) -> None:
    door = named(plan.rows(), "door@a")

    assert f"{NETWORK.address('a')}:8000" in door.command
    assert f"http://{NETWORK.outside}:8000" == door.settings["TWIZA_DOOR_PUBLIC_URL"]
    assert f"http://{NETWORK.address('a')}:8004" == door.settings["TWIZA_ENGINE_URL"]
    assert stores_of(NETWORK) in door.settings["TWIZA_REDIS_URL"]
    assert stores_of(NETWORK) in door.settings["TWIZA_RECORDS_URL"]


def test_hosts_share_no_disk_and_no_name(plan: Plan) -> None:
    rows = plan.rows()
    a, b = (named(rows, f"worker@{host}") for host in "ab")

    assert a.settings["TWIZA_SPOOL_FOLDER"] != b.settings["TWIZA_SPOOL_FOLDER"]
    assert "worker@a" in a.command
    assert "worker@b" in b.command


def test_a_host_of_another_tree_runs_that_trees_code(plan: Plan, tmp_path: Path) -> None:
    rows = replace(plan, tree=tmp_path / "earlier").of_host("a")

    assert {tmp_path / "earlier"} == {row.folder for row in rows}


@pytest.mark.skipif(shutil.which("haproxy") is None, reason="haproxy is not installed")
def test_the_proxy_takes_its_file(plan: Plan) -> None:
    proxy = named(plan.rows(), "proxy")

    done = subprocess.run(
        [*proxy.command, "-c"],
        env={"PATH": os.environ["PATH"], **proxy.settings},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )

    assert 0 == done.returncode, done.stderr
    assert "WARNING" not in done.stderr


def test_what_reached_a_door_is_sent_to_no_other() -> None:
    lines = (Path(__file__).parents[4] / "sandbox/hosts/haproxy.cfg").read_text("utf-8")

    assert ["retry-on conn-failure"] == [
        line.strip() for line in lines.splitlines() if "retry-on" in line
    ]
