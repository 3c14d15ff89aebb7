"""Measuring: intervals, pictures that are whole and say what was measured, numbers in place."""

from __future__ import annotations

import tempfile
import unittest
import xml.etree.ElementTree as ET
from pathlib import Path

from evaluation.drawing import Drawing
from evaluation.intervals import resampled, wilson
from evaluation.matrix import draw_matrix
from evaluation.page import PageWithoutPlace, numbers, with_part, worth, write_pictures
from evaluation.scores import Line, macro_f1, understood
from evaluation.thresholds import draw_scores
from evaluation.varieties import accepted, accuracy, asked_again, draw_varieties

SVG = "{http://www.w3.org/2000/svg}"
AT = 0.5
ORDER = ["greet", "apply", "out_of_scope"]


def a_line(intent: str, guessed: str, confidence: float = 0.9) -> Line:
    return Line(intent, frozenset(), guessed, confidence, frozenset())


LINES = [
    *[a_line("greet", "greet")] * 6,
    *[a_line("greet", "apply", 0.7)] * 2,
    *[a_line("apply", "apply", 0.4)] * 2,
    a_line("out_of_scope", "out_of_scope"),
    a_line("out_of_scope", "apply", 0.2),
]


def texts(svg: str) -> list[str]:
    """Every text and tip of a picture."""
    return [
        "".join(found.itertext())
        for tag in ("text", "title", "desc")
        for found in ET.fromstring(svg).iter(SVG + tag)
    ]


class Intervals(unittest.TestCase):
    def test_a_share_lies_within_its_interval_which_shrinks_with_more_lines(self) -> None:
        few, many = wilson(9, 10), wilson(900, 1000)

        self.assertTrue(few[0] < 0.9 < few[1])
        self.assertTrue(few[0] < many[0] < 0.9 < many[1] < few[1])

    def test_the_interval_is_wilsons(self) -> None:
        low, high = wilson(8, 10)

        self.assertAlmostEqual(0.4902, low, places=4)
        self.assertAlmostEqual(0.9433, high, places=4)

    def test_all_right_of_few_is_not_certain(self) -> None:
        self.assertEqual(1.0, wilson(5, 5)[1])
        self.assertLess(wilson(5, 5)[0], 0.6)
        self.assertEqual((0.0, 1.0), wilson(0, 0))

    def test_resampling_says_the_same_each_time_and_holds_the_measured_value(self) -> None:
        def measure(drawn: object) -> float:
            return macro_f1(drawn, AT)  # type: ignore[arg-type]

        low, high = resampled(LINES, measure)

        self.assertEqual((low, high), resampled(LINES, measure))
        self.assertTrue(low < macro_f1(LINES, AT) < high)


class Measures(unittest.TestCase):
    def test_what_is_out_of_scope_and_falls_back_counts_as_understood(self) -> None:
        self.assertEqual("out_of_scope", understood(LINES[-1], AT))
        self.assertEqual("apply", understood(LINES[-1], 0.1))

    def test_each_share_has_its_own_whole(self) -> None:
        self.assertAlmostEqual(10 / 12, accuracy(LINES, AT).value)
        self.assertAlmostEqual(7 / 9, accepted(LINES, AT).value)
        self.assertAlmostEqual(2 / 10, asked_again(LINES, AT).value)


class Pictures(unittest.TestCase):
    def test_words_of_others_cannot_break_a_picture(self) -> None:
        picture = Drawing(10, 10, "<b>&", 'say "so"')
        picture.text((1, 1), "</svg><script>")

        self.assertIn("</svg><script>", texts(picture.svg()))
        self.assertEqual(["<b>&", 'say "so"'], texts(picture.svg())[-2:])

    def test_every_picture_is_named_and_described(self) -> None:
        pictures = draw_matrix(LINES, AT, ORDER), draw_varieties({"fr": LINES}, AT)
        for svg in (*pictures, draw_scores(LINES, AT)):
            root = ET.fromstring(svg)
            self.assertEqual("img", root.get("role"))
            self.assertTrue(root.findtext(SVG + "title"))
            self.assertGreater(len(root.findtext(SVG + "desc") or ""), 40)

    def test_the_matrix_counts_rows_as_meant_and_names_the_worst_mistake(self) -> None:
        said = texts(draw_matrix(LINES, AT, ORDER))

        self.assertIn("greet understood as greet: 6 of 8", said)
        self.assertIn("greet understood as apply: 2 of 8", said)
        self.assertIn("75 %  of 8", said)
        self.assertTrue(any("greet taken for apply 2 times" in one for one in said))

    def test_an_intent_that_the_order_lacks_is_shown_all_the_same(self) -> None:
        self.assertIn("apply", texts(draw_matrix(LINES, AT, ["greet"])))

    def test_each_variety_stands_beside_all_with_its_interval(self) -> None:
        said = texts(draw_varieties({"ar": LINES, "fr": LINES[:3]}, AT))

        self.assertTrue({"ar", "fr", "all", "12", "3", "15"} <= set(said))
        self.assertIn("Accuracy, fr: 100.0 % (43.9 to 100.0)", said)

    def test_the_score_is_shown_with_what_its_threshold_costs(self) -> None:
        said = " ".join(texts(draw_scores(LINES, AT)))

        self.assertIn("77.8 % of the accepted messages are right", said)
        self.assertIn("100.0 % of those out of scope are turned away", said)
        self.assertIn("20.0 % of those within scope are asked again", said)

    def test_few_lines_of_one_kind_make_pictures_too(self) -> None:
        for lines in ([a_line("greet", "greet")], [a_line("out_of_scope", "greet")]):
            with tempfile.TemporaryDirectory() as folder:
                written = write_pictures(Path(folder) / "new", {"fr": lines}, AT, ORDER)
                for picture in written:
                    ET.fromstring(picture.read_text("utf-8"))


class Page(unittest.TestCase):
    ROW = {  # noqa: RUF012
        "n": 3,
        **dict.fromkeys(("accuracy", "macro_f1", "entity_f1"), 0.9),
        "fallback": 0.1,
        "accepted_accuracy": 0.95,
    }
    RESULT = {  # noqa: RUF012
        "files": {"fr": ROW},
        "overall": ROW,
        "confusions": [["apply", "greet", 2]],
        "parse_ms": {"p50": 5.2, "p95": 9.9},
        "out_of_scope": {"auroc": 0.98, "fpr_at_95": 0.05},
    }

    def test_numbers_replace_numbers_and_nothing_else(self) -> None:
        begin, end = (
            "<!-- numbers: written by bin/evaluate --publish -->",
            "<!-- end of the numbers -->",
        )
        page = f"# Before\n{begin}\nyesterday\n{end}\nafter\n"

        part = numbers(self.RESULT, "2026-01-02", AT)
        written = with_part(page, "numbers", part)

        self.assertTrue(written.startswith(f"# Before\n{begin}\nMeasured on 2026-01-02"))
        self.assertTrue(written.endswith(f"| apply | greet | 2 |\n{end}\nafter\n"))
        self.assertIn("| fr | 3 | 90.0 | 90.0 | 90.0 | 10.0 | 95.0 |", written)
        self.assertNotIn("yesterday", written)
        self.assertEqual(written, with_part(written, "numbers", part))

    def test_a_page_without_a_place_is_refused(self) -> None:
        with self.assertRaises(PageWithoutPlace):
            with_part("# Nothing", "numbers", "new")

    def test_what_a_part_is_worth_is_a_table_of_its_rows(self) -> None:
        table = worth([["with", "fr"], ["everything", "93.6"]], "2026-01-02")

        self.assertIn("| with | fr |\n|---|---|\n| everything | 93.6 |\n", table)


if __name__ == "__main__":
    unittest.main()
