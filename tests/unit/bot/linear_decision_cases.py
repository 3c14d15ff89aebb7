"""Scores by the terms of one message are those that scikit-learn's matrices give."""

from __future__ import annotations

import random
import unittest

from components.absent_modules import answer_absent_modules

answer_absent_modules()

import numpy as np  # noqa: E402
from components.language_identifier import pieces_of  # noqa: E402
from components.linear_decisions import LinearDecisions, Terms  # noqa: E402
from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: E402
from sklearn.pipeline import FeatureUnion  # noqa: E402

WORDS = ["dossier", "argent", "flous", "fin", "wslat", "تسجيل", "الفلوس", "واش", "ⵉⵙ", "a", "ok"]
CLASSES = 7


def by_words(words: list[str]) -> list[str]:
    return words


def by_letters(words: list[str]) -> list[str]:
    return [letter for word in words for letter in word]


KINDS = {"words": (by_words, 1.0), "letters": (by_letters, 2.0)}


def messages(chance: random.Random, count: int) -> list[list[str]]:
    return [chance.choices(WORDS, k=chance.randint(1, 12)) for _ in range(count)]


class Scores(unittest.TestCase):
    def setUp(self) -> None:
        chance = random.Random(3)
        weights = {name: weight for name, (_, weight) in KINDS.items()}
        self.union = FeatureUnion(
            [
                (name, TfidfVectorizer(analyzer=grams, sublinear_tf=True))
                for name, (grams, _) in KINDS.items()
            ],
            transformer_weights=weights,
        ).fit(messages(chance, 40))
        count = self.union.transform([["ok"]]).shape[1]
        draw = np.random.default_rng(3)
        self.weights = draw.normal(size=(count, CLASSES)).astype(np.float16)
        self.offsets = draw.normal(size=CLASSES).astype(np.float32)
        kinds = [
            Terms(kind.get_feature_names_out(), kind.idf_, weights[name])
            for name, kind in self.union.transformer_list
        ]
        self.decisions = LinearDecisions(kinds, self.weights, self.offsets)

    def scores(self, message: list[str]) -> np.ndarray:
        return self.decisions.scores([grams(message) for grams, _ in KINDS.values()])

    def test_they_are_those_of_the_matrices(self) -> None:
        for message in [*messages(random.Random(4), 200), ["xyz"], ["ok"] * 500, ["ق", "fin"]]:
            row = self.union.transform([message]).astype(np.float32)
            expected = np.asarray(row @ self.weights.astype(np.float32))[0] + self.offsets
            with self.subTest(message):
                np.testing.assert_allclose(self.scores(message), expected, rtol=1e-6, atol=1e-6)

    def test_a_message_of_unknown_terms_is_scored_by_the_offsets_alone(self) -> None:
        np.testing.assert_array_equal(self.offsets, self.scores([]))

    def test_one_term_of_two_kinds_is_two_terms(self) -> None:
        both = LinearDecisions(
            [Terms(["a"], np.ones(1)), Terms(["a"], np.ones(1))],
            np.array([[1.0], [10.0]], np.float32),
            np.zeros(1),
        )

        self.assertEqual([1.0], both.scores([["a"], []]).tolist())
        self.assertEqual([11.0], both.scores([["a"], ["a"]]).tolist())


class PiecesOfWords(unittest.TestCase):
    def test_they_are_those_that_a_vectorizer_counts(self) -> None:
        counts = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), lowercase=False)
        expected = counts.build_analyzer()

        for message in [*messages(random.Random(5), 50), ["l aide", "a"], []]:
            with self.subTest(message):
                self.assertEqual(sorted(expected(" ".join(message))), sorted(pieces_of(message)))


if __name__ == "__main__":
    unittest.main()
