"""Rasa's whole environment and its model: made anew when, and only when, they are other ones."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from benchmarks.full import environment, model
from benchmarks.house import TABLES
from benchmarks.systems import FULL
from sandbox.house.layout import ROOT, Layout
from sandbox.house.processes import process_table
from sandbox.house.secret_files import SecretFiles


def say(_sentence: str) -> None:
    """Nothing."""


def test_an_environment_of_this_lock_is_left_as_it_is(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("rasa==3.6.21", encoding="utf-8")
    (tmp_path / ".stamp").write_text("rasa==3.6.21", encoding="utf-8")

    assert tmp_path / "bin" / "python" == environment.make(say, tmp_path, lock)


def test_a_command_that_fails_says_how_its_log_ends() -> None:
    with pytest.raises(environment.FullRasaFailed, match="no such thing"):
        environment.run("sh", "-c", "echo no such thing >&2; exit 3")


def test_a_command_that_is_missing_is_named() -> None:
    with pytest.raises(environment.FullRasaFailed, match="no-such-program can't be run"):
        environment.run("no-such-program")


def test_a_model_is_another_one_when_what_it_is_made_of_changes(tmp_path: Path) -> None:
    folder = tmp_path / "benchmarks" / "full"
    folder.mkdir(parents=True)
    (folder / "config.yml").write_text("epochs: 3", encoding="utf-8")
    before = model.fingerprint(tmp_path)
    (folder / "model.py").write_text("", encoding="utf-8")

    assert before == model.fingerprint(tmp_path)

    (folder / "config.yml").write_text("epochs: 4", encoding="utf-8")

    assert before != model.fingerprint(tmp_path)


def test_the_compared_pipeline_has_every_part_that_rasa_sets_up_by_itself() -> None:
    text = (ROOT / "benchmarks/full/config.yml").read_text(encoding="utf-8")
    config = yaml.safe_load(text)
    names = [part["name"] for part in (*config["pipeline"], *config["policies"])]

    assert [
        *("WhitespaceTokenizer", "RegexFeaturizer", "LexicalSyntacticFeaturizer"),
        *("CountVectorsFeaturizer", "CountVectorsFeaturizer", "DIETClassifier"),
        *("EntitySynonymMapper", "ResponseSelector", "FallbackClassifier"),
        *("MemoizationPolicy", "RulePolicy", "UnexpecTEDIntentPolicy", "TEDPolicy"),
    ] == [name for name in names if not name.startswith("components.")]


def test_it_is_locked_apart_from_what_citizens_are_served_with() -> None:
    locked = environment.LOCK.read_text(encoding="utf-8")
    served = (ROOT / "bot/requirements.lock").read_text(encoding="utf-8")

    assert re.search(r"^tensorflow==", locked, re.MULTILINE)
    assert not re.search(r"^tensorflow==", served, re.MULTILINE)


def test_its_engine_alone_runs_in_that_environment(tmp_path: Path) -> None:
    layout = Layout(tmp_path, 30000)
    rows = {row.name: row for row in process_table(layout, SecretFiles(tmp_path / "secrets"))}

    within = [
        row.name
        for row in TABLES[FULL](layout, rows)
        if any(str(environment.FOLDER) in part for part in row.command)
    ]

    assert ["engine"] == within
