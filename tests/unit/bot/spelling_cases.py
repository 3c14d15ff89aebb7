"""The spelling: what is mended, what stands as it is, and slips made for training."""

from __future__ import annotations

import random
import time
import unittest

from components.spelling import Spelling, misspelt

LATIN = ["dossier", "argent", "paiement", "mon", "est", "arrive", "flous", "fin", "wslat"]
KNOWN = [*LATIN, "تسجيل", "الفلوس", "واش", "وصلات"]


def mended(text: str) -> str:
    return " ".join(Spelling(dict.fromkeys(KNOWN, 5)).mend(text.split()))


class Mending(unittest.TestCase):
    def test_a_word_one_slip_away_is_read_as_the_known_one(self) -> None:
        for typed, meant in [
            ("dosseir", "dossier"),
            ("dossie", "dossier"),
            ("dossierr", "dossier"),
            ("dissier", "dossier"),
            ("flos", "flous"),
            ("الفلوش", "الفلوس"),
        ]:
            with self.subTest(typed):
                self.assertEqual(meant, mended(typed))

    def test_words_whose_space_was_not_typed_are_read_as_two(self) -> None:
        self.assertEqual("mon argent est arrive", mended("monargent estarrive"))
        self.assertEqual("واش وصلات", mended("واشوصلات"))

    def test_known_words_numbers_and_strange_words_stand_as_they_are(self) -> None:
        for text in ["fin wslat flous", "12345", "xyzzy", "ab", ""]:
            with self.subTest(text):
                self.assertEqual(text, mended(text))

    def test_a_word_whose_consonants_are_known_is_not_read_as_another(self) -> None:
        self.assertEqual("fulus", mended("fulus"))

    def test_the_more_frequent_word_is_meant(self) -> None:
        spelling = Spelling({"payer": 2, "payez": 9})

        self.assertEqual(["payez"], spelling.mend(["payeg"]))

    def test_a_spelling_is_learnt_from_messages_and_forms(self) -> None:
        spelling = Spelling.learn([["mon", "argent"], ["argent"]], ["mon dossier"])

        self.assertEqual({"mon": 2, "argent": 2, "dossier": 1}, spelling.frequencies)


class Slips(unittest.TestCase):
    def test_the_same_chance_makes_the_same_slips(self) -> None:
        said = [misspelt(KNOWN, random.Random(7)) for _ in range(2)]

        self.assertEqual(said[0], said[1])

    def test_a_slip_changes_little_and_never_a_number(self) -> None:
        chance = random.Random(1)
        for _ in range(300):
            slipped = misspelt(["2111", "argent", "flous"], chance)

            self.assertIn("2111", "".join(slipped))
            self.assertLessEqual(len("".join(slipped)), 17)
            self.assertGreaterEqual(len("".join(slipped)), 8)

    def test_short_and_empty_messages_survive(self) -> None:
        chance = random.Random(1)
        for _ in range(50):
            for words in ([], ["a"], ["ok"]):
                self.assertLessEqual(len(misspelt(words, chance)), 1)

    def test_long_strange_words_are_read_quickly(self) -> None:
        spelling = Spelling(dict.fromkeys(KNOWN, 5))
        began = time.process_time()
        spelling.mend(["q" * 40] * 120)

        self.assertLess(time.process_time() - began, 0.2)


if __name__ == "__main__":
    unittest.main()
