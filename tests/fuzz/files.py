"""Files that operators write: programmes, dialects, accepted advisories, manifests of backups."""

from __future__ import annotations

import contextlib
import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import orjson

from actions.programmes.catalogue import FILES, load_programmes
from channels.providers.twilio.contents import _read
from channels.providers.ussd.dialect import FOLDER as DIALECTS
from channels.providers.ussd.dialect import load_dialect
from core.errors import SettingsFaulty
from core.keys import read_keys
from supply.advisories import FILE as ADVISORIES
from supply.advisories import read_advisories
from tests.fuzz.target import target, words
from worker.keeping.erasures import erased_since
from worker.keeping.manifest import NAME, BackupRefused, read_manifest


@cache
def folder(name: str) -> Path:
    """An empty folder for a kind of file."""
    return Path(tempfile.mkdtemp(prefix=f"twiza-fuzz-{name}-"))


@target("programmes", [(FILES / f"{name}.toml").read_bytes() for name in ("tayssir", "minhaty")])
def programmes(data: bytes) -> None:
    """A programme's file is read, or named with its fault; the others stand."""
    (folder("programmes") / "flood.toml").write_bytes(data)
    try:
        found = load_programmes(str(folder("programmes")))
    except SettingsFaulty as faulty:
        if not any("flood" in fault for fault in faulty.faults):
            raise AssertionError("another file is blamed") from faulty
        return
    assert "flood" in found


@target("dialects", [(DIALECTS / f"{name}.toml").read_bytes() for name in ("hubtel", "mtech")])
def dialects(data: bytes) -> None:
    """A gateway's file, likewise."""
    (folder("dialects") / "other.toml").write_bytes(data)
    with contextlib.suppress(SettingsFaulty):
        load_dialect("other", folder("dialects"))


@target("advisories", [ADVISORIES.read_bytes()])
def advisories(data: bytes) -> None:
    """The file of accepted faults."""
    path = folder("advisories") / "advisories.toml"
    path.write_bytes(data)
    with contextlib.suppress(ValueError):
        read_advisories(path)


@target("manifests", ['{"format": 1, "version": "0.1.0", "stores": [], "folders": {}}'])
def manifests(data: bytes) -> None:
    """What a backup says of itself, and a note of an erasure."""
    (folder("backup") / NAME).write_bytes(data)
    (folder("backup") / "one.erasure").write_bytes(data)
    with contextlib.suppress(BackupRefused):
        read_manifest(folder("backup"))
    erased_since(folder("backup"), _epoch())


def _epoch() -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC)


@target("keys", ["A" * 43 + "=", "A" * 43 + "=\n" + "B" * 43 + "="])
def keys(data: bytes) -> None:
    """The file of keys."""
    with contextlib.suppress(SettingsFaulty):
        read_keys(words(data), "TWIZA_VAULT_KEY")


@target("templates", ['{"status": "approved", "rejection_reason": ""}', "null"])
def templates(data: bytes) -> None:
    """What Twilio tells of a template's approval."""
    try:
        told = orjson.loads(data)
    except orjson.JSONDecodeError:
        return
    if told is None or isinstance(told, dict):
        _read("HX1", told)
