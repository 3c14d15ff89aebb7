"""Text and choices laid out for a screen: pages within a budget, or one message.

A page holds text first, then choices one a line, then a foot of navigation: `98` on every page but
the last, `0` on every page but the first (there too where there is something to go back to), `00`
on the last. Where a last page would spill over only because of its foot, `00` gives way first, and
on a single page then `0`: the digits still work, and a screen more costs a citizen more than a
reminder less. `98` never gives way, nor does `0` after the first page.

A page ends with a line or a sentence rather than in the middle of one, wherever that costs no page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate, takewhile

from channels.rendering.breaks import ends_sentence, graphemes, words
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
    is_rest: bool = False

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
    """Lay text and choices out on as few pages as the budget allows, in their order; at least one.

    `back` says that there is a screen before the first page, `home` that `00` leads somewhere else.
    Nothing is cut inside a word, a number or a menu line, unless no page holds it: such a menu line
    is cut between words and its choice belongs to the page with its number; such a word is cut
    between graphemes. Raises ValueError where the foot leaves no room for a single character.
    """
    return tuple(_Layout(budget, navigation, back, home).pages(_lines(paragraphs, choices)))


# What is nobody's is said to many, and laid out once. What it holds of a person nothing may keep.
cut_for_all = lru_cache(maxsize=512)(cut)


def single(paragraphs: Sequence[str], choices: Sequence[Choice]) -> Page:
    """Text and choices as one message, without navigation: for WhatsApp and SMS."""
    texts = [text for text in (paragraph.strip() for paragraph in paragraphs) if text]
    lines = [choice.line for choice in choices]
    return Page("\n".join([*texts, *lines]), tuple(choices), "\n".join(texts))


@dataclass(frozen=True, slots=True)
class _Layout:
    budget: Budget
    navigation: Navigation
    back: bool
    home: bool

    def pages(self, rest: list[_Line]) -> list[Page]:
        pages: list[Page] = []
        while True:
            is_first = not pages
            last = self._last(rest, is_first)
            if last is not None:
                return [*pages, last]
            foot = [f"98 {self.navigation.more}", *self._foot_back(is_first)]
            placed, left = _fill(rest, foot, self.budget)
            earlier = _at_a_sentence(placed, left)
            if earlier and self._count(earlier[1]) <= self._count(left):
                placed, left = earlier
            pages.append(Page(_page_text(_body(placed), foot), _choices(placed)))
            rest = left

    def _last(self, lines: Sequence[_Line], is_first: bool) -> Page | None:
        """All of the lines on one page, or None where they do not fit."""
        foot_back = self._foot_back(is_first)
        foot_home = [f"00 {self.navigation.home}"] if self.home else []
        feet = [foot_back + foot_home, foot_back]
        for foot in [*feet, []] if is_first else feet:
            text = _page_text(_body(lines), foot)
            if self.budget.holds(text):
                return Page(text, _choices(lines))
        return None

    def _count(self, rest: list[_Line]) -> int:
        """How many pages the lines take behind the first, filled to the brim."""
        foot = [f"98 {self.navigation.more}", *self._foot_back(False)]
        count = 1
        while self._last(rest, False) is None:
            _, rest = _fill(rest, foot, self.budget)
            count += 1
        return count

    def _foot_back(self, is_first: bool) -> list[str]:
        return [f"0 {self.navigation.back}"] if self.back or not is_first else []


def _lines(paragraphs: Sequence[str], choices: Sequence[Choice]) -> list[_Line]:
    lines = [_Line(words(line)) for paragraph in paragraphs for line in paragraph.splitlines()]
    lines = [line for line in lines if line.words]
    for choice in choices:
        first, *others = words(choice.title) or ("",)
        lines.append(_Line((f"{choice.number} {first}".rstrip(), *others), choice))
    return lines


def _body(lines: Sequence[_Line]) -> str:
    return "\n".join([" ".join(line.words) for line in lines])


def _choices(lines: Sequence[_Line]) -> tuple[Choice, ...]:
    return tuple([line.choice for line in lines if line.choice is not None])


def _page_text(body: str, foot: Sequence[str]) -> str:
    # Two numbers on one line change places among right-to-left letters; each gets its own there.
    plain = measure("".join([body, *foot])).encoding is Encoding.GSM7
    return "\n".join(filter(None, (body, ("  " if plain else "\n").join(foot))))


def _fill(
    lines: Sequence[_Line], foot: Sequence[str], budget: Budget
) -> tuple[list[_Line], list[_Line]]:
    """As much of the lines as one page takes, and what is left."""

    def fits(body: str) -> bool:
        return budget.holds(_page_text(body, foot))

    body = ""
    for index, line in enumerate(lines):
        longer = f"{body}\n{line.text}" if body else line.text
        if fits(longer):
            body = longer
            continue
        placed, left = list(lines[:index]), list(lines[index:])
        if body and line.choice is not None:
            return placed, left
        taken, remaining = _take_words(body, line.words, fits)
        if taken:
            placed.append(replace(line, words=taken))
            left[:1] = [_Line(remaining, is_rest=True)] if remaining else []
        return placed, left
    return list(lines), []


def _at_a_sentence(
    placed: list[_Line], left: list[_Line]
) -> tuple[list[_Line], list[_Line]] | None:
    """The same page up to the last sentence or line that is whole on it; None where it is so."""
    if not left or not left[0].is_rest or placed[-1].choice is not None:
        return None
    *before, broken = placed
    ends = [n for n, word in enumerate(broken.words, 1) if ends_sentence(word)]
    kept = ends[-1] if ends else 0
    if kept == len(broken.words) or not (kept or before):
        return None
    moved = replace(broken, words=broken.words[kept:] + left[0].words, is_rest=bool(kept))
    if kept:
        before.append(replace(broken, words=broken.words[:kept]))
    return before, [moved, *left[1:]]


def _take_words(
    body: str, unplaced: tuple[str, ...], fits: Callable[[str], bool]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words that still fit below the body, on a line of their own, and the words left over."""
    joint = "\n"
    for index, word in enumerate(unplaced):
        longer = f"{body}{joint}{word}" if body else word
        if not fits(longer):
            if body:
                return unplaced[:index], unplaced[index:]
            return _break_word(unplaced, fits)
        body, joint = longer, " "
    return unplaced, ()


def _break_word(
    unplaced: tuple[str, ...], fits: Callable[[str], bool]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """An empty page filled from a first word that is longer than any page."""
    word, *others = unplaced
    pieces = word.split(" ")
    if len(pieces) > 1:
        return _take_words("", (*pieces, *others), fits)
    # A pile of marks on one letter may itself be longer than a page.
    for parts in (graphemes(word), word):
        head = max(takewhile(fits, accumulate(parts)), key=len, default="")
        if head:
            return (head,), tuple(filter(None, (word[len(head) :], *others)))
    raise ValueError("the navigation leaves no room on a page")
