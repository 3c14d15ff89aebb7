"""A stand-alone Redis of the machine's package, not the embedded one."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from urllib.parse import quote

import pytest
import redis

from tests.servers.process import ServerProcess, free_port

_PROGRAM: Final = "redis-server"


def find_redis() -> str | None:
    """The redis-server of this machine, or None."""
    return shutil.which(_PROGRAM)


needs_redis: Final = pytest.mark.skipif(
    find_redis() is None, reason="no redis-server is installed on this machine"
)


class StandAloneRedis(ServerProcess):
    """A redis-server with an append-only file in `folder`.

    Each write is with the system before it is confirmed, so that a killed server loses none, and
    nobody waits for the disk; only the machine's own end would lose some.

    `options` are further ones of its command line, in pairs.
    """

    def __init__(
        self,
        folder: Path,
        *,
        name: str = "redis",
        host: str = "127.0.0.1",
        port: int = 0,
        password: str = "",
        options: Sequence[str] = (),
        before: Sequence[str] = (),
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        super().__init__(name, folder, host, port or free_port(), before)
        self.password = password
        self.options = tuple(options)

    def url(self, database: int = 0) -> str:
        """The address of a database, as settings take it."""
        secret = f":{quote(self.password, safe='')}@" if self.password else ""
        return f"redis://{secret}{self.host}:{self.port}/{database}"

    def client(self, database: int = 0) -> redis.Redis:
        """A client that gives up soon."""
        return redis.Redis.from_url(self.url(database), socket_timeout=5, socket_connect_timeout=5)

    def command(self) -> Sequence[str]:
        secret = ("--requirepass", self.password, "--masterauth", self.password)
        return (
            *(_PROGRAM, "--bind", self.host, "--port", str(self.port), "--dir", str(self.folder)),
            *("--save", "", "--appendonly", "yes", "--appendfsync", "no"),
            *(secret if self.password else ("--protected-mode", "no")),
            *self.options,
        )

    def answers(self) -> bool:
        try:
            with self.client() as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def version(self) -> str:
        """Its version, such as 7.0.15."""
        with self.client() as client:
            return str(client.info("server")["redis_version"])
