"""The auditor reads the audit, has its chain checked, and sees what each night forgot."""

from __future__ import annotations

import re

import pytest
import redis

from records.audit import Audit
from records.audit_reading import AuditReading
from records.database import Database
from records.nights import Nights
from tests.redis_server import RedisServer
from tests.unit.console.conftest import Browser, SignIn

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def auditor(signed_in: SignIn) -> Browser:
    """An auditor at the audit."""
    browser = signed_in("auditor")
    browser.open("/audit")
    return browser


def rows(browser: Browser) -> list[int]:
    """The numbers of the rows on the page."""
    return [int(one) for one in re.findall(r'<tr><td><bdi dir="ltr">(\d+)</bdi>', browser.text)]


def test_the_audit_is_filtered_and_paged(auditor: Browser, database: Database) -> None:
    audit = Audit(database)
    for number in range(60):
        audit.append(
            "identifier.revealed",
            "",
            "n" * 32,
            "console",
            {"by": "1", "reason": HOSTILE, "number": number},
        )
    auditor.open("/audit?event=identifier.revealed&staff=1")
    first = rows(auditor)
    following = re.search(r'href="(/audit\?before=[^"]+)"', auditor.text)
    assert following is not None
    auditor.open(following.group(1).replace("&amp;", "&"))

    assert (50, 10) == (len(first), len(rows(auditor)))
    assert min(first) == max(rows(auditor)) + 1
    assert HOSTILE not in auditor.text
    auditor.open("/audit?event=no.such")
    assert [] == rows(auditor)


@pytest.mark.parametrize(
    "asked", ["since=yesterday", "until=0001-01-01", "staff=x", "before=%D9%A1", "event=%00"]
)
def test_a_filter_that_cannot_be_read_gets_a_plain_page(auditor: Browser, asked: str) -> None:
    auditor.open(f"/audit?{asked}")

    assert 400 == auditor.status


def test_a_check_is_asked_of_the_worker_and_its_result_appears(
    auditor: Browser, database: Database, redis_server: RedisServer
) -> None:
    broker = redis.Redis.from_url(redis_server.url.removesuffix("/0") + "/1")
    before = int(broker.llen("celery"))
    assert "jamais été contrôlée" in auditor.text

    auditor.send("/audit/check")

    assert before + 1 == int(broker.llen("celery"))
    assert "every 2s" in auditor.text
    AuditReading(database).check("4")
    auditor.open("/audit?asked=0")
    assert "La chaîne est intacte" in auditor.text
    assert "every 2s" not in auditor.text


def test_a_broken_chain_cannot_be_overlooked(auditor: Browser, database: Database) -> None:
    with database.session() as session:
        connection = session.connection()
        connection.exec_driver_sql("DROP TRIGGER audit_keeps_words")
        connection.exec_driver_sql("UPDATE audit SET event = 'x' WHERE number = 1")
    AuditReading(database).check("")

    assert "rompue à la ligne 1" in auditor.open("/audit")


def test_each_night_says_what_it_removed(auditor: Browser, database: Database) -> None:
    assert "Aucune nuit" in auditor.open("/audit/retention")
    Nights(database).keep({"drafts": 17, "conversations": 4})

    auditor.open("/audit/retention")

    assert "Demandes inachevées" in auditor.text
    assert ">17<" in auditor.text
