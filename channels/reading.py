"""What a citizen's input means, given the screen it answers. No I/O.

An input either turns a page, or is answered by the door itself (an empty answer, a number that is
not on the menu), or goes to the engine: as the payload of a choice that was shown, or as text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import orjson

from channels.memory import Shown
from channels.rendering.menus import Choice, choose
from channels.rendering.tapping import read_id
from channels.send_words import is_send_word
from channels.stop_words import read_stop_word
from core.identifiers import plain_digits
from core.messages import ChannelKind, Content, Expects, InboundMessage, Media
from core.places import read_coordinates

OPEN = "/open"
# Kept as pending like a payload; the engine is told to open, and that the call goes on.
GO_ON = "/open again"
# Choices of the door's own; none is ever told to the engine.
_OWN: Final = "door:"
CONTINUE: Final = _OWN + "continue"
START_AGAIN: Final = _OWN + "start again"
SEND: Final = _OWN + "send"
SEND_ANYWAY: Final = _OWN + "send anyway"
DO_NOT_SEND: Final = _OWN + "do not send"
HOME = "/home"
BACK = "/back"
# What may be a paper that somebody was asked for.
_PAPERS: Final = frozenset({Content.IMAGE, Content.DOCUMENT})
# What is said to a message that cannot be read; the screen follows.
_UNREAD: Final = {
    Content.VOICE: "door_voice",
    Content.CONTACT: "door_contact",
    Content.STICKER: "door_reaction",
    Content.REACTION: "door_reaction",
}


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


@dataclass(frozen=True, slots=True)
class Own:
    """A choice that the door itself offered."""

    choice: str


@dataclass(frozen=True, slots=True)
class Papers:
    """Tell the engine that files were sent, once where they lie is sealed."""

    media: tuple[Media, ...]


Step = TurnPage | Remark | Payload | Words | Place | Papers | Own

# Marks a pending input that is not read yet; nothing told to the engine begins like this.
_UNREAD_MARK: Final = "\x00"


@dataclass(frozen=True, slots=True)
class Input:
    """What one message brings, before it is read against a screen."""

    text: str = ""
    content: Content = Content.TEXT
    pressed: str = ""
    media: tuple[Media, ...] = ()

    @classmethod
    def of(cls, inbound: InboundMessage) -> Input:
        """What a message brings."""
        return cls(inbound.text, inbound.content, inbound.pressed, inbound.media)

    def put_off(self, longest: int) -> str:
        """The input as it waits among those that the engine has not answered."""
        value = [self.text[:longest], self.content, self.pressed, self.media]
        return _UNREAD_MARK + orjson.dumps(value).decode()


def take_up(pending: str) -> Input | None:
    """An input that was put off; None where a pending text was read already."""
    if not pending.startswith(_UNREAD_MARK):
        return None
    text, content, pressed, media = orjson.loads(pending.removeprefix(_UNREAD_MARK))
    return Input(text, Content(content), pressed, tuple(Media(**one) for one in media))


def share(token: str) -> str:
    """The payload that tells the engine of a shared place, known by its token alone."""
    return f'/share_place{{"place":"{token}"}}'


def read_pressed(pressed: str, shown: Shown) -> Step | None:
    """What was tapped: a choice of the screen shown last, or one that is no longer open.

    None where the button is none of the door's: what it says is then read as words.
    """
    tapped = read_id(pressed)
    if tapped is None:
        return None
    name, number = tapped
    for choice in shown.choices if shown.name and shown.name == name else ():
        if choice.number == number:
            return _chosen(choice)
    return Remark("door_old_choice")


def send_document(token: str) -> str:
    """The payload that tells the engine of files that were sent, known by their token alone."""
    return f'/send_document{{"document":"{token}"}}'


def unread(content: Content) -> str:
    """The key of what is said to a message that cannot be read."""
    return _UNREAD.get(content, "door_media")


def read(given: Input, kind: ChannelKind, shown: Shown, longest: int) -> Step:
    """Decide what an input means: what was tapped, a word that stops or starts, or `read_input`."""
    if given.content is Content.TEXT:
        step = read_pressed(given.pressed, shown) if given.pressed else None
        asked = read_stop_word(given.text, kind)
        if step is not None:
            return step
        if asked is not None:
            return Payload(asked)
        if shown.letter and is_send_word(given.text):
            return Own(SEND)
    if given.content in _PAPERS and given.media:
        return Papers(given.media)
    return read_input(given.text, given.content, shown, longest)


def read_input(text: str, content: Content, shown: Shown, longest: int) -> Step:
    """Decide what an input means.

    In a question for a number `0` and `98` are answers and only `00` navigates; everywhere else `0`
    goes back, `98` shows more, and neither can be mistaken for an answer.
    """
    if content is Content.LOCATION and read_coordinates(text) is not None:
        return Place(text)
    if content is not Content.TEXT:
        return Remark(unread(content))
    if len(text) > longest:
        return Remark("door_too_long")
    typed = plain_digits(text).strip()
    if not typed:
        return Remark("door_empty")
    if typed == "00":
        return Payload(HOME)
    if shown.asks:
        chosen = choose(typed, shown.choices)
        return _chosen(chosen) if chosen else Remark("door_wrong_choice")
    if shown.expects is not Expects.NUMBER:
        if typed in ("0", "98") and shown.is_behind:
            return TurnPage(shown.page)
        if typed == "98" and shown.pages:
            return TurnPage(min(shown.page + 1, len(shown.pages) - 1))
        if typed == "0":
            return TurnPage(shown.page - 1) if shown.page else Payload(BACK)
        chosen = choose(typed, shown.choices)
        if chosen is not None:
            return _chosen(chosen)
        if typed.isdigit() and len(typed) <= 2:
            if shown.choices:
                return Remark("door_wrong_choice")
            # Whoever chooses before the choices were shown is shown them.
            if shown.page_of_choices is not None:
                return TurnPage(shown.page_of_choices)
    return Words(typed)


def _chosen(choice: Choice) -> Payload | Own:
    is_own = choice.payload.startswith(_OWN)
    return Own(choice.payload) if is_own else Payload(choice.payload)
