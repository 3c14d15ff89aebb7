"""The worker's tasks, run at once in this process over real stores and a scripted Twilio."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import redis
import time_machine

from actions.registry.port import Person, RnpStatus
from actions.registry.pretend import PretendRecord
from locales import compile as compiled
from records.migrate import upgrade
from tests.builders import IDCS, KEY_TEXT, NUMBER
from tests.redis_server import RedisServer
from tests.unit.channels.scripted_engine import ScriptedEngine, running_engine
from tests.unit.worker.operators import Operator
from tests.unit.worker.scripted_twilio import ScriptedTwilio
from tests.unit.worker.submitting import OTHER
from tests.unit.worker.workshop import ACCOUNT, TOKEN, Workshop
from transcripts.migrate import upgrade as upgrade_transcripts


@pytest.fixture(scope="session")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of the records database, migrated."""
    path: Path = tmp_path_factory.mktemp("worker") / "records.db"
    upgrade(f"sqlite:///{path}")
    # One database may hold both.
    upgrade_transcripts(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated(records: Path) -> bytes:
    """What the file holds before any test."""
    return records.read_bytes()


@pytest.fixture
def engine() -> Iterator[ScriptedEngine]:
    """A scripted engine."""
    with running_engine() as running:
        yield running


@pytest.fixture
def twilio() -> Iterator[ScriptedTwilio]:
    """A scripted Twilio."""
    scripted = ScriptedTwilio()
    with scripted.served():
        yield scripted


@pytest.fixture
def still() -> Iterator[None]:
    """Time that stands still: nothing gets due because the machine is slow."""
    with time_machine.travel(datetime.now(UTC), tick=False):
        yield


@pytest.fixture
def workshop(
    monkeypatch: pytest.MonkeyPatch,
    redis_server: RedisServer,
    store: redis.Redis,
    records: Path,
    migrated: bytes,
    engine: ScriptedEngine,
    twilio: ScriptedTwilio,
    tmp_path: Path,
) -> Iterator[Workshop]:
    """The tasks of a worker that has just started."""
    compiled.main()
    given = {
        "REDIS_URL": redis_server.url,
        "BROKER_URL": redis_server.url.removesuffix("/0") + "/1",
        "RECORDS_URL": f"sqlite:///{records}",
        "TRANSCRIPTS_URL": f"sqlite:///{records}",
        "ENGINE_REDIS_URL": redis_server.url.removesuffix("/0") + "/2",
        "SPOOL_FOLDER": str(tmp_path / "spool"),
        "VAULT_KEY": KEY_TEXT,
        "PSEUDONYM_KEY": KEY_TEXT,
        "ENGINE_URL": engine.url,
        "DOOR_PUBLIC_URL": "https://door.example",
        "CHANNELS": "sms:twilio,whatsapp:twilio",
        "REGISTRY_URL": "http://127.0.0.1:1",
        "REGISTRY_CLIENT_ID": "twiza",
        "REGISTRY_CLIENT_SECRET": "a-secret-of-the-registry",
    }
    for kind, address in (("sms", "+212520000002"), ("whatsapp", "+212520000001")):
        given |= {
            f"CHANNEL_{kind.upper()}_KIND": kind,
            f"CHANNEL_{kind.upper()}_ADDRESS": address,
            f"CHANNEL_{kind.upper()}_ACCOUNT_SID": ACCOUNT,
            f"CHANNEL_{kind.upper()}_AUTH_TOKEN": TOKEN,
            f"CHANNEL_{kind.upper()}_API_URL": twilio.url,
            f"CHANNEL_{kind.upper()}_CONTENT_URL": twilio.url,
        }
    for name, value in given.items():
        monkeypatch.setenv(f"TWIZA_{name}", value)
    for path in records.parent.iterdir():
        path.unlink()
    records.write_bytes(migrated)
    workshop = Workshop(monkeypatch, engine, twilio)
    yield workshop
    workshop.close()


@pytest.fixture
def shop(workshop: Workshop) -> Workshop:
    """A worker whose registry knows two people."""
    for idcs in (IDCS, OTHER):
        person = Person(idcs, RnpStatus.REGISTERED, date(1980, 2, 3), NUMBER, "fr")
        workshop.registry.know(PretendRecord(person))
    return workshop


@pytest.fixture
def operator(
    workshop: Workshop,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Operator:
    """An operator with the sample in the folder of further programmes."""
    monkeypatch.setenv("TWIZA_PROGRAMMES_FOLDER", str(tmp_path))
    return Operator(tmp_path, capsys)
