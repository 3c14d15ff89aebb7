"""Keys are changed while everything goes on, and forgotten once nothing needs them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import redis
import sqlalchemy as sa

from core import keys
from core.keys import new_key, open_ring
from core.privacy import Seal, key_of
from core.tasks import Tasks
from core.vault import Vault
from records.addresses import Addresses, address_context
from records.audit import Audit
from records.database import Database
from records.key_file import NAME
from records.keys import DONE, REFUSED, UNREADABLE, main
from records.tables import AddressRow, AuditRow, Table
from tests.builders import KEY_TEXT
from tests.redis_server import RedisServer

_ROOT = Path(__file__).parents[3]
# Writes, changes and reads sealed values until it is told to end; a value it cannot open ends it.
_BUSY = """
import sys
from core.keys import open_ring
from core.privacy import Seal
from core.stores import open_redis
from core.vault import Vault
from records.addresses import Addresses, address_context
from records.database import open_database

url, store, text, name = sys.argv[1:]
seal = Seal(open_ring(text, "TWIZA_VAULT_KEY"))
addresses = Addresses(open_database(url, wait_seconds=30))
vault = Vault(open_redis(store, 10), seal)
print("busy", flush=True)
rounds = 0
while sys.stdin.read(1):
    for number in range(40):
        key = f"{name}-{number}"
        value = f"{key} {rounds}".encode()
        addresses.keep(key, seal.close(value, address_context(key)), "ussd")
        token = vault.put("value", "idcs", key)
        found = addresses.find(key)
        assert seal.open(found.sealed, address_context(key)) == value
        assert vault.open(token, "idcs", key) == "value"
    rounds += 1
    print(rounds, flush=True)
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of the vault key, with one key."""
    path: Path = tmp_path / "vault_key"
    path.write_text(new_key().text)
    path.chmod(0o600)
    monkeypatch.setenv(f"{NAME}_FILE", str(path))
    return path


@pytest.fixture
def run(
    url: str,
    file: Path,
    redis_server: RedisServer,
    store: redis.Redis,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., tuple[int, str]]:
    """`bin/keys` over empty stores: its status, and what it printed."""
    monkeypatch.setattr("records.keys.LOOK_SECONDS", 0.0)
    monkeypatch.setattr(keys, "LOOK_SECONDS", 0.0)
    given = {"RECORDS_URL": url, "REDIS_URL": redis_server.url, "PSEUDONYM_KEY": KEY_TEXT}
    for name, value in (given | {"BROKER_URL": broker(redis_server)}).items():
        monkeypatch.setenv(f"TWIZA_{name}", value)

    def run(*arguments: str) -> tuple[int, str]:
        status = main(arguments)
        printed = capsys.readouterr()
        return status, printed.out + printed.err

    return run


def broker(server: RedisServer) -> str:
    """The database of the broker, beside that of the sessions."""
    return server.url.removesuffix("/0") + "/1"


def seal_of(file: Path) -> Seal:
    """A seal as a process of the service opens it."""
    return Seal(open_ring(file.read_text(), NAME))


def ids(file: Path) -> list[str]:
    """The ids of the keys in the file, the one that seals first."""
    return [key.id.hex() for key in open_ring(file.read_text(), NAME).keys]


def keep(database: Database, seal: Seal, *names: str) -> None:
    """Sealed values of the records."""
    for name in names:
        Addresses(database).keep(name, seal.close(name.encode(), address_context(name)), "sms")


FILES = ("media", "content")


def keys_used(database: Database) -> set[str]:
    """The ids of the keys that the records are sealed with."""
    with database.reading() as session:
        return {key_of(sealed) for sealed in session.scalars(sa.select(AddressRow.sealed))}


def test_every_binary_column_of_the_records_is_called_as_a_rotation_finds_it() -> None:
    binary = {
        (table.name, column.name)
        for table in Table.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, sa.LargeBinary)
    }

    assert {"outbox", "drafts", "submissions", "addresses"} <= {table for table, _ in binary}
    # A file is encrypted with a key of its own, which lies in `sealed` beside it.
    assert {"sealed"} == {column for table, column in binary if (table, column) != FILES}


def test_a_rotation_wraps_all_that_is_kept_and_changes_no_value(
    database: Database, store: redis.Redis, file: Path, run: Callable[..., tuple[int, str]]
) -> None:
    seal = seal_of(file)
    keep(database, seal, *(f"number-{number}" for number in range(450)))
    vault = Vault(store, seal, life_seconds=600)
    token = vault.put("a value", "idcs", "sms-1")
    status, printed = run("rotate")
    [lasts] = [store.ttl(name) for name in store.scan_iter("vault:*")]

    assert (DONE, "451 values wrapped anew\n") == (status, printed)
    assert {ids(file)[0]} == keys_used(database)
    assert 0o600 == file.stat().st_mode & 0o777
    assert 0 < lasts <= 600
    for opener in (seal, seal_of(file)):
        found = Addresses(database).find("number-449")
        assert found is not None
        assert b"number-449" == opener.open(found.sealed, address_context("number-449"))
        assert "a value" == Vault(store, opener).open(token, "idcs", "sms-1")


def test_keys_rotate_while_rows_are_written_and_read(
    database: Database,
    url: str,
    redis_server: RedisServer,
    file: Path,
    run: Callable[..., tuple[int, str]],
) -> None:
    first = ids(file)[0]
    command = [sys.executable, "-c", _BUSY, url, redis_server.url, file.read_text()]
    piped: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    busy = [subprocess.Popen([*command, name], cwd=_ROOT, **piped) for name in ("a", "b")]
    rounds = [_next(one) for one in busy]
    statuses = []
    for _ in range(3):
        for one in busy:
            assert one.stdin is not None
            one.stdin.write("..")
            one.stdin.flush()
        statuses.append(run("rotate")[0])
    printed = [one.communicate(timeout=60)[0] for one in busy]
    ended = [one.returncode for one in busy]
    run("rewrap")
    retired = [run("retire", key)[0] for key in ids(file)[1:]]

    assert ["busy\n", "busy\n"] == rounds
    assert [DONE] * 3 == statuses
    assert ([0, 0], ["1\n2\n3\n4\n5\n6\n"] * 2) == (ended, printed)
    assert [DONE] * 3 == retired
    assert first not in ids(file)
    assert 1 == len(ids(file))
    assert {ids(file)[0]} == keys_used(database)


def _next(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


@pytest.mark.parametrize("place", ["records", "redis", "tasks"])
def test_a_key_that_something_needs_is_not_retired(
    database: Database,
    store: redis.Redis,
    redis_server: RedisServer,
    file: Path,
    run: Callable[..., tuple[int, str]],
    place: str,
) -> None:
    old = file.read_text()
    file.write_text(f"{new_key().text}\n{old}")
    seal, needed = Seal(open_ring(old, "old")), ids(file)[1]
    match place:
        case "records":
            keep(database, seal, "a")
        case "redis":
            Vault(store, seal).put("a value", "idcs", "sms-1")
        case "tasks":
            Tasks("test", broker(redis_server), seal).queue("worker.a.task", {"a": "b"})
    status, printed = run("retire", needed)

    assert (REFUSED, f"{needed} is still needed: {place} 1\n") == (status, printed)
    assert needed in ids(file)


def test_the_key_that_seals_and_one_that_is_not_there_are_not_retired(
    file: Path, run: Callable[..., tuple[int, str]]
) -> None:
    current = ids(file)[0]

    assert (REFUSED, f"{current} seals; rotate first\n") == run("retire", current)
    assert (REFUSED, "no key is called 00000000\n") == run("retire", "00000000")


def test_the_keys_are_listed_with_what_they_seal(
    database: Database, store: redis.Redis, file: Path, run: Callable[..., tuple[int, str]]
) -> None:
    keep(database, seal_of(file), "a", "b")
    run("rotate")
    Vault(store, seal_of(file)).put("a value", "idcs", "sms-1")
    status, printed = run("list")
    lines = [line.split() for line in printed.splitlines()]

    new, old = ids(file)
    assert DONE == status
    assert ["key", "records", "redis", "tasks"] == lines[0]
    assert [[new, "2", "1", "0", "seals"], [old, "0", "0", "0", "opens"]] == lines[1:]


def test_values_of_a_lost_key_are_told_and_left_alone(
    database: Database, file: Path, run: Callable[..., tuple[int, str]]
) -> None:
    lost = new_key()
    keep(database, Seal(lost.secret), "a")
    status, printed = run("rotate")
    listed, table = run("list")

    assert (UNREADABLE, UNREADABLE) == (status, listed)
    assert "1 values are sealed with a key that is not here" in printed
    assert f"{lost.id.hex()}" in table
    assert {lost.id.hex()} == keys_used(database)


def test_keys_that_stand_in_no_file_are_wrapped_with_and_not_changed(
    database: Database,
    file: Path,
    run: Callable[..., tuple[int, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keep(database, seal_of(file), "a")
    monkeypatch.delenv(f"{NAME}_FILE")
    monkeypatch.setenv(NAME, f"{new_key().text} {file.read_text()}")

    assert REFUSED == run("rotate")[0]
    assert (DONE, "1 values wrapped anew\n") == run("rewrap")


def test_two_do_not_rotate_at_once(file: Path, run: Callable[..., tuple[int, str]]) -> None:
    before = file.read_text()
    file.with_name(".vault_key.new").touch()
    status, printed = run("rotate")

    assert (REFUSED, before) == (status, file.read_text())
    assert ".vault_key.new" in printed


def test_what_is_done_to_keys_is_audited(
    database: Database, file: Path, run: Callable[..., tuple[int, str]]
) -> None:
    run("rotate")
    run("retire", ids(file)[1])
    with database.reading() as session:
        events = list(session.scalars(sa.select(AuditRow.event).order_by(AuditRow.number)))

    assert ["keys.rotate", "keys.rewrap", "keys.retire"] == events
    assert Audit(database).verify().broken_at is None
