"""Where everything of one house is: its folder, its ports, its addresses."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from core.redis_address import with_database

ROOT = Path(__file__).resolve().parents[2]

# Offsets from the first port. What stands here without a process is kept free for it; the intake
# is where the registry tells of changes.
PORTS = {
    "door": 0,
    "console": 1,
    "registry": 2,
    "phone": 3,
    "engine": 4,
    "actions": 5,
    "redis": 6,
    "intake": 7,
    "smsc": 8,
    "smsc_smpp": 9,
    "smpp": 10,
    "worker": 11,
    "beat": 12,
}
# Where stores are that run already.
GIVEN_STORES = ("REDIS_URL", "RECORDS_URL", "TRANSCRIPTS_URL")
# Of processes that are there only where they are asked for.
_OF_SMPP = ("smsc", "smsc_smpp", "smpp")


@dataclass(frozen=True)
class Network:
    """Where the processes of a house listen, and where each finds those that are `elsewhere`.

    `name` tells its worker from those of other hosts; `gateway` is where gateways call from.
    """

    address: str = "127.0.0.1"
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    name: str = "house"
    gateway: str = "127.0.0.1"


@dataclass(frozen=True)
class Layout:
    """One house: all its state under `data`, its ports from `first_port` on, loopback only.

    `given_redis_url` is a Redis that runs already. Without it the house starts its own. The two
    databases are SQLite files of its own where none are given.
    `smpp_style` is how its pretend SMSC tells sessions; without it there is none.
    """

    data: Path
    first_port: int
    given_redis_url: str | None = None
    smpp_style: str = ""
    given_records_url: str | None = None
    given_transcripts_url: str | None = None
    network: Network = field(default_factory=Network)

    @classmethod
    def on_this_machine(cls, data: Path, first_port: int, smpp_style: str = "") -> Self:
        """A house with the stores that the environment names, and else its own."""
        redis, records, transcripts = (os.environ.get(name) or None for name in GIVEN_STORES)
        return cls(data, first_port, redis, smpp_style, records, transcripts)

    @classmethod
    def of_stores(
        cls, data: Path, first_port: int, stores: dict[str, str], smpp_style: str = ""
    ) -> Self:
        """A house that is up, with its stores as its run.json names them."""
        return cls(
            data,
            first_port,
            stores["redis"],
            smpp_style,
            stores["records"],
            stores["transcripts"],
        )

    def port(self, name: str) -> int:
        """The port of a process."""
        return self.first_port + PORTS[name]

    def url(self, name: str) -> str:
        """The address of a process, without a slash at its end."""
        address = self.network.elsewhere.get(name, self.network.address)
        return f"http://{address}:{self.port(name)}"

    def own(self, name: str) -> str:
        """The address and port at which a process of this host listens."""
        return f"{self.network.address}:{self.port(name)}"

    def log(self, name: str) -> Path:
        """The log file of a process."""
        return self.data / "logs" / f"{name}.log"

    @property
    def run_file(self) -> Path:
        """The file that says how to reach this house while it is up."""
        return self.data / "run.json"

    @property
    def channels_file(self) -> Path:
        """The file that tells the phone of the door's channels."""
        return self.data / "channels.json"

    @property
    def records_url(self) -> str:
        """The address of the records."""
        return self.given_records_url or f"sqlite:///{self.data / 'records.sqlite'}"

    @property
    def transcripts_url(self) -> str:
        """The address of the transcripts."""
        return self.given_transcripts_url or f"sqlite:///{self.data / 'transcripts.sqlite'}"

    @property
    def stores(self) -> dict[str, str]:
        """The addresses of its stores, as run.json names them."""
        return {
            "redis": self.redis_url(0),
            "records": self.records_url,
            "transcripts": self.transcripts_url,
        }

    def redis_url(self, database: int) -> str:
        """The address of one database of the Redis in use."""
        if self.given_redis_url is None:
            return f"redis://127.0.0.1:{self.port('redis')}/{database}"
        return with_database(self.given_redis_url, database)


def is_free(port: int) -> bool:
    """Whether a process could listen on a port of this machine now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def find_taken_port(layout: Layout) -> str | None:
    """Say in one sentence which port of the house is in use. None if all are free."""
    for name, offset in PORTS.items():
        if name == "redis" and layout.given_redis_url is not None:
            continue
        if name in _OF_SMPP and not layout.smpp_style:
            continue
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", layout.first_port + offset))
            except OSError as refused:
                return (
                    f"Port {layout.first_port + offset} ({name}) can't be used: {refused.strerror}."
                    " Stop what listens there, or choose other ports: --ports-from 9000."
                )
    return None
