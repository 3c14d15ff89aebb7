"""What a turn of free text costs beside a turn that chooses from a menu, on WhatsApp.

The texts are examples of one intent whose answer needs nobody's file, so the two differ by what
reading the words takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from statistics import median
from typing import Final

import yaml

from benchmarks.cpu import counted
from benchmarks.flow import WrongAnswer
from benchmarks.systems import System
from benchmarks.words import flat, number_of, said
from core.messages import ChannelKind
from sandbox.house.layout import ROOT
from sandbox.phone.client import Chat

_INTENT: Final = "explain_score"
_ANSWER: Final = "utter_score"
_EXAMPLES: Final = "data/nlu/fr/registration.yml"
_TURNS: Final = 40
_ROUNDS: Final = 7
_TURNS_OF_A_ROUND: Final = 14
_UNCOUNTED: Final = 4


@dataclass(frozen=True, slots=True)
class FreeText:
    """CPU of all counted processes, in ms, of a turn of words and of a turn of the menu.

    Both are medians over the rounds, in which the two kinds take turns.
    """

    words_cpu_ms: float
    menu_cpu_ms: float


def examples() -> list[str]:
    """What citizens write who want their index explained, without what is marked in it."""
    held = yaml.safe_load((ROOT / _EXAMPLES).read_text(encoding="utf-8"))["nlu"]
    lines = next(one["examples"] for one in held if one.get("intent") == _INTENT).splitlines()
    return [line.removeprefix("- ") for line in lines if line.strip() and "[" not in line]


def read_words(system: System, number: str) -> FreeText:
    """Hold both chats in turn from a number whose language is known. Raises WrongAnswer."""
    texts = cycle(examples())
    answer = flat(said(_ANSWER, ChannelKind.WHATSAPP))
    of_words: list[float] = []
    of_the_menu: list[float] = []
    for _ in range(_ROUNDS):
        words = [(text, answer) for text in islice(texts, _TURNS_OF_A_ROUND)]
        of_words.append(_spent(system, number, words))
        of_the_menu.append(_spent(system, number, _menu_turns(_TURNS_OF_A_ROUND)))
    return FreeText(median(of_words), median(of_the_menu))


def menu_chat(system: System, number: str) -> int:
    """Hold a chat of the menu from a number whose language is known; how many turns it had.

    Raises WrongAnswer.
    """
    chat = Chat(system.channels["whatsapp"], number)
    _say(chat, "00", flat(said("utter_menu", ChannelKind.WHATSAPP)))
    turns = _menu_turns(_TURNS)
    for text, mark in turns:
        _say(chat, text, mark)
    return 1 + len(turns)


def _menu_turns(count: int) -> list[tuple[str, str]]:
    steps = (("utter_menu", "/more", "utter_more"), ("utter_more", "/help", "utter_help"))
    return [
        (number_of(at, payload), flat(said(key, ChannelKind.WHATSAPP)))
        for _ in range(count // 2)
        for at, payload, key in steps
    ]


def _spent(system: System, number: str, turns: Sequence[tuple[str, str]]) -> float:
    chat = Chat(system.channels["whatsapp"], number)
    _say(chat, "00", flat(said("utter_menu", ChannelKind.WHATSAPP)))
    for text, mark in turns[:_UNCOUNTED]:
        _say(chat, text, mark)
    before = system.read_cpu()
    for text, mark in turns[_UNCOUNTED:]:
        _say(chat, text, mark)
    return counted(system.read_cpu().since(before)) * 1000 / (len(turns) - _UNCOUNTED)


def _say(chat: Chat, text: str, mark: str) -> None:
    heard = flat(" ".join(chat.say(text)))
    if mark.partition("{")[0] not in heard:
        raise WrongAnswer(f"{text!r} is answered {heard!r} without {mark!r}")
