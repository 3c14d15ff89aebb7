"""French signs stay with their word, in French and nowhere else."""

from __future__ import annotations

from handbook.tongue import spaced

FRENCH = "docs/fr/installer"


def test_a_sign_never_begins_a_line() -> None:
    assert "Quoi\xa0? Ceci\xa0:\n«\xa0oui\xa0»\xa0;" == spaced(FRENCH, "Quoi ? Ceci :\n« oui » ;")


def test_code_is_left_as_it_is() -> None:
    written = "```\nmake run ; ls ?\n```\n`a ; b` et `c ? d`"

    assert written == spaced(FRENCH, written)


def test_other_pages_are_left_as_they_are() -> None:
    assert "Why ? So : yes" == spaced("docs/run", "Why ? So : yes")
