"""Text and choices laid out for a screen: pages within a budget, or one message.

A page holds text first, then choices one a line, then a foot of navigation: `98` on every page but
the last, `0` on every page but the first (there too where there is something to go back to), `00`
on the last. Where a last page would spill over only because of its foot, `00` gives way first, and
on a single page then `0`: the digits still work, and a screen more costs a citizen more than a
reminder less. `98` never gives way, nor does `0` after the first page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, takewhile

from channels.rendering.breaks import graphemes, words
from channels.rendering.gsm7 import Encoding, measure
from channels.rendering.menus import Choice


@dataclass(frozen=True, slots=True)
class Budget:
    """The longest page in each encoding: septets in GSM-7, code units in UCS-2."""

    gsm7: int = 160
    ucs2: int = 70

    def holds(self, text: str) -> bool:
        """True where a page with this text fits, in the encoding this text needs."""
        measured = measure(text)
        return measured.units <= (self.gsm7 if measured.encoding is Encoding.GSM7 else self.ucs2)


@dataclass(frozen=True, slots=True)
class Navigation:
    """The words beside 98, 0 and 00, in the citizen's language and the letters of the screen."""

    more: str
    back: str
    home: str


@dataclass(frozen=True, slots=True)
class Page:
    """One screen: its whole text, and the choices whose numbers stand on it.

    `body` is the text without them, where they may be tapped instead.
    """

    text: str
    choices: tuple[Choice, ...] = ()
    body: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    words: tuple[str, ...]
    choice: Choice | None = None

    @property
    def text(self) -> str:
        return " ".join(self.words)


def cut(
    paragraphs: Sequence[str],
    choices: Sequence[Choice],
    budget: Budget,
    navigation: Navigation,
    *,
    back: bool,
    home: bool,
) -> tuple[Page, ...]:
    """Lay text and choices out on as few pages as the budget allows, filled in order; at least one.

    `back` says that there is a screen before the first page, `home` that `00` leads somewhere else.
    Nothing is cut inside a word, a number or a menu line, unless no page holds it: such a menu line
    is cut between words and its choice belongs to the page with its number; such a word is cut
    between graphemes. Raises ValueError where the foot leaves no room for a single character.
    """
    rest = _lines(paragraphs, choices)
    pages: list[Page] = []
    while True:
        on_the_first = not pages
        foot_back = [f"0 {navigation.back}"] if back or not on_the_first else []
        foot_home = [f"00 {navigation.home}"] if home else []
        body = "\n".join(line.text for line in rest)
        feet = [foot_back + foot_home, foot_back]
        for foot in [*feet, []] if on_the_first else feet:
            text = _page_text(body, foot)
            if budget.holds(text):
                return (*pages, Page(text, _choices(rest)))
        foot = [f"98 {navigation.more}", *foot_back]
        body, taken, rest = _fill(rest, foot, budget)
        pages.append(Page(_page_text(body, foot), taken))


def single(paragraphs: Sequence[str], choices: Sequence[Choice]) -> Page:
    """Text and choices as one message, without navigation: for WhatsApp and SMS."""
    texts = [text for text in (paragraph.strip() for paragraph in paragraphs) if text]
    lines = [choice.line for choice in choices]
    return Page("\n".join([*texts, *lines]), tuple(choices), "\n".join(texts))


def _lines(paragraphs: Sequence[str], choices: Sequence[Choice]) -> list[_Line]:
    lines = [_Line(words(line)) for paragraph in paragraphs for line in paragraph.splitlines()]
    lines = [line for line in lines if line.words]
    for choice in choices:
        first, *others = words(choice.title) or ("",)
        lines.append(_Line((f"{choice.number} {first}".rstrip(), *others), choice))
    return lines


def _choices(lines: Sequence[_Line]) -> tuple[Choice, ...]:
    return tuple(line.choice for line in lines if line.choice is not None)


def _page_text(body: str, foot: Sequence[str]) -> str:
    # Two numbers on one line change places among right-to-left letters; each gets its own there.
    plain = measure(body + "".join(foot)).encoding is Encoding.GSM7
    return "\n".join(part for part in (body, ("  " if plain else "\n").join(foot)) if part)


def _fill(
    lines: Sequence[_Line], foot: Sequence[str], budget: Budget
) -> tuple[str, tuple[Choice, ...], list[_Line]]:
    """As much of the lines as one page takes: its text, its choices, and what is left."""

    def fits(body: str) -> bool:
        return budget.holds(_page_text(body, foot))

    body = ""
    for index, line in enumerate(lines):
        longer = f"{body}\n{line.text}" if body else line.text
        if fits(longer):
            body = longer
            continue
        taken, left = _choices(lines[:index]), list(lines[index:])
        if body and line.choice is not None:
            return body, taken, left
        body, remaining = _take_words(body, line.words, fits)
        if remaining == line.words:
            return body, taken, left
        left[:1] = [_Line(remaining)] if remaining else []
        return body, (*taken, *_choices([line])), left
    return body, _choices(lines), []


def _take_words(
    body: str, unplaced: tuple[str, ...], fits: Callable[[str], bool]
) -> tuple[str, tuple[str, ...]]:
    """The body with as many words as still fit, on a line of their own, and the words left over."""
    joint = "\n"
    for index, word in enumerate(unplaced):
        longer = f"{body}{joint}{word}" if body else word
        if not fits(longer):
            return (body, unplaced[index:]) if body else _break_word(unplaced, fits)
        body, joint = longer, " "
    return body, ()


def _break_word(
    unplaced: tuple[str, ...], fits: Callable[[str], bool]
) -> tuple[str, tuple[str, ...]]:
    """An empty page filled from a first word that is longer than any page."""
    word, *others = unplaced
    pieces = word.split(" ")
    if len(pieces) > 1:
        return _take_words("", (*pieces, *others), fits)
    # A pile of marks on one letter may itself be longer than a page.
    for parts in (graphemes(word), word):
        head = max(takewhile(fits, accumulate(parts)), key=len, default="")
        if head:
            return head, tuple(filter(None, (word[len(head) :], *others)))
    raise ValueError("the navigation leaves no room on a page")
