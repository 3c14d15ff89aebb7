"""What runs where: the rows of each host, those outside, and the proxy before the doors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from sandbox.hosts.budget import Budgets
from sandbox.hosts.network import Network
from sandbox.hosts.stores import records_url, redis_url, store_processes
from sandbox.house.health import answers_at
from sandbox.house.layout import ROOT, Layout
from sandbox.house.layout import Network as Place
from sandbox.house.process import Process
from sandbox.house.processes import process_table
from sandbox.house.secret_files import SecretFiles

_CONFIG: Final = Path(__file__).with_name("haproxy.cfg")
# In the order in which an upgrade replaces them.
ON_EACH: Final = ("actions", "engine", "worker", "intake", "door")
# There is one, on the last host.
ONCE: Final = "beat"
_OUTSIDE: Final = ("catalogs", "model", "records", "transcripts", "registry", "phone", "templates")
# What the rows of every host find outside.
_FOUND: Final = ("door", "registry", "phone", "intake")
_NOBODY: Final = "127.0.0.1:9"
# Each citizen has one of their own.
_HOUSEHOLDS: Final = "600"
# A proxy of this machine is for the world outside.
_DIRECT: Final = dict.fromkeys(("NO_PROXY", "no_proxy"), "*")


@dataclass(frozen=True, slots=True)
class Plan:
    """All of several hosts; `settings` are given to every process that is on a host.

    `tree` is where the code of the hosts is, `earlier` what an earlier code is set by beside.
    """

    data: Path
    first_port: int
    network: Network
    budgets: Budgets
    programs: Path
    database: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    tree: Path = ROOT
    earlier: Mapping[str, str] = field(default_factory=dict)

    @property
    def layout(self) -> Layout:
        """Everything as it is found from outside."""
        return self._layout(self.data, Place(self.network.outside, name="outside"))

    @property
    def secrets(self) -> SecretFiles:
        """The one set of secrets that all share."""
        return SecretFiles(self.data / "secrets")

    @property
    def proxy_socket(self) -> Path:
        """Where the proxy takes orders; the path of a socket must be short."""
        return self.database / "proxy"

    def rows(self) -> list[Process]:
        """Every process, in the order in which they may start."""
        layout = self.layout
        rows = store_processes(layout, self.network, self.programs, self.database)
        outside = {row.name: row for row in process_table(layout, self.secrets)}
        rows += [self._outside(outside[name]) for name in _OUTSIDE]
        rows.append(self._proxy())
        for host in self.network.hosts:
            rows += self.of_host(host)
        return rows

    def of_host(self, host: str) -> list[Process]:
        """The processes of one host."""
        data = self.data / host
        data.mkdir(parents=True, exist_ok=True)
        elsewhere = dict.fromkeys(_FOUND, self.network.outside)
        place = Place(self.network.address(host), elsewhere, host, self.network.outside)
        layout = self._layout(data, place)
        is_last = host == self.network.hosts[-1]
        names = (*ON_EACH, ONCE) if is_last else ON_EACH
        found = {row.name: row for row in process_table(layout, self.secrets)}
        return [self._on_host(found[name], host) for name in names]

    def _on_host(self, row: Process, host: str) -> Process:
        command = self.budgets.within(host, self.network.within(host, row.command))
        after = tuple(name for name in row.after if name in ("records", "transcripts", "catalogs"))
        return replace(
            row,
            name=f"{row.name}@{host}",
            command=command,
            settings={**row.settings, **_DIRECT, **self.settings, **self.earlier},
            after=(*after, "redis", "postgres", "model"),
            port=0,
            folder=self.tree,
        )

    def _outside(self, row: Process) -> Process:
        after = row.after if row.name in ("phone", "templates") else ()
        if row.name in ("records", "transcripts", "templates"):
            after = (*after, "postgres", "redis")
        more = {"SANDBOX_HOUSEHOLDS": _HOUSEHOLDS} if row.name == "registry" else {}
        return replace(row, settings={**row.settings, **_DIRECT, **more}, after=after, port=0)

    def _proxy(self) -> Process:
        layout = self.layout
        settings = {
            "PROXY_SOCKET": str(self.proxy_socket),
            "PROXY_DOOR": layout.own("door"),
            "PROXY_INTAKE": layout.own("intake"),
        }
        for letter in ("a", "b"):
            for name in ("door", "intake"):
                is_there = letter in self.network.hosts
                at = f"{self.network.address(letter)}:{layout.port(name)}" if is_there else _NOBODY
                settings[f"{name}_{letter}".upper()] = at
        command = ("haproxy", "-db", "-f", str(_CONFIG))
        doors = tuple(f"door@{host}" for host in self.network.hosts)
        return Process(
            "proxy", command, answers_at(f"{layout.url('door')}/health"), settings, doors
        )

    def _layout(self, data: Path, place: Place) -> Layout:
        redis = redis_url(self.network, Layout(data, self.first_port))
        # One database may hold both.
        sql = records_url(self.network)
        return Layout(data, self.first_port, redis, "", sql, sql, place)
