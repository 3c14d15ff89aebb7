"""Lines added to the training data: their files, the rules they keep, and a patch that applies."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.teaching import rules as rules_module
from console.teaching.change import fitting, packed, patch
from console.teaching.rules import Rules
from console.teaching.training import (
    FOLDER,
    Addition,
    added,
    phrases,
    read_training,
    unmarked,
    written,
)
from locales.folding import fold
from tests.understanding import test_training_data as data
from transcripts.agreement import Mark
from transcripts.batches import BatchLine
from transcripts.tables import ReviewRow

TRAINED = read_training()


def tokens(text: str) -> list[str]:
    return fold(text).split()


@pytest.fixture
def rules() -> Rules:
    return Rules(TRAINED, tokens, ["kayn chi development line"], ["une phrase du premier appel"])


def an_addition(text: str, intent: str = "track_benefit", variety: str = "fr") -> Addition:
    return Addition(1, variety, intent, text)


def test_every_training_message_is_read_as_the_data_test_reads_it() -> None:
    assert [(m.variety, m.intent, m.written, m.typed) for m in data.MESSAGES] == [
        (one.variety, one.intent, one.written, one.typed) for one in TRAINED
    ]


def test_the_rules_are_those_of_the_data_test() -> None:
    assert data.MOST_SHARED == rules_module.MOST_SHARED
    assert data.MOST_ALIKE_OPENINGS == rules_module.MOST_ALIKE_OPENINGS
    assert set(data.SHORT_ACTS) == rules_module.SHORT_ACTS


@pytest.mark.parametrize(
    ("text", "intent", "variety", "fault"),
    [
        ("mon virement de novembre traine depuis lundi", "track_benefit", "fr", None),
        ("!!!", "track_benefit", "fr", "no_words"),
        ("appelez le 061234567 svp", "track_benefit", "fr", "number"),
        ("وقتاش غادي يخلصوني", "track_benefit", "ary_latn", "script"),
        ("mani illa uzmz", "track_benefit", "zgh_tfng", "script"),
        ("jveu minscrire", "apply", "fr", "known"),
        ("Jveu minscrire !", "track_benefit", "fr", "other_intent"),
        ("kayn chi development line", "help", "ary_latn", "development"),
        ("une phrase du premier appel svp", "help", "fr", "development"),
        ("a[sd]{}", "apply", "fr", None),
        (
            'le x[asd]{"entity": "programme", "value": "asd"} tarde beaucoup trop ici',
            "track_benefit",
            "fr",
            "mark",
        ),
        (
            'et pour [tayssir]{"entity": "programme", "value": "asd"} alors quoi donc',
            "track_benefit",
            "fr",
            "two_values",
        ),
    ],
)
def test_a_line_is_taken_or_the_rule_it_breaks_is_named(
    rules: Rules, text: str, intent: str, variety: str, fault: str | None
) -> None:
    if text == "a[sd]{}":
        text = written(text, ())
    assert fault == rules.take(an_addition(text, intent, variety))


def test_of_two_new_lines_alike_one_is_taken(rules: Rules) -> None:
    assert None is rules.take(an_addition("mon virement de novembre traine depuis lundi"))
    assert "alike" == rules.take(an_addition("mon virement de novembre traine depuis mardi"))


def test_an_opening_that_wears_out_is_refused(rules: Rules) -> None:
    names = [f"{one}{other}" for one in "abcdefgh" for other in "klmnpr"]
    faults = [rules.take(an_addition(f"kezako blag{name} trin{name} pouf{name}")) for name in names]

    assert faults[0] is None
    assert "opening" in faults


def test_marks_cover_words_and_leave_signs_out() -> None:
    line = written("et [mon] tayssir, en arabe ?", (Mark(2, 3, "programme", "tayssir"),))

    assert 'et mon [tayssir]{"entity": "programme", "value": "tayssir"}, en arabe ?' == line


@given(
    st.lists(st.sampled_from(["wach", "rsu,", "«asd»", "؟", "ⵎⴰⵏⵉ", "l'aide", "!"]), min_size=1),
    st.data(),
)
def test_a_marked_line_says_what_was_typed(words: list[str], drawn: st.DataObject) -> None:
    begin = drawn.draw(st.integers(0, len(words) - 1))
    end = drawn.draw(st.integers(begin + 1, len(words)))
    text = " ".join(words)

    assert text == unmarked(written(text, (Mark(begin, end, "programme", "rsu"),)))


def test_what_marked_words_mean_is_known_by_their_folded_form() -> None:
    assert ("programme", "tayssir") == phrases()["tayssir"]


def test_a_line_stands_behind_the_last_of_its_intent_and_nothing_else_moves() -> None:
    addition = an_addition("mon virement de novembre traine depuis lundi")

    changed = added([addition])

    assert ["fr/benefits.yml"] == list(changed)
    before, after = changed["fr/benefits.yml"]
    new = [line for line in after.splitlines() if line not in before.splitlines()]
    assert [f"      - {addition.written}"] == new
    assert before == after.replace(f"      - {addition.written}\n", "")


def a_review(number: int, words: str, variety: str, intent: str) -> BatchLine:
    review = ReviewRow(
        id=number,
        words=words,
        variety=variety,
        settled_intent=intent,
        settled_marks=[],
        at=datetime.now(UTC),
    )
    return BatchLine(review, "")


def test_the_patch_applies_to_the_repository_and_makes_the_packed_files(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "data/nlu")
    lines = [
        a_review(1, "mon virement de novembre traine depuis lundi", "fr", "track_benefit"),
        a_review(2, "سير بالسلامة وشكرا على كولشي", "ary_arab", "goodbye"),
        a_review(3, "mani tlla lbiru nnun", "zgh_latn", "find_office"),
    ]

    archive = zipfile.ZipFile(io.BytesIO(packed(lines)))
    (tmp_path / "training.patch").write_bytes(archive.read("training.patch"))
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "apply", "training.patch"], cwd=tmp_path, check=True)

    names = [name for name in archive.namelist() if name != "training.patch"]
    assert 3 == len(names)
    for name in names:
        assert archive.read(name) == (tmp_path / name).read_bytes()
    assert len(read_training(tmp_path / "data/nlu")) == len(TRAINED) + 3


def test_a_line_that_breaks_a_rule_is_not_in_the_change() -> None:
    line = a_review(1, "mon virement de novembre traine", "fr", "track_benefit")

    assert [] == fitting([BatchLine(line.review, "alike")])
    assert "" == patch({})
