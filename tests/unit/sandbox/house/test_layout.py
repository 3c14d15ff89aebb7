"""Where a house is: its ports, its addresses, its secrets."""

from __future__ import annotations

import socket
import stat
from pathlib import Path

from sandbox.house.layout import PORTS, Layout, find_taken_port
from sandbox.house.secret_files import NAMES, SecretFiles


def test_every_process_has_a_port_of_its_own(tmp_path: Path) -> None:
    layout = Layout(tmp_path, 18000)

    assert list(range(18000, 18013)) == sorted(layout.port(name) for name in PORTS)


def test_a_taken_port_is_named_with_its_process_and_a_way_out(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        sentence = find_taken_port(Layout(tmp_path, port))

    assert sentence is not None
    assert f"Port {port} (door) can't be used" in sentence
    assert "--ports-from" in sentence


def test_a_redis_that_runs_already_keeps_its_host_and_gets_three_databases(tmp_path: Path) -> None:
    layout = Layout(tmp_path, 18000, "redis://:word@store:6400/5")

    assert "redis://:word@store:6400/1" == layout.redis_url(1)


def test_secrets_are_made_once_and_are_their_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    first = {name: SecretFiles(folder).read(name) for name in NAMES}
    again = {name: SecretFiles(folder).read(name) for name in NAMES}
    modes = {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}

    assert first == again
    assert len(NAMES) == len(set(first.values()))
    assert {0o600} == modes
    assert 0o700 == stat.S_IMODE(folder.stat().st_mode)
