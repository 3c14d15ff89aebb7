"""The page of figures, over real figures: every table, its CSV, and what it refuses."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.privacy import Pseudonyms, Seal
from records.clock import utc_now
from records.database import Database, open_database
from sandbox.house import demo_figures
from sandbox.house.demo_conversations import Maker, record
from tests.builders import KEY
from tests.unit.console.conftest import SignIn
from transcripts.figures import ZONE, Counted, Figures, Subject
from transcripts.tables import ReviewRow

KEYS = (
    *("volumes", "languages", "channels", "services", "screens", "understanding", "reviewed"),
    *("deliveries", "failures", "waiting", "satisfaction", "emergencies"),
    *("applications_region", "applications_area", "applications_language"),
)


@pytest.fixture(scope="module")
def much(migrated: bytes, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A database in which much was said, sent and handed in, and counted; as its file holds it."""
    path: Path = tmp_path_factory.mktemp("figures") / "all.db"
    path.write_bytes(migrated)
    database, now = open_database(f"sqlite:///{path}"), utc_now()
    record(Maker(Pseudonyms(KEY), Seal(KEY), now).make(90), database, database)
    demo_figures.fill(database, now, 120)
    demo_figures.count_all(database, database)
    with database.session() as session:
        told: dict[str, Any] = {"words": "x", "language": "fr", "turn_key": "", "doubt": 0.1}
        row = ReviewRow(at=now, variety="fr", reason="sample", intent="apply", **told)
        row.settled_intent = "apply"
        session.add(row)
    database.close()
    return path.read_bytes()


@pytest.fixture
def filled(url: str, much: bytes, tmp_path: Path) -> Iterator[Database]:
    """The same database, open."""
    (tmp_path / "all.db").write_bytes(much)
    opened = open_database(url)
    yield opened
    opened.close()


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


@pytest.mark.parametrize("language", ["fr", "ar", "zgh"])
def test_every_figure_has_a_picture_a_table_and_a_csv(
    filled: Database, signed_in: SignIn, language: str
) -> None:
    browser = signed_in("supervisor", language)
    since = (utc_now() - timedelta(days=12)).date()

    browser.open(f"/dashboard?since={since}")
    assert 200 == browser.status
    for key in KEYS:
        assert f'aria-labelledby="picture-{key}"' in browser.text, key
        assert f"/dashboard/{key}.csv" in browser.text
    for key in KEYS:
        lines = read(browser.client.get(f"/dashboard/{key}.csv?since={since}").text)
        assert len(lines) > 1, key
        assert {len(lines[0])} == {len(line) for line in lines}


def test_a_file_and_the_page_say_the_same_number(filled: Database, signed_in: SignIn) -> None:
    browser = signed_in("auditor")
    today = utc_now().astimezone(ZONE).date()
    turns = Figures(filled).between(today - timedelta(days=6), today, ["turns"])

    lines = read(browser.client.get("/dashboard/volumes.csv").text)

    assert 7 == len(lines) - 1
    assert sum(one.count for one in turns) == sum(int(line[-1]) for line in lines[1:])


def test_by_the_week_there_is_a_line_for_each_week(filled: Database, signed_in: SignIn) -> None:
    lines = read(
        signed_in("auditor")
        .client.get("/dashboard/volumes.csv?since=2026-11-02&until=2026-11-22&by=week")
        .text
    )

    assert 3 == len(lines) - 1


def test_small_cells_of_applications_are_hidden_in_page_and_file(
    database: Database, signed_in: SignIn
) -> None:
    today = utc_now().astimezone(ZONE).date()
    counted = {
        Subject("applications", "", "fr", "sent", "MA-05,rural"): Counted(4),
        Subject("applications", "", "ar", "sent", "MA-06,urban"): Counted(321),
        Subject("applications", "", "fr", "sent", "MA-07,urban"): Counted(654),
    }
    Figures(database).replace_since("applications", today, {today: counted})
    browser = signed_in("supervisor")

    lines = read(browser.client.get("/dashboard/applications_region.csv").text)

    sent = {line[0]: line[2] for line in lines[1:]}
    assert "" == sent["Béni Mellal-Khénifra"]
    assert 2 <= [*sent.values()].count("")
    assert "979" in lines[-1]


def test_a_label_that_a_spreadsheet_would_run_is_made_plain(
    database: Database, signed_in: SignIn
) -> None:
    today = utc_now().astimezone(ZONE).date()
    evil = {Subject("deliveries", "sms", "", "failed", "=1+1"): Counted(3)}
    Figures(database).replace_since("deliveries", today, {today: evil})

    lines = read(signed_in("supervisor").client.get("/dashboard/failures.csv").text)

    assert ["'=1+1", "3"] == lines[1]


@pytest.mark.parametrize(
    "query",
    [
        "since=x",
        "since=2026-11-02&until=2026-11-01",
        "since=1999-01-01",
        "by=year",
        "since=2020-01-01&until=2026-01-01",
    ],
)
def test_days_that_cannot_be_read_are_refused(signed_in: SignIn, query: str) -> None:
    browser = signed_in("supervisor")

    for path in ("/dashboard", "/dashboard/volumes.csv"):
        assert 400 == browser.client.get(f"{path}?{query}").status_code


def test_without_figures_the_page_says_so(signed_in: SignIn) -> None:
    browser = signed_in("supervisor")

    browser.open("/dashboard")

    assert len(KEYS) == browser.text.count('class="empty"')
