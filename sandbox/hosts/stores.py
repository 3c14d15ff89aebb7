"""The stores on a host of their own: PostgreSQL and Redis, as real servers."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Final

from sandbox.hosts.network import Network, on_stores, stores_of
from sandbox.house.health import redis_answers
from sandbox.house.layout import Layout
from sandbox.house.process import Process
from sandbox.house.redis_server import find_server

_PORT: Final = 5432
# PostgreSQL refuses to run as root.
_OWNER: Final = "postgres"


def records_url(network: Network) -> str:
    """The address of the one database, which holds records and transcripts."""
    return f"postgresql+psycopg://twiza@{stores_of(network)}:{_PORT}/postgres"


def redis_url(network: Network, layout: Layout) -> str:
    """The address of Redis."""
    return f"redis://{stores_of(network)}:{layout.port('redis')}"


def make_database(programs: Path, folder: Path, network: Network) -> None:
    """Make the files of an empty database, which trusts the hosts."""
    shutil.chown(folder, _OWNER)
    made = [*_as_owner(), str(programs / "initdb"), "-D", str(folder / "data"), "-U", "twiza"]
    made += ["--auth", "trust", "--encoding", "UTF8", "--no-sync"]
    subprocess.run(made, cwd=folder, check=True, stdout=subprocess.DEVNULL, timeout=120)
    with (folder / "data" / "pg_hba.conf").open("a", encoding="ascii") as trusted:
        trusted.write(f"host all all {network.everybody} trust\n")


def store_processes(
    layout: Layout, network: Network, programs: Path, folder: Path
) -> list[Process]:
    """The rows of both; what is in them outlives no run, so nothing need reach the disk."""
    data = layout.data / "redis"
    data.mkdir(parents=True, exist_ok=True)
    port, address = layout.port("redis"), stores_of(network)
    redis = [find_server(), "--bind", address, "--port", str(port), "--dir", str(data)]
    redis += ["--protected-mode", "no", "--appendonly", "yes", "--save", ""]
    postgres = [*_as_owner(), str(programs / "postgres"), "-D", str(folder / "data"), "-k", ""]
    postgres += ["-h", address, "-p", str(_PORT)]
    postgres += ["-c", "max_connections=400", "-c", "fsync=off"]
    ready = (str(programs / "pg_isready"), "-q", "-h", address, "-p", str(_PORT))
    return [
        Process("redis", on_stores(network, redis), redis_answers(redis_url(network, layout))),
        Process("postgres", on_stores(network, postgres), lambda *_: _is_ready(ready)),
    ]


def _is_ready(command: tuple[str, ...]) -> bool:
    return subprocess.run(command, check=False, timeout=10).returncode == 0


def _as_owner() -> list[str]:
    own = ["setpriv", f"--reuid={_OWNER}", f"--regid={_OWNER}", "--clear-groups"]
    return [*own, "--pdeathsig", "TERM"]
