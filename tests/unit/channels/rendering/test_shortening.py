"""An answer is shortened without loss: what is not on its pages is in the message."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from channels.rendering.menus import number_choices
from channels.rendering.pages import Budget, Navigation, Page, cut
from channels.rendering.shortening import shorten
from core.messages import Button

LINES = st.lists(st.text("abc é.", min_size=1, max_size=90).filter(str.strip), max_size=12)
BEHIND = ["La suite par SMS.", "Et maintenant ?"]
CHOICES = number_choices([Button("Menu", "/home"), Button("Une personne", "/talk")])


def lay_out(lines: list[str]) -> tuple[Page, ...]:
    navigation = Navigation("suite", "retour", "menu")
    return cut(lines, CHOICES, Budget(), navigation, back=True, home=True)


def letters(text: str) -> str:
    return "".join(text.split())


@settings(deadline=None)
@given(LINES, st.integers(1, 5))
def test_pages_and_rest_are_the_whole(lines: list[str], most: int) -> None:
    pages, rest = shorten(["\n".join(lines)], BEHIND, most, lambda some: lay_out(list(some)))
    kept = lines[: len(lines) - len(rest.splitlines())]

    assert letters("".join(lines)) == letters("".join(kept) + rest)
    assert pages == lay_out([*kept, *BEHIND])
    assert len(pages) <= most or not kept
    assert list(CHOICES) == [choice for page in pages for choice in page.choices]
