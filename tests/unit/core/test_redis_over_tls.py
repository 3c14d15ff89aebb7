"""Redis and its Sentinels over TLS, against an authority of one's own, for every kind of client."""

from __future__ import annotations

import ipaddress
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import redis
from celery import Celery
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from core.redis_address import broker
from core.stores import open_redis
from tests.servers.process import free_port
from tests.servers.redis_server import StandAloneRedis, needs_redis
from tests.servers.sentinel_set import NAME, OneSentinel, needs_sentinel

pytestmark = [needs_redis, needs_sentinel]
ROOT = Path(__file__).parents[3]
SECRET = "word"


@dataclass(frozen=True)
class World:
    """The addresses of one database: of the server, of its Sentinel, and without the authority."""

    server: str
    sentinel: str
    untrusted: str


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of this machine that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "own.pem", folder / "own.key"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("tls")
    known, key = certificate(folder)
    given = {"tls-auth-clients": "no", "tls-replication": "yes", "tls-key-file": str(key)}
    given |= {"tls-cert-file": str(known), "tls-ca-cert-file": str(known)}
    port, sentinel_port = free_port(), free_port()
    words = [word for name, value in given.items() for word in (f"--{name}", value)]
    with ExitStack() as stack:
        options = ("--tls-port", str(port), *words)
        server = StandAloneRedis(folder / "redis", password=SECRET, options=options)
        stack.enter_context(server)
        # What the Sentinel watches, and names, is the port that speaks TLS.
        server.port, plain = port, server.port
        lines = [f"tls-port {sentinel_port}", *(f"{name} {value}" for name, value in given.items())]
        stack.enter_context(OneSentinel(folder, "sentinel", server, 1, lines))
        server.port = plain
        trusted = f"?ssl_ca_certs={known}"
        behind = f"rediss+sentinel://:{SECRET}@127.0.0.1:{sentinel_port}/{NAME}/1"
        yield World(
            f"rediss://:{SECRET}@127.0.0.1:{port}/1{trusted}",
            f"{behind}{trusted}&sentinel_password={SECRET}",
            f"{behind}?sentinel_password={SECRET}",
        )


def test_clients_reach_the_server_and_the_master_that_the_sentinel_names(world: World) -> None:
    for url in (world.server, world.sentinel):
        with open_redis(url) as store:
            assert store.set("name", "Fatima")


def test_who_is_signed_by_nobody_known_is_refused(world: World) -> None:
    with open_redis(world.untrusted) as store, pytest.raises(redis.ConnectionError):
        store.ping()


def test_tasks_are_queued_and_taken(world: World) -> None:
    for url in (world.server, world.sentinel):
        with Celery("test") as app:
            app.conf.update(broker(url))
            app.send_task("some.task")
        with open_redis(url) as store:
            assert 1 == store.llen("celery")
            store.delete("celery")


def test_the_engine_reaches_them(world: World) -> None:
    program = "import sys; sys.path.insert(0, 'bot'); from engine.redis_place import open_store\n"
    program += "print([open_store(url).ping() for url in sys.argv[1:]])"
    python = str(ROOT / "bot/.venv/bin/python")
    ran = subprocess.run(
        [python, "-c", program, world.server, world.sentinel],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert "[True, True]" == ran.stdout.strip()
