"""Exports are asked for, watched and taken by whoever asked, while their time lasts."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import redis
import sqlalchemy as sa

from core.privacy import Seal
from records.database import Database
from records.export_jobs import ExportJobs
from records.exported import ExportFiles
from records.tables import AuditRow
from tests.builders import KEY, NOW
from tests.redis_server import RedisServer
from tests.unit.console.conftest import Browser, SignIn

ASKED = {"kind": "messages", "form": "csv", "since": "2026-11-01", "until": "2026-11-30"}


@pytest.fixture
def supervisor(signed_in: SignIn) -> Browser:
    """A supervisor at the exports."""
    browser = signed_in("supervisor")
    browser.open("/exports")
    return browser


def test_an_export_is_asked_of_the_worker_and_shows_how_far_it_is(
    supervisor: Browser, database: Database, redis_server: RedisServer
) -> None:
    broker = redis.Redis.from_url(redis_server.url.removesuffix("/0") + "/1")
    before = int(broker.llen("celery"))

    supervisor.send("/exports", **ASKED)
    assert before + 1 == int(broker.llen("celery"))
    ExportJobs(database).at(1, 300, 1200)
    supervisor.open("/exports")

    assert '<progress value="300" max="1200"' in supervisor.text
    assert "every 2s" in supervisor.text


def test_a_file_is_taken_by_whoever_asked_and_noted(
    supervisor: Browser, database: Database
) -> None:
    jobs, files = ExportJobs(database), ExportFiles(database, Seal(KEY))
    content = b"x" * 1_300_000
    for staff in ("3", "1"):
        number = jobs.ask("messages", "csv", NOW, NOW + timedelta(days=1), staff)
        jobs.made(number, files.write("twiza.csv", [content], 24), 9)
    supervisor.open("/exports")
    token = re.search(r'name="csrf_token" value="([^"]+)"', supervisor.text)
    assert token is not None

    mine, others = (
        supervisor.client.post(f"/exports/{number}/file", data={"csrf_token": token.group(1)})
        for number in (1, 2)
    )

    assert (200, content, 404) == (mine.status_code, mine.data, others.status_code)
    assert "every 2s" not in supervisor.text
    with database.reading() as session:
        events = session.scalars(sa.select(AuditRow.event).where(AuditRow.event.like("export.%")))
        assert ["export.taken"] == list(events)


def test_a_file_whose_time_is_over_is_gone(supervisor: Browser, database: Database) -> None:
    jobs, files = ExportJobs(database), ExportFiles(database, Seal(KEY), lambda: NOW)
    number = jobs.ask("messages", "csv", NOW, NOW + timedelta(days=1), "3")
    jobs.made(number, files.write("twiza.csv", [b"x"], 1), 9)

    assert "existe plus" in supervisor.open("/exports")
    supervisor.send(f"/exports/{number}/file")
    assert 404 == supervisor.status


@pytest.mark.parametrize(
    "change", [{"kind": "everything"}, {"form": "pdf"}, {"since": "x"}, {"until": "2026-10-01"}]
)
def test_what_cannot_be_read_is_not_made(
    supervisor: Browser, database: Database, change: dict[str, str]
) -> None:
    supervisor.send("/exports", **{**ASKED, **change})

    assert [] == ExportJobs(database).open()
