"""The comparison of understanding: what stock Rasa is given, the tables, and the kept row."""

from __future__ import annotations

from pathlib import Path

from benchmarks.__main__ import read_arguments
from benchmarks.understanding import compare, kept
from benchmarks.understanding.tables import Figures, all_of
from benchmarks.understanding.training import lookups
from tests.unit.benchmarks.test_table import cells

FIGURES: Figures = {
    "by_file": {"ar": 0.95, "fr": 0.9},
    "accuracy": 0.925,
    "macro_f1": 0.92,
    "entity_f1": 0.98,
    "fallback": 0.06,
    "accepted_accuracy": 0.96,
    "messages": 200,
    "accepted_at_5": 0.955,
    "auroc": 0.98,
    "fpr_at_95": 0.05,
    "threshold": 0.5,
    "train_s": 41.2,
    "train_cpu_s": 39.0,
    "train_peak_mb": 509,
    "model_mb": 6.1,
    "loaded_mb": 305,
    "parse_p50_ms": 2.53,
    "parse_p95_ms": 3.41,
}


def test_stock_rasa_looks_up_the_phrases_that_are_marked() -> None:
    text = """
      - mon [amo]{"entity": "programme", "value": "amo_tadamon"} et le [RSU]{"entity": "programme", "value": "rsu"}
      - en [français]{"entity": "language", "value": "fr"}, [amo]{"entity": "programme", "value": "amo_tadamon"}
    """  # noqa: E501

    assert {"language": ["français"], "programme": ["RSU", "amo"]} == lookups([text])


def test_every_contender_has_a_line_in_each_table() -> None:
    by_file, overall, cost = map(cells, all_of({"twiza": FIGURES, "stock": FIGURES}))

    assert ["accuracy %", "ar", "fr", "all"] == by_file[0]
    assert ["twiza", "95.0", "90.0", "92.5"] == by_file[1]
    assert ["stock", "92.0", "98.0", "96.0", "6.0", "95.5", "98.0", "5.0"] == overall[2]
    assert ["twiza", "41", "39", "509", "6.1", "305", "2.5", "3.4"] == cost[1]


def test_a_file_that_a_kept_row_does_not_know_is_left_empty() -> None:
    newer = {**FIGURES, "by_file": {"ar": 0.95, "es": 0.8}}
    by_file = cells(all_of({"twiza": newer, "diet": FIGURES})[0])

    assert ["diet", "95.0", "", "92.5"] == by_file[2]


def test_a_kept_row_says_its_day_and_machine_and_whether_the_messages_changed(
    tmp_path: Path,
) -> None:
    file, messages = tmp_path / "diet.toml", compare.development()
    kept.write(FIGURES, messages, file)
    figures, note = kept.read(messages, file)
    _, older = kept.read(messages[:1], file)

    assert FIGURES == figures
    assert "diet: kept from 20" in note
    assert kept.machine() in note
    assert older == note + "; the messages have changed since"


def test_every_variety_that_is_trained_is_measured() -> None:
    stems = [path.stem for path in compare.development()]

    assert {"ar", "ary_arab", "ary_latn", "fr", "zgh_arab", "zgh_latn", "zgh_tfng"} <= set(stems)


def test_diet_is_added_only_when_asked_for() -> None:
    assert not read_arguments(["understanding"]).with_diet
    given = read_arguments(["understanding", "--with-diet", "one.jsonl"])

    assert given.with_diet
    assert [Path("one.jsonl")] == given.files


def test_the_threshold_of_a_contender_is_that_of_its_pipeline() -> None:
    assert 0.3 == compare.threshold_of(compare.STOCK.pipeline)
    assert 0.0 < compare.threshold_of(compare.OURS.pipeline) < 1.0
