"""An identifier is revealed for a reason that is audited first, and to the one who asked."""

from __future__ import annotations

import re

import pytest
import redis
import sqlalchemy as sa

from core.privacy import Seal
from core.revealing import Revealed
from core.vault import Token
from records.database import Database
from records.tables import AuditRow
from tests.builders import IDCS, KEY
from tests.redis_server import RedisServer
from tests.unit.console.conftest import Browser, SignIn
from tests.unit.console.conversations_world import TOKEN, fill

REASON = "La citoyenne demande de l'aide"


@pytest.fixture
def path(database: Database) -> str:
    """The address of the conversation with a token in it."""
    return f"/conversations/{fill(database)['whatsapp']}"


@pytest.fixture
def agent(signed_in: SignIn, path: str) -> Browser:
    """An agent who reads it."""
    browser = signed_in("agent")
    browser.open(path)
    return browser


def trace(database: Database) -> list[str]:
    """The details of what the audit says of revealing."""
    with database.reading() as session:
        rows = sa.select(AuditRow.detail).where(AuditRow.event == "identifier.revealed")
        return list(session.scalars(rows))


def queued(server: RedisServer) -> int:
    """How many tasks wait for the worker."""
    return int(redis.Redis.from_url(server.url.removesuffix("/0") + "/1").llen("celery"))


def test_a_reveal_is_audited_asked_for_and_shown_once(
    agent: Browser, path: str, database: Database, store: redis.Redis, redis_server: RedisServer
) -> None:
    before = queued(redis_server)

    agent.send(f"{path}/reveal", token=TOKEN, reason=REASON)

    assert before + 1 == queued(redis_server)
    assert "Ouverture en cours" in agent.text
    assert REASON in trace(database)[0]
    view = re.search(r"/revealed/([\w-]+)", agent.text)
    assert view is not None
    staff = re.search(r'"by": ?"(\d+)"', trace(database)[0])
    assert staff is not None
    Revealed(store, Seal(KEY)).leave(view.group(1), staff.group(1), IDCS)
    assert IDCS in agent.open(f"{path}/revealed/{view.group(1)}")
    assert IDCS not in agent.open(f"{path}/revealed/{view.group(1)}")


def test_without_a_reason_nothing_is_asked_for(
    agent: Browser, path: str, database: Database
) -> None:
    agent.send(f"{path}/reveal", token=TOKEN, reason="  a ")

    assert "motif" in agent.text
    assert [] == trace(database)


@pytest.mark.parametrize(
    "token",
    ["", IDCS, str(Token("idcs", "B" * 22, "19")), str(Token("shown", "A" * 22, ""))],
)
def test_only_what_was_said_there_is_revealed(
    agent: Browser, path: str, database: Database, token: str
) -> None:
    agent.send(f"{path}/reveal", token=token, reason=REASON)

    assert 404 == agent.status
    assert [] == trace(database)


def test_what_never_came_is_told_as_gone(agent: Browser, path: str) -> None:
    assert "délai est passé" in agent.open(f"{path}/revealed/1-abc")
