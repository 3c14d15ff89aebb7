"""Run several hosts on this machine until SIGTERM; run.json in the data folder says where.

A file in the folder `orders` with the name of a process (door@a) has that process replaced by one
of the tree that stands in it, or only ended and begun anew where it is empty. It goes when that is
done.
"""

from __future__ import annotations

import argparse
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Final

from sandbox.hosts.budget import Budgets
from sandbox.hosts.earlier import earlier_settings
from sandbox.hosts.network import NoHosts, find_programs, free_network, why_not
from sandbox.hosts.plan import Plan
from sandbox.hosts.stores import make_database, records_url
from sandbox.house.layout import ROOT
from sandbox.house.run_file import channels, describe, write_json
from sandbox.house.supervisor import StartFailed, Supervisor

_GRACE_SECONDS: Final = 30.0


def say(sentence: str) -> None:
    """Print one line of progress."""
    print(f"hosts: {sentence}", file=sys.stderr, flush=True)


def read_arguments(given: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="sandbox.hosts", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--ports-from", type=int, default=8000, metavar="N")
    parser.add_argument("--cores", type=float, default=0.0, help="of a processor for each host")
    parser.add_argument("--tree", type=Path, default=ROOT, help="where the hosts' code is at first")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    return parser.parse_args(given)


class Orders:
    """What is asked of a running set of hosts, by files in a folder."""

    def __init__(self, plan: Plan, supervisor: Supervisor) -> None:
        self._plan = plan
        self._supervisor = supervisor
        self._under_way: dict[str, Path] = {}
        self._folder = plan.data / "orders"
        self._folder.mkdir(exist_ok=True)

    def look(self) -> None:
        """Begin what is asked, and end what is done."""
        for name, order in list(self._under_way.items()):
            if self._supervisor.is_ready(name):
                del self._under_way[name]
                order.unlink()
        for order in self._folder.iterdir():
            if order.suffix or order.name in self._under_way:
                continue
            tree = Path(order.read_text(encoding="utf-8").strip() or self._plan.tree)
            plan = replace(self._plan, tree=tree, earlier=earlier_settings(self._plan, tree))
            rows = plan.of_host(order.name.partition("@")[2])
            self._supervisor.replace(next(row for row in rows if row.name == order.name))
            self._under_way[order.name] = order


def run(plan: Plan) -> int:
    """Start, keep up until SIGTERM, stop. Return the exit status."""
    layout, secrets = plan.layout, plan.secrets
    write_json(layout.channels_file, channels(layout, secrets))
    supervisor = Supervisor(plan.rows(), layout, say, _GRACE_SECONDS)

    def ask_to_stop(*_: object) -> None:
        supervisor.stop_asked = True

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, ask_to_stop)
    try:
        if supervisor.start():
            described = describe(layout, secrets)
            network = plan.network
            described["hosts"] = {host: network.address(host) for host in network.hosts}
            described["proxy"] = str(plan.proxy_socket)
            described["network"] = network.number
            described["records"] = records_url(network)
            described["budget"] = plan.budgets.how
            described["cores"] = plan.budgets.cores
            write_json(layout.run_file, described)
            supervisor.watch(Orders(plan, supervisor).look)
    except StartFailed as failure:
        say(str(failure))
        return 1
    finally:
        layout.run_file.unlink(missing_ok=True)
        supervisor.stop()
    return 0


def main() -> int:
    """Run the hosts of the command line; 3 where this machine allows none."""
    given = read_arguments()
    refusal, programs = why_not(), find_programs()
    if refusal or programs is None:
        say(refusal or "PostgreSQL is not installed")
        return 3
    data = given.data.resolve()
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    network = free_network(("a", "b"))
    budgets = Budgets(f"twiza{network.number}", given.cores)
    database = Path(tempfile.mkdtemp(prefix="twiza-hosts-"))
    settings = dict(one.split("=", 1) for one in given.set)
    plan = Plan(data, given.ports_from, network, budgets, programs, database, settings, given.tree)
    plan = replace(plan, earlier=earlier_settings(plan, given.tree))
    try:
        with network.made(), budgets.made(network.hosts):
            make_database(programs, database, network)
            return run(plan)
    except (NoHosts, subprocess.SubprocessError) as failure:
        say(str(failure))
        return 1
    finally:
        shutil.rmtree(database, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
