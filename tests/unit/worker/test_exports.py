"""Exports hold all lines of their time, identify nobody, and hold nothing a spreadsheet runs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from typing import Any

import openpyxl
import pytest

from core.tasks import close_task
from records.export_jobs import FAILED, KINDS, RUNNING, ExportJob, ExportJobs
from records.exported import ExportFiles
from tests.builders import IDCS, NOW, NUMBER
from tests.contract.transcripts.conftest import FATIMA, a_turn
from tests.unit.worker.workshop import Workshop
from transcripts.store import Transcripts

FORMULA = '=HYPERLINK("http://evil.example","cliquez")'


@pytest.fixture
def making(workshop: Workshop) -> Any:
    """The task, over 2500 turns of which some are hostile."""
    turns = [a_turn(f"k{n}", NOW + timedelta(seconds=n), said=f"mot {n}") for n in range(2500)]
    turns[7].said, turns[8].said = (
        FORMULA,
        f"mon numéro [[idcs:{'A' * 22}:19]] ou {IDCS}, tél. {NUMBER}",
    )
    turns[9].said = "@SUM(1)"
    Transcripts(workshop.database).record(turns)
    return import_module("worker.exports.making")


def made(shop: Workshop, making: Any, kind: str, form: str) -> tuple[ExportJob, bytes]:
    """An export of the day, and its file."""
    jobs = ExportJobs(shop.database)
    number = jobs.ask(kind, form, NOW - timedelta(days=1), NOW + timedelta(days=1), "1")
    making.make(close_task(shop.seal, {"job": number}))
    job = jobs.find(number)
    assert job is not None
    files = ExportFiles(shop.database, shop.seal)
    file = files.find(job.file_id)
    return job, b"".join(files.read(file)) if file else b""


def test_a_csv_holds_every_line_and_no_formula(workshop: Workshop, making: Any) -> None:
    job, content = made(workshop, making, "messages", "csv")
    lines = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))

    file = ExportFiles(workshop.database, workshop.seal).find(job.file_id)

    assert "twiza-messages-20261122-20261124.csv" == (file and file.name)
    assert (2500, 2500, 2500) == (job.done, job.total, len(lines))
    assert [f"'{FORMULA}", "'@SUM(1)"] == [lines[7]["said"], lines[9]["said"]]
    assert "mon numéro [idcs] ou [idcs], tél. [phone]" == lines[8]["said"]
    for secret in (IDCS, NUMBER, FATIMA):
        assert secret.encode() not in content


def test_a_workbook_holds_texts_and_no_formula(workshop: Workshop, making: Any) -> None:
    job, content = made(workshop, making, "messages", "xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True).active
    rows = list(sheet.iter_rows())

    assert (2501, 2500) == (len(rows), job.done)
    assert [(FORMULA, "s")] == [
        (cell.value, cell.data_type) for cell in rows[8] if cell.value == FORMULA
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_exported_as_json_lines(workshop: Workshop, making: Any, kind: str) -> None:
    workshop.deliver("Bonjour")
    jobs = ExportJobs(workshop.database)
    number = jobs.ask(kind, "jsonl", NOW - timedelta(days=9), NOW + timedelta(days=999), "1")
    making.make(close_task(workshop.seal, {"job": number}))
    job = jobs.find(number)
    assert job is not None
    file = ExportFiles(workshop.database, workshop.seal).find(job.file_id)
    assert file is not None
    content = b"".join(ExportFiles(workshop.database, workshop.seal).read(file))
    lines = [json.loads(line) for line in content.splitlines()]

    assert {"conversations": 1, "messages": 2500, "deliveries": 1, "handovers": 0}[kind] == len(
        lines
    )
    assert FATIMA.encode() not in content


def test_it_tells_how_far_it_is(
    workshop: Workshop, making: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, int, int]] = []
    jobs = ExportJobs(workshop.database)

    def watched(parts: Any) -> Iterator[bytes]:
        for _ in parts:
            job = jobs.find(1)
            assert job is not None
            seen.append((job.state, job.done, job.total))
            yield b"x"

    monkeypatch.setitem(making.FORMS, "csv", watched)
    made(workshop, making, "messages", "csv")

    assert [(RUNNING, done, 2500) for done in (0, 1000, 2000)] == seen


def test_more_lines_than_a_workbook_takes_say_so(
    workshop: Workshop, making: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "MOST_IN_A_WORKBOOK", 2000)
    job, _ = made(workshop, making, "messages", "xlsx")

    assert (FAILED, "too_large", "") == (job.state, job.outcome, job.file_id)


def test_what_was_asked_for_and_lost_on_the_way_is_made_by_the_sweep(
    workshop: Workshop, making: Any
) -> None:
    jobs = ExportJobs(workshop.database)
    jobs.ask("messages", "csv", NOW, NOW + timedelta(days=1), "1")
    making.sweep()

    assert [] == jobs.open()
