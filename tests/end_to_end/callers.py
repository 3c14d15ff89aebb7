"""Short ways for a test to come to where it begins."""

from __future__ import annotations

from typing import Any

from sandbox.phone.client import Chat, Handset
from tests.end_to_end.words import LANGUAGES, MOST_PAGES, door_said, flat, read_pages, said, title


def day_first(birth_date: str, between: str = "") -> str:
    """A YYYY-MM-DD date as people type it."""
    year, month, day = birth_date.split("-")
    return between.join((day, month, year))


def dial_afresh(handset: Handset, code: str = "") -> Handset:
    """Dial, and start again where the call before broke off at a question."""
    handset.dial(code)
    if is_asked_to_continue(handset.screen.text):
        handset.press("2")
    return handset


def is_asked_to_continue(screen: str) -> bool:
    """True where the door asks whether to go on where the call before broke off."""
    return any(door_said(language, "door_redial", "ussd") in flat(screen) for language in LANGUAGES)


def at_the_languages(handset: Handset) -> Handset:
    """From the menu, in whatever language it is, to the choice of a language."""
    if "Langue" not in handset.screen.text:
        pick(handset, "utter_menu", "/more")
        pick(handset, "utter_more", "/change_language")
    return handset


def pick(handset: Handset, key: str, payload: str) -> None:
    """Choose what a response offers, in whatever language and on whatever page it stands."""
    titles = {title(language, key, payload, "ussd") for language in LANGUAGES}
    for _ in range(MOST_PAGES):
        for line in handset.screen.text.splitlines():
            number, _, offered = flat(line).partition(" ")
            # What turns a page may have the title of a choice.
            if offered in titles and number not in ("0", "00", "98"):
                handset.press(number)
                return
        assert "98 " in handset.screen.text, handset.screen.text
        handset.press("98")
    raise AssertionError(f"there is always more: {handset.screen.text}")


def at_the_menu(handset: Handset, language: str) -> Handset:
    """Dial, and choose the language where it is not this one yet."""
    dial_afresh(handset)
    if said(language, "utter_menu", "ussd").split()[0] not in handset.screen.text:
        at_the_languages(handset)
        handset.press(str(1 + LANGUAGES.index(language)))
    return handset


def at_the_identifier(handset: Handset, language: str) -> Handset:
    """Ask for the registration and agree, up to the question for the IDCS."""
    at_the_menu(handset, language).press("1")
    if said(language, "utter_ask_consent", "ussd") in read_pages(handset):
        handset.press("1")
    return handset


def at_the_code(handset: Handset, citizen: dict[str, Any], language: str) -> Handset:
    """Give a citizen's identifier and birth date, from a number that is not theirs."""
    at_the_identifier(handset, language)
    handset.press(citizen["idcs"])
    read_pages(handset)
    handset.press(day_first(citizen["birth_date"]))
    return handset


def chat_at_the_identifier(chat: Chat, language: str) -> Chat:
    """The same in a chat."""
    chat.say("salam")
    if "Français" in " ".join(chat.hears):
        chat.say(str(1 + LANGUAGES.index(language)))
    chat.say("1")
    if said(language, "utter_ask_consent", "whatsapp")[:40] in " ".join(chat.hears):
        chat.say("1")
    return chat
