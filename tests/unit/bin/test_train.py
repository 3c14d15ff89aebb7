"""The model is trained when, and only when, its inputs changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.bin.scripts import script

train = script("train")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with a current model."""
    for name in ("config.yml", "data/rules/one.yml", "bot/domain/slots.yml", "models/twiza.tar.gz"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("before", encoding="utf-8")
    (tmp_path / "models/fingerprint").write_text(train.fingerprint(tmp_path), encoding="utf-8")
    return tmp_path


def test_a_model_of_todays_inputs_is_kept(root: Path) -> None:
    assert train.is_current(root)


@pytest.mark.parametrize("name", ["config.yml", "data/rules/one.yml", "bot/domain/slots.yml"])
def test_a_changed_input_asks_for_training(root: Path, name: str) -> None:
    (root / name).write_text("after", encoding="utf-8")

    assert not train.is_current(root)


def test_a_new_or_a_renamed_input_asks_for_training(root: Path) -> None:
    (root / "data/rules/one.yml").rename(root / "data/rules/two.yml")

    assert not train.is_current(root)


def test_a_file_that_is_no_input_changes_nothing(root: Path) -> None:
    (root / "data/README.md").write_text("words", encoding="utf-8")

    assert train.is_current(root)


def test_a_lost_model_asks_for_training(root: Path) -> None:
    (root / "models/twiza.tar.gz").unlink()

    assert not train.is_current(root)
