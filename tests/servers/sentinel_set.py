"""A Redis with replicas and the Sentinels that watch it, which promote a replica when it dies."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

import pytest
import redis
from redis.sentinel import Sentinel

from tests.servers.process import ServerProcess, free_port
from tests.servers.redis_server import StandAloneRedis

NAME: Final = "twiza"
_PROGRAM: Final = "redis-sentinel"
_DOWN_MILLISECONDS: Final = 1500
_FAILOVER_MILLISECONDS: Final = 8000

needs_sentinel: Final = pytest.mark.skipif(
    shutil.which(_PROGRAM) is None, reason="no redis-sentinel is installed on this machine"
)


class OneSentinel(ServerProcess):
    """A Sentinel that watches one master; it keeps what it learns in its own file.

    `further` are more lines of that file.
    """

    def __init__(
        self,
        folder: Path,
        name: str,
        master: StandAloneRedis,
        quorum: int,
        further: Sequence[str] = (),
    ) -> None:
        super().__init__(name, folder, master.host, free_port(master.host), master.before)
        self._password = master.password
        self._file = folder / f"{name}.conf"
        lines = [
            f"port {self.port}",
            f"bind {self.host}",
            f"dir {folder}",
            f"sentinel monitor {NAME} {master.host} {master.port} {quorum}",
            f"sentinel down-after-milliseconds {NAME} {_DOWN_MILLISECONDS}",
            f"sentinel failover-timeout {NAME} {_FAILOVER_MILLISECONDS}",
            f"sentinel parallel-syncs {NAME} 2",
            *further,
        ]
        if self._password:
            lines += [
                f'requirepass "{self._password}"',
                f'sentinel sentinel-pass "{self._password}"',
                f'sentinel auth-pass {NAME} "{self._password}"',
            ]
        self._file.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def command(self) -> Sequence[str]:
        return (_PROGRAM, str(self._file))

    def answers(self) -> bool:
        try:
            with self.client() as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def client(self) -> redis.Redis:
        """A client of the Sentinel itself."""
        return redis.Redis(
            host=self.host, port=self.port, password=self._password or None, socket_timeout=2
        )


@dataclass(frozen=True, slots=True)
class SentinelSet:
    """Servers of which one is the master, and their Sentinels."""

    servers: tuple[StandAloneRedis, ...]
    sentinels: tuple[OneSentinel, ...]

    def url(self, database: int = 0) -> str:
        """The address of a database, as settings take it."""
        password = quote(self.servers[0].password, safe="")
        places = ",".join(f"{one.host}:{one.port}" for one in self.sentinels)
        secret, asked = (
            (f":{password}@", f"?sentinel_password={password}") if password else ("", "")
        )
        return f"redis+sentinel://{secret}{places}/{NAME}/{database}{asked}"

    def master(self) -> StandAloneRedis:
        """The server that the Sentinels name now. Raises MasterNotFoundError."""
        options = {"password": self.servers[0].password or None, "socket_timeout": 1}
        places = [(one.host, one.port) for one in self.sentinels]
        asked = Sentinel(places, sentinel_kwargs=options)  # type: ignore[no-untyped-call]
        _, port = asked.discover_master(NAME)  # type: ignore[no-untyped-call]
        return next(one for one in self.servers if one.port == port)

    def is_whole(self) -> bool:
        """Whether every Sentinel knows every other and every replica."""
        replicas = len(self.servers) - 1
        for one in self.sentinels:
            with one.client() as client:
                found = client.sentinel_master(NAME)
            others = int(found["num-other-sentinels"]), int(found["num-slaves"])
            if others != (len(self.sentinels) - 1, replicas):
                return False
        with self.master().client() as client:
            told = client.info("replication")
        states = [told.get(f"slave{number}", {}).get("state") for number in range(replicas)]
        return states == ["online"] * replicas


@contextmanager
def sentinel_set(
    folder: Path, password: str = "", replicas: int = 2, options: Sequence[str] = ()
) -> Iterator[SentinelSet]:
    """A master, its replicas and three Sentinels, up but not yet known to each other.

    `options` are those of every server, such as `--min-replicas-to-write 1`.
    """
    with ExitStack() as stack:
        master = StandAloneRedis(folder / "redis-0", password=password, options=options)
        servers = [stack.enter_context(master)]
        for number in range(1, replicas + 1):
            of = ("--replicaof", f"{master.host} {master.port}")
            where = folder / f"redis-{number}"
            replica = StandAloneRedis(where, password=password, options=(*options, *of))
            servers.append(stack.enter_context(replica))
        (folder / "sentinels").mkdir()
        sentinels = [
            stack.enter_context(OneSentinel(folder / "sentinels", f"sentinel-{n}", master, 2))
            for n in range(3)
        ]
        yield SentinelSet(tuple(servers), tuple(sentinels))
