"""Network namespaces as hosts, joined by a bridge, each with one cable that can be pulled.

Whoever runs this stands outside, at the bridge's own address: the providers, the registry, the
proxy and the citizens are there.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_STORES: Final = "stores"
_CALM_SECONDS: Final = 20
_VERSIONS: Final = Path("/usr/lib/postgresql")


class NoHosts(RuntimeError):
    """This machine allows no network namespaces, or lacks a program; the text says which."""


@dataclass(frozen=True, slots=True)
class Network:
    """Hosts by their names, and one for the stores; `number` tells one network from another."""

    number: int
    hosts: tuple[str, ...] = ("a", "b")

    @property
    def outside(self) -> str:
        """The address of whoever is not on a host."""
        return f"10.77.{self.number}.1"

    @property
    def everybody(self) -> str:
        """The addresses of all of them, as a network."""
        return f"10.77.{self.number}.0/24"

    def address(self, host: str) -> str:
        """The address of a host, or of the stores."""
        place = 10 if host == _STORES else 11 + self.hosts.index(host)
        return f"10.77.{self.number}.{place}"

    def within(self, host: str, command: Sequence[str]) -> tuple[str, ...]:
        """A command as it runs on a host."""
        return ("ip", "netns", "exec", self._name(host), *command)

    def cut(self, host: str) -> None:
        """Pull the cable of a host: nothing gets in or out, and its processes go on."""
        _ip("link", "set", self._name(host), "down")

    def mend(self, host: str) -> None:
        """Plug the cable in again."""
        _ip("link", "set", self._name(host), "up")

    @contextlib.contextmanager
    def made(self) -> Iterator[None]:
        """The network while it is there. Raises NoHosts."""
        bridge = self._name("br")
        try:
            _ip("link", "add", bridge, "type", "bridge")
            _ip("addr", "add", f"{self.outside}/24", "dev", bridge)
            _ip("link", "set", bridge, "up")
            for host in (*self.hosts, _STORES):
                self._add(host, bridge)
            yield
        finally:
            for host in (*self.hosts, _STORES):
                _quietly("netns", "del", self._name(host))
            _quietly("link", "del", bridge)

    def _add(self, host: str, bridge: str) -> None:
        name = self._name(host)
        _ip("netns", "add", name)
        _ip("link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", name)
        _ip("link", "set", name, "master", bridge, "up")
        _ip("-n", name, "addr", "add", f"{self.address(host)}/24", "dev", "eth0")
        for link in ("eth0", "lo"):
            _ip("-n", name, "link", "set", link, "up")

    def _name(self, host: str) -> str:
        # No longer than the name of an interface may be.
        return f"twiza{self.number}{host}"


def stores_of(network: Network) -> str:
    """The address of the stores."""
    return network.address(_STORES)


def on_stores(network: Network, command: Sequence[str]) -> tuple[str, ...]:
    """A command as it runs where the stores are."""
    return network.within(_STORES, command)


def free_network(hosts: tuple[str, ...]) -> Network:
    """A network whose addresses nobody uses here."""
    used = subprocess.run(
        ["ip", "-o", "addr"], capture_output=True, text=True, check=True, timeout=_CALM_SECONDS
    ).stdout
    number = next(one for one in range(1, 255) if f" 10.77.{one}." not in used)
    return Network(number, hosts)


def why_not() -> str:
    """Why there can be no hosts here, in a sentence; empty where there can."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "hosts are network namespaces of Linux, which root alone may make"
    for program in ("ip", "haproxy", "setpriv"):
        if shutil.which(program) is None:
            return f"{program} is not installed"
    if find_programs() is None:
        return "PostgreSQL is not installed"
    try:
        with free_network(("a",)).made():
            return ""
    except (NoHosts, StopIteration, subprocess.SubprocessError) as refused:
        return f"network namespaces are not allowed here: {refused}"


def find_programs() -> Path | None:
    """The folder of the newest PostgreSQL programs of this machine, or None."""
    on_path = shutil.which("initdb")
    if on_path is not None:
        return Path(on_path).resolve().parent
    found = sorted(_VERSIONS.glob("*/bin/initdb"), key=lambda one: float(one.parts[-3]))
    return found[-1].parent if found else None


def _ip(*arguments: str) -> None:
    done = subprocess.run(
        ["ip", *arguments], capture_output=True, text=True, check=False, timeout=_CALM_SECONDS
    )
    if done.returncode:
        raise NoHosts(f"ip {' '.join(arguments)}: {done.stderr.strip()}")


def _quietly(*arguments: str) -> None:
    with contextlib.suppress(NoHosts):
        _ip(*arguments)
