"""What citizens ask for about their data: entered, shown with the days left, done for a reason."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import redis
import sqlalchemy as sa

from core.privacy import Pseudonyms, Seal
from records.clock import utc_now
from records.database import Database
from records.exported import ExportFiles
from records.rights_requests import EXPORT, STAFF, Entered, RightsRequests
from records.tables import AuditRow, RightsRequestRow
from tests.builders import IDCS, KEY, NUMBER
from tests.redis_server import RedisServer
from tests.unit.console.conftest import Browser, SignIn
from tests.unit.console.conversations_world import NUMBER_KEY, fill

REASON = "Vu au guichet ce matin"


@pytest.fixture
def supervisor(signed_in: SignIn) -> Browser:
    """A supervisor at the list."""
    browser = signed_in("supervisor")
    browser.open("/rights")
    return browser


def events(database: Database) -> list[str]:
    """What the audit says of such requests, in order."""
    with database.reading() as session:
        rows = sa.select(AuditRow.event).where(AuditRow.event.like("rights.%"))
        return list(session.scalars(rows.order_by(AuditRow.number)))


def queued(server: RedisServer) -> int:
    """How many tasks wait for the worker."""
    return int(redis.Redis.from_url(server.url.removesuffix("/0") + "/1").llen("celery"))


def test_a_request_is_entered_by_number_and_keeps_neither_number_nor_identifier(
    supervisor: Browser, database: Database
) -> None:
    supervisor.send("/rights", kind="erasure", number="06 12 34 56 78", idcs=IDCS, proof="counter")
    with database.reading() as session:
        row = session.scalars(sa.select(RightsRequestRow)).one()
    keys = Pseudonyms(KEY)

    assert f"/rights/{row.id}" == supervisor.path
    assert (keys.number(NUMBER), keys.person(IDCS)) == (row.number_key, row.person_key)
    assert IDCS not in supervisor.text
    assert "Jours restants : 9" in supervisor.open("/rights")
    assert ["rights.entered"] == events(database)


@pytest.mark.parametrize(
    "given",
    [
        {"number": "12", "kind": "export", "proof": "letter"},
        {"number": NUMBER, "idcs": "hello", "kind": "export", "proof": "letter"},
        {"number": NUMBER, "kind": "all", "proof": "letter"},
        {"number": NUMBER, "kind": "export", "proof": "none"},
        {},
    ],
)
def test_what_cannot_be_read_enters_nothing(
    supervisor: Browser, database: Database, given: dict[str, str]
) -> None:
    supervisor.send("/rights", **given)

    assert supervisor.status in (200, 400)
    assert [] == events(database)


def test_a_request_is_entered_from_a_conversation_and_says_what_is_held(
    signed_in: SignIn, database: Database
) -> None:
    number = fill(database)["sms"]
    agent = signed_in("agent")
    agent.open(f"/conversations/{number}")

    agent.send(f"/rights/of/{number}", kind="export", proof="own_number")

    assert "Conversations : 3, messages : 6" in agent.text
    assert "/carry-out" not in agent.text
    with database.reading() as session:
        assert NUMBER_KEY == session.scalars(sa.select(RightsRequestRow.number_key)).one()


def test_it_is_carried_out_once_and_for_a_reason(
    supervisor: Browser, database: Database, redis_server: RedisServer
) -> None:
    supervisor.send("/rights", kind="export", number=NUMBER, proof="letter")
    path, before = supervisor.path, queued(redis_server)

    supervisor.send(f"{path}/carry-out", reason=" x ")
    assert (before, "motif") == (
        queued(redis_server),
        "motif" if "motif" in supervisor.text else "",
    )
    supervisor.send(f"{path}/carry-out", reason=REASON)
    assert before + 1 == queued(redis_server)
    assert "Exécution en cours" in supervisor.text
    supervisor.send(f"{path}/carry-out", reason=REASON)
    assert before + 1 == queued(redis_server)
    assert ["rights.entered", "rights.begun"] == events(database)
    with database.reading() as session:
        assert (
            REASON
            in session.scalars(sa.select(AuditRow.detail).order_by(AuditRow.number)).all()[-1]
        )


def test_a_refusal_settles_it_and_says_of_whom_no_more(
    supervisor: Browser, database: Database
) -> None:
    supervisor.send("/rights", kind="erasure", number=NUMBER, proof="letter")

    supervisor.send(f"{supervisor.path}/refuse", reason=REASON)

    settled = RightsRequests(database).settled()
    assert ["refused", ""] == [settled[0].state, settled[0].number_key]
    assert ["rights.entered", "rights.refused"] == events(database)


def test_a_file_is_handed_over_once(supervisor: Browser, database: Database) -> None:
    requests, files = RightsRequests(database), ExportFiles(database, Seal(KEY))
    number = requests.enter(Entered(EXPORT, "n" * 32, "", STAFF, "letter", "1"), 10)
    requests.begin(number, "1")
    requests.made(number, files.write("twiza-1.zip", [b"PK-all-of-it"], 72, "n" * 32))
    supervisor.open(f"/rights/{number}")
    token = re.search(r'name="csrf_token" value="([^"]+)"', supervisor.text)
    assert token is not None

    first, second = (
        supervisor.client.post(f"/rights/{number}/file", data={"csrf_token": token.group(1)})
        for _ in range(2)
    )

    assert (200, b"PK-all-of-it", 404) == (first.status_code, first.data, second.status_code)
    assert "twiza-1.zip" in first.headers["Content-Disposition"]
    assert ["rights.handed_over"] == events(database)
    assert "a été remis" in supervisor.open(f"/rights/{number}")


def test_what_is_due_first_stands_first_and_what_is_late_says_so(
    supervisor: Browser, database: Database
) -> None:
    early = RightsRequests(database, lambda: utc_now() - timedelta(days=12))
    RightsRequests(database).enter(Entered(EXPORT, "a" * 32, "", STAFF, "letter", "1"), 10)
    early.enter(Entered(EXPORT, "b" * 32, "", STAFF, "letter", "1"), 10)

    supervisor.open("/rights")

    assert re.search(r"Jours de retard : 2.*Jours restants : 9", supervisor.text, re.DOTALL)
