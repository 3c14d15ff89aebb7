"""A citizen who talks to the running service, the same on a keypad and in a chat.

    talk = Talk(house, ChannelKind.USSD, "+212612345678", "fr")
    talk.open()
    talk.choose("utter_menu", "/check_eligibility")
    talk.verify(citizen)
    assert talk.heard("utter_eligibility_no_household")

Choices are made by their title, so a test does not count the lines of a menu. `hears` is all that
was said last, on one line: on USSD every page of the screen. Where the service says that the answer
is still to come, as it does on a busy machine, that is waited for.
"""

from __future__ import annotations

import re
import time
from typing import Any

from channels.rendering.screens import phone_text
from core.messages import ChannelKind
from sandbox.phone.client import Chat, Handset
from tests.end_to_end.callers import dial_afresh
from tests.end_to_end.running_house import RunningHouse
from tests.end_to_end.words import MOST_PAGES, door_said, flat, said, title, titles

LANGUAGES = ("ar", "ary", "zgh", "fr")
_NOTICE_SECONDS = 5.0
_PATIENCE_SECONDS = 60.0
# What is said where the answer is still to come.
_PUT_OFF = {
    ChannelKind.USSD: ("door_still_working", "door_busy", "door_try_again"),
    ChannelKind.WHATSAPP: ("door_still_working_message", "door_try_again_message"),
    ChannelKind.SMS: ("door_still_working_message", "door_try_again_message"),
}
_NAVIGATION = re.compile(r"^(98|00|0) ")


class Talk:
    """One citizen on one kind of channel, in one language. `hops` counts what was sent."""

    def __init__(
        self, house: RunningHouse, kind: ChannelKind, number: str, language: str = "fr"
    ) -> None:
        self.house = house
        self.kind = kind
        self.number = number
        self.language = language
        self.hops = 0
        self.hears = ""
        self.screens: list[str] = []
        self._lines: list[str] = []
        self._handset: Handset | None = None
        self._chat: Chat | None = None
        if kind is ChannelKind.USSD:
            self._handset = house.handset(number)
        else:
            self._chat = house.chat(kind.value, number)

    def open(self) -> Talk:
        """Dial or greet, and choose the language where it is not this one yet."""
        if self._handset:
            dial_afresh(self._handset)
            self.hops += 1
            self.hear()
        else:
            self.say("salam")
        if self._chat and not any(self._is_at_the_menu(one) for one in (*LANGUAGES, "")):
            self.say("00")
        if not self._is_at_the_menu(self.language):
            self._ask_for_the_languages()
            self.say(str(1 + LANGUAGES.index(self.language)))
        if self.heard("utter_ask_script"):
            self.choose("utter_ask_script", '/choose_script{"script":"Tfng"}')
        assert self._is_at_the_menu(self.language), self.hears
        return self

    def redial(self) -> Talk:
        """Drop the call and dial again."""
        assert self._handset is not None
        self._handset.redial()
        self.hops += 1
        self.hear()
        return self

    def say(self, text: str, waits: bool = True) -> str:
        """Send words or digits, and hear what comes; without `waits`, what comes at once."""
        self.hops += 1
        if self._handset:
            self._handset.press(text)
        else:
            assert self._chat is not None
            self._chat.say(text)
        if waits:
            self.hear()
        else:
            self._read()
        return self.hears

    def share(self, latitude: float, longitude: float) -> str:
        """Share a place, as WhatsApp does."""
        assert self._chat is not None
        self.hops += 1
        self._chat.share(latitude, longitude)
        self.hear()
        return self.hears

    def attach(self, kind: str, **given: Any) -> str:
        """Send a file, as WhatsApp does."""
        assert self._chat is not None
        self.hops += 1
        self._chat.attach(kind, **given)
        self.hear()
        return self.hears

    def hear(self) -> str:
        """What is said, however late: a handset presses on for it, a chat waits."""
        self._read()
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while self.is_put_off and time.monotonic() < deadline:
            if self._handset:
                self._handset.press("1")
            else:
                assert self._chat is not None
                self._chat.listen(deadline - time.monotonic())
            self._read()
        return self.hears

    def choose(self, key: str, payload: str) -> str:
        """Choose what a response's button offers, by its title in the citizen's language."""
        return self.pick(title(self.language, key, payload, self.kind.value))

    def choose_and_drop(self, key: str, payload: str) -> None:
        """Choose the same on a handset whose call drops before its answer is seen."""
        assert self._handset is not None
        number = self._number_of(title(self.language, key, payload, self.kind.value))
        assert number is not None, self._lines
        self.hops += 1
        self._handset.press(number)
        self._handset.cancel()

    def pick(self, wanted: str) -> str:
        """Choose the numbered line with this title.

        In a chat a notice may come before the answer: then the answer is waited for.
        """
        number = self._number_of(wanted)
        while number is None and self._chat and self._chat.listen(_NOTICE_SECONDS):
            self._hear_chat()
            number = self._number_of(wanted)
        if number is None:
            raise AssertionError(f"{wanted!r} is not offered in {self._lines}")
        return self.say(number)

    def _number_of(self, wanted: str) -> str | None:
        for line in self._lines:
            number, _, offered = flat(line).partition(" ")
            if number.isdecimal() and offered == flat(wanted):
                return number
        return None

    def pick_any(self, payload: str) -> str:
        """Choose the line that means this payload, whichever response it belongs to."""
        wanted = titles(self.language, payload, self.kind.value)
        for line in self._lines:
            number, _, offered = flat(line).partition(" ")
            if number.isdecimal() and offered in wanted:
                return self.say(number)
        raise AssertionError(f"{payload} is not offered in {self._lines}")

    def in_letters(self, words: str) -> str:
        """Words of a file as they stand on this channel, on one line."""
        return flat(phone_text(words, self.kind, self.language))

    def begin_again(self) -> Talk:
        """To the menu: by a new call on a handset, by 00 in a chat."""
        if self._handset:
            return self.open()
        self.say("00")
        return self if self._is_at_the_menu(self.language) else self.open()

    def offers(self, key: str, payload: str) -> bool:
        """True where the last answer offers a response's button."""
        wanted = title(self.language, key, payload, self.kind.value)
        return any(flat(line).partition(" ")[2] == wanted for line in self._lines)

    def heard(self, key: str) -> bool:
        """True where the last answer holds the words of a response."""
        words = door_said if key.startswith("door_") else said
        return words(self.language, key, self.kind.value) in self.hears

    def consent(self) -> Talk:
        """Agree, where the service asks."""
        if self.heard("utter_ask_consent"):
            self.choose("utter_ask_consent", "/affirm")
        return self

    def verify(self, citizen: dict[str, Any]) -> str:
        """Consent, identify and prove it, by code where one is sent."""
        self.consent()
        assert self.heard("utter_ask_idcs"), self.hears
        self.say(citizen["idcs"])
        year, month, day = citizen["birth_date"].split("-")
        known = len(self.house.inbox(citizen["phone"])) if citizen["phone"] else 0
        self.say(f"{day}/{month}/{year}")
        if self.heard("utter_ask_code"):
            self.say(self.house.code_after(citizen["phone"], known))
        return self.hears

    @property
    def is_open(self) -> bool:
        """True until a handset's call has ended; a chat never ends."""
        return self._handset is None or self._handset.screen.open

    @property
    def is_put_off(self) -> bool:
        """True where the last thing said is that the answer is still to come."""
        last = flat(self._chat.hears[-1]) if self._chat and self._chat.hears else self.hears
        sentences = [
            door_said(language, key, self.kind.value)
            for language in LANGUAGES
            for key in _PUT_OFF[self.kind]
        ]
        return self.is_open and any(one in last for one in sentences)

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of the last answer, without the navigation of a handset."""
        return tuple(self._lines)

    def _is_at_the_menu(self, language: str) -> bool:
        """True at the menu in a language; without one, at the choice of a language."""
        if not language:
            return "Français" in self.hears
        # Two languages may share a title, but not all.
        payloads = ("/check_registration", "/track_benefit", "/report_problem", "/more")
        titles = [title(language, "utter_menu", one, self.kind.value) for one in payloads]
        return all(one in self.hears for one in titles)

    def _read(self) -> None:
        if self._handset:
            self._read_pages()
        else:
            self._hear_chat()

    def _hear_chat(self) -> None:
        assert self._chat is not None
        self._lines = "\n".join(self._chat.hears).splitlines()
        self.screens = ["\n".join(self._lines)]
        self.hears = flat(" ".join(self._lines))

    def _ask_for_the_languages(self) -> None:
        """A number that is known is greeted in the language it last used."""
        wanted = self.language
        for self.language in LANGUAGES:
            if self._is_at_the_menu(self.language):
                self.choose("utter_menu", "/more")
                self.choose("utter_more", "/change_language")
                break
        self.language = wanted

    def _read_pages(self) -> None:
        assert self._handset is not None
        self._lines, self.screens = [], []
        for _ in range(MOST_PAGES):
            shown = self._handset.screen.text
            self.screens.append(shown)
            lines = shown.splitlines()
            self._lines += [line for line in lines if not _NAVIGATION.match(line)]
            if not any(line.startswith("98 ") for line in lines):
                break
            self._handset.press("98")
        else:
            raise AssertionError(f"there is always more: {self.screens[-1]}")
        self.hears = flat(" ".join(self._lines))
