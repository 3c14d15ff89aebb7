"""What a citizen's input means, given the screen it answers. No I/O.

An input either turns a page, or is answered by the door itself (an empty answer, a number that is
not on the menu), or goes to the engine: as the payload of a choice that was shown, or as text.
"""

from __future__ import annotations

from dataclasses import dataclass

from channels.memory import Shown
from channels.rendering.menus import choose
from core.identifiers import plain_digits
from core.messages import Content, Expects
from core.places import read_coordinates

OPEN = "/open"
HOME = "/home"
BACK = "/back"


@dataclass(frozen=True, slots=True)
class TurnPage:
    """Show another page of the same screen."""

    page: int


@dataclass(frozen=True, slots=True)
class Remark:
    """Say a sentence of the door's own and show the same screen again; `key` is its word key."""

    key: str


@dataclass(frozen=True, slots=True)
class Payload:
    """Tell the engine a payload: a choice that was shown, or home, or back."""

    payload: str


@dataclass(frozen=True, slots=True)
class Words:
    """Tell the engine the text, once it is sealed."""

    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """Tell the engine of a place that was shared, once it is sealed."""

    text: str


Step = TurnPage | Remark | Payload | Words | Place


def share(token: str) -> str:
    """The payload that tells the engine of a shared place, known by its token alone."""
    return f'/share_place{{"place":"{token}"}}'


def read_input(text: str, content: Content, shown: Shown, longest: int) -> Step:
    """Decide what an input means.

    In a question for a number `0` and `98` are answers and only `00` navigates; everywhere else `0`
    goes back, `98` shows more, and neither can be mistaken for an answer.
    """
    if content is Content.LOCATION and read_coordinates(text) is not None:
        return Place(text)
    if content is not Content.TEXT:
        return Remark("door_media")
    if len(text) > longest:
        return Remark("door_too_long")
    typed = plain_digits(text).strip()
    if not typed:
        return Remark("door_empty")
    if typed == "00":
        return Payload(HOME)
    if shown.expects is not Expects.NUMBER:
        if typed in ("0", "98") and shown.is_behind:
            return TurnPage(shown.page)
        if typed == "98" and shown.pages:
            return TurnPage(min(shown.page + 1, len(shown.pages) - 1))
        if typed == "0":
            return TurnPage(shown.page - 1) if shown.page else Payload(BACK)
        chosen = choose(typed, shown.choices)
        if chosen is not None:
            return Payload(chosen.payload)
        if shown.choices and typed.isdigit() and len(typed) <= 2:
            return Remark("door_wrong_choice")
    return Words(typed)
