"""Ways in which people spell the same message: slips of the thumb, habits, another script.

Each function takes a text and a source of chance, and gives the text as it might have been typed;
one that finds nothing to change gives it back as it was. Script tables are letter by letter, as
somebody writes who has never seen the word in the other script.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from random import Random
from typing import Final

from locales.transliteration import to_gsm, to_latin

Perturbation = Callable[[str, Random], str]

_WORD: Final = re.compile(r"[^\W\d_]+")
_LEAST: Final = 4
_LATIN_VOWELS: Final = "aeiouéèêëàâîïôöùûü"
_VOWELS: Final = f"{_LATIN_VOWELS}ⴰⵉⵓⴻاوي"
_INNER_VOWEL: Final = re.compile(f"(?<=[^\\W\\d_])[{_VOWELS}](?=[^\\W\\d_])", re.IGNORECASE)


def swapped_letters(text: str, chance: Random) -> str:
    """Two neighbours in one word changed places."""
    return _in_one_word(
        text, chance, lambda word, at: word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    )


def dropped_letter(text: str, chance: Random) -> str:
    """One word lost a letter."""
    return _in_one_word(text, chance, lambda word, at: word[:at] + word[at + 1 :])


def doubled_letter(text: str, chance: Random) -> str:
    """One letter was struck twice."""
    return _in_one_word(text, chance, lambda word, at: word[: at + 1] + word[at:])


def elongated(text: str, chance: Random) -> str:
    """One letter was held, as voices are."""
    return _in_one_word(
        text, chance, lambda word, at: word[:at] + word[at] * chance.randint(3, 7) + word[at + 1 :]
    )


def joined_words(text: str, chance: Random) -> str:
    """One space was not typed."""
    spaces = [match.start() for match in re.finditer(" ", text)]
    if not spaces:
        return text
    at = chance.choice(spaces)
    return text[:at] + text[at + 1 :]


def dropped_vowels(text: str, chance: Random) -> str:
    """Half of the words lost the vowels inside them; in Arabic script, the letters of long ones."""
    return _WORD.sub(
        lambda found: found[0] if chance.random() < 0.5 else _INNER_VOWEL.sub("", found[0]), text
    )


def dropped_accents(text: str, chance: Random) -> str:
    """No accent, no dot below, no vowel sign, no hamza on its bearer."""
    apart = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def capitals(text: str, chance: Random) -> str:
    """The whole message in capitals."""
    return text.upper()


def look_alikes(text: str, chance: Random) -> str:
    """Half of the Latin letters that have a Cyrillic or Greek twin are that twin."""
    return "".join(
        chance.choice(_TWINS[letter]) if letter in _TWINS and chance.random() < 0.5 else letter
        for letter in text
    )


def unseen_signs(text: str, chance: Random) -> str:
    """Signs of no width and of direction stand between letters."""
    return "".join(
        letter + (chance.choice(_UNSEEN) if chance.random() < 0.3 else "") for letter in text
    )


def other_script(text: str, chance: Random) -> str:
    """Tifinagh in Latin letters, Arabic in chat letters, Latin in Arabic letters."""
    if re.search("[ⴰ-ⵯ]", text):
        return to_gsm(text) if chance.random() < 0.5 else to_latin(text)
    if re.search("[ء-ي]", text):
        return "".join(_CHAT.get(letter, letter) for letter in text)
    return _LATIN_UNIT.sub(lambda found: _ARABIC[found[0]], text.lower())


def in_tifinagh(text: str, chance: Random) -> str:
    """Latin Amazigh in Tifinagh."""
    return _LATIN_AMAZIGH.sub(lambda found: _TIFINAGH[found[0]], text.lower())


_TWINS: Final = {
    "a": "аα", "c": "с", "e": "е", "i": "іι", "j": "ј", "k": "кκ", "o": "оο", "p": "рρ",
    "s": "ѕ", "x": "х", "y": "у", "v": "ν", "h": "һ", "d": "ԁ", "A": "АΑ", "B": "ВΒ", "C": "С",
    "E": "ЕΕ", "H": "НΗ", "I": "ІΙ", "K": "КΚ", "M": "МΜ", "N": "Ν", "O": "ОΟ", "P": "РΡ",
    "S": "Ѕ", "T": "ТΤ", "X": "ХΧ", "Y": "Υ", "Z": "Ζ", "J": "Ј",
}  # fmt: skip
_UNSEEN: Final = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u2060\u2066\u2069\ufeff\u00ad"
_CHAT: Final = {
    "ا": "a", "أ": "a", "إ": "i", "آ": "a", "ى": "a", "ء": "2", "ئ": "2", "ؤ": "2", "ة": "a",
    "ب": "b", "ت": "t", "ث": "t", "ج": "j", "ح": "7", "خ": "kh", "د": "d", "ذ": "d", "ر": "r",
    "ز": "z", "س": "s", "ش": "ch", "ص": "s", "ض": "d", "ط": "t", "ظ": "d", "ع": "3", "غ": "gh",
    "ف": "f", "ق": "9", "ك": "k", "گ": "g", "ڭ": "g", "ل": "l", "م": "m", "ن": "n", "ه": "h",
    "و": "ou", "ي": "i", "پ": "p", "ڤ": "v", "؟": "?", "،": ",",
}  # fmt: skip
_ARABIC: Final = {
    "kh": "خ", "gh": "غ", "ch": "ش", "sh": "ش", "ou": "و", "aa": "ا", "ee": "ي", "th": "ت",
    "a": "ا", "i": "ي", "o": "و", "u": "و", "e": "", "y": "ي", "w": "و", "b": "ب", "p": "ب",
    "t": "ت", "j": "ج", "7": "ح", "5": "خ", "d": "د", "r": "ر", "z": "ز", "s": "س", "3": "ع",
    "8": "غ", "f": "ف", "v": "ف", "q": "ق", "9": "ق", "k": "ك", "c": "ك", "g": "ك", "l": "ل",
    "m": "م", "n": "ن", "h": "ه", "x": "كس", "2": "ا", "é": "ي", "è": "ي", "à": "ا", "ç": "س",
}  # fmt: skip
_LATIN_UNIT: Final = re.compile("|".join(sorted(_ARABIC, key=len, reverse=True)))
_TIFINAGH: Final = {
    "kh": "ⵅ", "gh": "ⵖ", "ch": "ⵛ", "sh": "ⵛ", "ou": "ⵓ", "a": "ⴰ", "b": "ⴱ", "c": "ⵛ", "d": "ⴷ",
    "e": "ⴻ", "f": "ⴼ", "g": "ⴳ", "h": "ⵀ", "i": "ⵉ", "j": "ⵊ", "k": "ⴽ", "l": "ⵍ", "m": "ⵎ",
    "n": "ⵏ", "o": "ⵓ", "p": "ⴱ", "q": "ⵇ", "r": "ⵔ", "s": "ⵙ", "t": "ⵜ", "u": "ⵓ", "v": "ⴼ",
    "w": "ⵡ", "x": "ⵅ", "y": "ⵢ", "z": "ⵣ", "3": "ⵄ", "ɛ": "ⵄ", "ɣ": "ⵖ", "7": "ⵃ", "9": "ⵇ",
}  # fmt: skip
_LATIN_AMAZIGH: Final = re.compile("|".join(sorted(_TIFINAGH, key=len, reverse=True)))


def _in_one_word(text: str, chance: Random, change: Callable[[str, int], str]) -> str:
    found = [match for match in _WORD.finditer(text) if len(match[0]) >= _LEAST]
    if not found:
        return text
    word = chance.choice(found)
    changed = change(word[0], chance.randrange(1, len(word[0]) - 1))
    return text[: word.start()] + changed + text[word.end() :]
