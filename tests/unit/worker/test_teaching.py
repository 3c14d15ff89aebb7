"""The worker fills the queue of reviews and measures exports; `bin/teach` does it by hand."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from console.teaching.training import ROOT
from core.tasks import close_task
from records.clock import utc_now
from tests.contract.transcripts.conftest import FATIMA, HASSAN, a_turn
from tests.unit.worker.workshop import Workshop
from transcripts.agreement import Decision
from transcripts.batches import Batches
from transcripts.reviews import Reviews
from transcripts.turns import Understood

NEW = "le virement traine depuis lundi, c louche non"


@pytest.fixture
def teaching(workshop: Workshop) -> Any:
    """The tasks of teaching."""
    return import_module("worker.teaching.tasks")


def say(workshop: Workshop, key: str, words: str, number_key: str = FATIMA) -> None:
    """Somebody says words that are not understood."""
    transcripts = workshop.archive.archive().transcripts
    said = utc_now() - timedelta(minutes=20)
    transcripts.record([a_turn(key, said, number_key, said=words, language="fr")])
    transcripts.understand([Understood(key, "nlu_fallback", 0.3)])


def agree(workshop: Workshop, intent: str = "track_benefit") -> None:
    """Two of the staff agree on whatever is to be looked at."""
    reviews = Reviews(workshop.database)
    while (number := reviews.following("2")) is not None:
        for staff in ("1", "2"):
            reviews.decide(number, Decision(staff, "intent", intent, "fr", ()))


def export(workshop: Workshop) -> int:
    """An export is asked for."""
    number = Batches(workshop.database).ask("3")
    assert number is not None
    return number


def measured(workshop: Workshop, teaching: Any, number: int) -> Any:
    """The export after the task has run."""
    teaching.measure_batch(close_task(workshop.seal, {"batch": number}))
    return Batches(workshop.database).find(number)


def test_what_was_not_understood_comes_into_the_queue_once(
    workshop: Workshop, teaching: Any
) -> None:
    say(workshop, "1", NEW)
    say(workshop, "2", NEW.upper(), HASSAN)

    teaching.gather()
    teaching.gather()

    assert {"open": 1} == dict(Reviews(workshop.database).waiting().states)


def test_lines_that_break_a_rule_are_named_by_the_words_of_the_engine(
    workshop: Workshop, teaching: Any
) -> None:
    say(workshop, "1", "Jveu... minscrire !")
    teaching.gather()
    agree(workshop)
    number = export(workshop)

    batch = measured(workshop, teaching, number)

    assert ("ready", 0, 1) == (batch.state, batch.report["taken"], batch.report["left_out"])
    assert ["other_intent"] == [one.fault for one in Batches(workshop.database).lines(number)]


def test_where_the_engine_is_not_the_export_says_so_and_can_be_measured_elsewhere(
    workshop: Workshop, teaching: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    say(workshop, "1", NEW)
    teaching.gather()
    agree(workshop)
    number = export(workshop)
    monkeypatch.setattr(teaching, "is_possible", lambda: (tmp_path / "bot").exists())

    batch = measured(workshop, teaching, number)

    assert ("failed", teaching.NO_ENGINE) == (batch.state, batch.fault)
    assert Batches(workshop.database).begin(number)


def test_an_engine_that_fails_is_named_and_nothing_is_accepted(
    workshop: Workshop, teaching: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    measuring = import_module("worker.teaching.measuring")
    broken = tmp_path / "bot/.venv/bin/python"
    broken.parent.mkdir(parents=True)
    broken.write_text("#!/bin/sh\necho gone >&2\nexit 3\n")
    broken.chmod(0o755)
    for name in ("data", "tests"):
        (tmp_path / name).symlink_to(ROOT / name)
    say(workshop, "1", NEW)
    teaching.gather()
    agree(workshop)
    number = export(workshop)
    monkeypatch.setattr(
        teaching, "measure", lambda lines, say: measuring.measure(lines, tmp_path, say)
    )

    batch = measured(workshop, teaching, number)

    assert "failed" == batch.state
    assert "ended with 3: gone" in batch.fault
    assert not Batches(workshop.database).accept(number, "3")


def test_the_command_says_how_exports_stand(
    workshop: Workshop, teaching: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    command = import_module("worker.teaching.command")
    assert 1 == command.main(["export", "--by", "Amal"])
    say(workshop, "1", "Jveu... minscrire !")
    teaching.gather()
    agree(workshop, "apply")

    assert 0 == command.main(["export", "--by", "Amal", "--out", str(tmp_path / "change")])
    assert 0 == command.main(["report", "1"])
    assert 0 == command.main(["status"])
    said = capsys.readouterr().out

    assert "lines taken 0, left out 1" in said
    assert "export 1: ready" in said
    assert "" == (tmp_path / "change/training.patch").read_text()
    assert 1 == command.main(["report", "7"])
