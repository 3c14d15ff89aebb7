"""Several hosts as the chaos run knows a house: read, asked how it is, and cut in two."""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from sandbox.chaos.house import House, NotStarted, free_layout, running
from sandbox.hosts.budget import Budgets
from sandbox.hosts.network import Network
from sandbox.house.health import answers_at
from sandbox.house.layout import Layout
from sandbox.house.layout import Network as Place

_ON_EACH: Final = (
    ("door", "/health"),
    ("actions", "/health"),
    ("intake", "/health"),
    ("engine", "/"),
)
_REFUSED: Final = 3
_ASKED_SECONDS: Final = 5.0


class ManyHosts(House):
    """Hosts that are up; `names` are theirs."""

    def __init__(self, layout: Layout, process: Any) -> None:
        super().__init__(layout, process)
        self.network = Network(0)
        self.names: tuple[str, ...] = ()
        self.budgets = Budgets("", 0.0)

    def wait(self) -> None:
        """Wait until all are up. Raises NotStarted."""
        super().wait()
        self.names = tuple(self.run["hosts"])
        self.network = Network(int(self.run["network"]), self.names)
        self.budgets = Budgets(f"twiza{self.network.number}", float(self.run["cores"]))
        stores = self.run["stores"]
        place = Place(self.network.outside, name="outside")
        self.layout = Layout(
            self.data,
            self.layout.first_port,
            stores["redis"].rpartition("/")[0],
            "",
            stores["records"],
            stores["transcripts"],
            place,
        )

    def url(self, name: str, host: str) -> str:
        """The address of a process of a host, as it is reached from outside."""
        return f"http://{self.network.address(host)}:{self.layout.port(name)}"

    def is_well(self) -> bool:
        """True where everything that answers to HTTP does, on every host."""
        asked = [self.url(name, host) + path for host in self.names for name, path in _ON_EACH]
        asked.append(f"{self.layout.url('registry')}/health")
        return all(answers_at(url)(None, str) for url in asked) and self.has_all_doors()

    def has_all_doors(self) -> bool:
        """True where the proxy takes every door of the network for one that answers."""
        told = self.tell_proxy("show stat")
        rows = [row.split(",") for row in told.splitlines() if row.startswith("doors,")]
        up = [row[1] for row in rows if row[17] == "UP" and row[1] in self.names]
        return len(up) == len(self.names)

    def tell_proxy(self, order: str) -> str:
        """What the proxy answers to an order, as `set server doors/a state drain`."""
        with socket.socket(socket.AF_UNIX) as proxy:
            proxy.settimeout(_ASKED_SECONDS)
            try:
                proxy.connect(self.run["proxy"])
                proxy.sendall(order.encode() + b"\n")
                return b"".join(iter(lambda: proxy.recv(65536), b"")).decode()
            except OSError:
                return ""

    def signal(self, name: str, number: signal.Signals) -> bool:
        """Send nothing: here cables are pulled, and no process is killed."""
        return False


class Refused(NotStarted):
    """This machine allows no hosts, which is said and is no failure."""


@contextlib.contextmanager
def hosts_started(
    folder: Path, settings: dict[str, str], options: list[str] | None = None
) -> Iterator[ManyHosts]:
    """Hosts that are up, with an empty folder. Raises NotStarted, or Refused."""
    folder.mkdir(parents=True, exist_ok=True)
    layout = free_layout(folder / "data")
    command = [sys.executable, "-m", "sandbox.hosts", *(options or [])]
    for name, value in settings.items():
        command += ["--set", f"{name}={value}"]
    with running(layout, command, {}) as process:
        hosts = ManyHosts(layout, process)
        try:
            hosts.wait()
            yield hosts
        except NotStarted as failure:
            if process.poll() == _REFUSED:
                raise Refused(str(failure).strip()) from None
            raise
        finally:
            hosts.stop()


def wait_until(is_so: Any, seconds: float) -> bool:
    """Wait until something is so, no longer than that; whether it came to be."""
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


def written(figures: dict[str, Any]) -> str:
    """Figures as JSON."""
    return json.dumps(figures, indent=2)
