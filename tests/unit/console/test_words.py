"""Every text of staff has a key of its own, and every key that a template says has a text."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import yaml

CONSOLE = Path(__file__).parents[3] / "console"
SAID = re.compile(r"""say\(["']([a-z_0-9]+)["'][,)]""")


def words() -> list[str]:
    """Every key, as often as it stands in a file."""
    return [
        key
        for path in sorted((CONSOLE / "words").glob("*.yml"))
        for key in yaml.safe_load(path.read_text("utf-8"))
    ]


def test_no_two_texts_have_the_same_key() -> None:
    assert [] == [key for key, count in Counter(words()).items() if count > 1]


def test_every_key_that_a_template_says_has_a_text() -> None:
    said = {
        key
        for path in (CONSOLE / "templates").rglob("*.html")
        for key in SAID.findall(path.read_text("utf-8"))
    }

    assert set() == said - set(words())
