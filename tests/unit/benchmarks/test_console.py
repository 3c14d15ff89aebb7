"""The bench of the console: what it fills is as if it had been recorded, and every page opens."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from benchmarks.console import compare
from benchmarks.console.filling import WEEK, Filler
from benchmarks.report import Report
from core.privacy import Pseudonyms
from records.clock import utc_now
from records.database import open_database
from tests.builders import KEY
from transcripts.gathering import Gathering
from transcripts.listing import Filters
from transcripts.migrate import upgrade
from transcripts.reading import Reading
from transcripts.tables import ConversationRow, StaleHourRow, TurnRow


def test_what_is_filled_is_found_counted_and_reviewed_like_what_was_recorded(
    tmp_path: Path,
) -> None:
    url, now = f"sqlite:///{tmp_path}/bench.db", utc_now()
    upgrade(url)
    database = open_database(url)

    filled = Filler(database, KEY, now).fill(400)

    with database.reading() as session:
        rows = session.scalars(sa.select(TurnRow)).all()
        talks = session.scalars(sa.select(ConversationRow).order_by(ConversationRow.id)).all()
        assert session.scalar(sa.select(sa.func.count()).select_from(StaleHourRow))
        assert filled == len(rows) == sum(talk.turns for talk in talks) >= 400
        assert [talk.began for talk in talks] == sorted(talk.began for talk in talks)
        assert talks[0].began >= now - WEEK - timedelta(minutes=1)
        said = next(row.said for row in rows if row.step == "words" and " " in row.said)
    assert Reading(database).search(said.rpartition(" ")[2], Filters()).hits
    assert Gathering(database, Pseudonyms(KEY)).gather()
    database.close()


def test_the_report_has_every_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "figures.json"

    assert 0 == compare.run(300, 2, f"sqlite:///{tmp_path}/bench.db", Report(file, False))

    figures = json.loads(file.read_text())
    assert {"messages", "list", "search", "transcript", "dashboard"} == set(figures)
    assert all({"p50_ms", "p95_ms"} == set(figures[page]) for page in compare.PAGES)
    assert "| dashboard" in capsys.readouterr().out
