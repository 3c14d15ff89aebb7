"""What holds for every test: nothing is reached but this machine, and Redis is a real server."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import redis
from xdist.remote import Producer
from xdist.scheduler.loadfile import LoadFileScheduling

from tests.end_to_end.running_house import RunningHouse
from tests.redis_server import RedisServer
from tests.servers.stores import asked_for

# How long an example takes depends on what else the machine does.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


def _is_here(address: Any) -> bool:
    if not isinstance(address, tuple):
        return True
    try:
        return address[0] == "localhost" or ipaddress.ip_address(address[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Neither connections nor datagrams nor questions about names leave this machine."""
    resolve = socket.getaddrinfo

    def resolved(host: Any, *given: Any, **named: Any) -> Any:
        if host and not _is_here((host.decode() if isinstance(host, bytes) else host, 0)):
            raise PermissionError(f"a test asked for {host}: only loopback is open")
        return resolve(host, *given, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", resolved)
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        yield


def _guarded(method: Any) -> Any:
    def call(self: socket.socket, *given: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(given[-1]):
            raise PermissionError(f"a test reached for {given[-1]}: only loopback is open")
        return method(self, *given)

    return call


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A Redis server of this test run alone."""
    folder: Path = tmp_path_factory.mktemp("redis")
    with RedisServer(folder) as server:
        yield server


@pytest.fixture
def store(redis_server: RedisServer) -> Iterator[redis.Redis]:
    """An empty Redis database, as the processes open it."""
    client = redis_server.client()
    client.flushall()
    yield client
    client.close()


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHouse]:
    """The whole service, started with an empty data folder; each test leaves it healthy.

    On a PostgreSQL and a stand-alone Redis where TWIZA_STORES=servers says so.
    """
    folder = tmp_path_factory.mktemp("house")
    with (
        asked_for(folder / "redis-server") as servers,
        RunningHouse.started(folder / "data", servers) as running,
    ):
        _HOUSES.append(running)
        yield running


_HOUSES: list[RunningHouse] = []
# Files go by their names, and from these folders on nobody calls a house. One that is up takes a
# part of a processor from the tests that are left.
_AFTER_HOUSES = frozenset(
    {"equivalence", "fuzz", "house", "servers", "understanding", "unit", "words"}
)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Stop the house once no test calls it, and start it again for one that does."""
    for running in _HOUSES:
        if "house" in getattr(item, "fixturenames", ()):
            running.go_on()
        elif item.path.relative_to(Path(__file__).parent).parts[0] in _AFTER_HOUSES:
            assert running.stop() == 0


class FilesTogether(LoadFileScheduling):
    """A file for each process at a time, and those that share a house of their own one by one.

    Else each of them would start that house anew. What takes minutes stands alone.
    """

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        folder, _, name = file.rpartition("/")
        shares = folder == "tests/dialogue/applications" and name != "test_campaign.py"
        return folder if shares else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(
    config: pytest.Config, log: Producer | None
) -> LoadFileScheduling | None:
    """Share the files out so where bin/test asks for whole files."""
    return FilesTogether(config, log) if config.getvalue("dist") == "loadfile" else None


_NUMBERS = count(100)


@pytest.fixture
def stranger() -> str:
    """A number that no file holds and no other test has used."""
    return f"+2126610{next(_NUMBERS):05d}"
