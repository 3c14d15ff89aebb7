"""Spelling folded away: one plain form of what is written in four scripts and a hundred habits.

`fold` writes small plain letters, Arabic or Latin; Tifinagh becomes Latin by the table the door
uses too (locales/tifinagh.tsv). `key` writes a word of any script as its consonants in one
alphabet, so that `تسجيل`, `tasjil`, `tsjil` and ⵜⴰⵙⵊⵉⵍ meet. Many words share a key: it stands
beside the word and never for it. Standard library only.
"""

import re
import unicodedata
from pathlib import Path
from typing import Dict, List

_TABLE = Path(__file__).resolve().parents[2] / "locales" / "tifinagh.tsv"

# Signs that change nothing one reads: direction, joiners, fillers, Arabic vowels, elongation.
SIGNS = (
    "\u00ad\u034f\u061c\u115f\u1160\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff"
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640"
)
_UNREAD = re.compile(f"[{SIGNS}]")
_ARABIC = str.maketrans(
    {
        **dict.fromkeys("أإآٱ", "ا"),
        **dict.fromkeys("ىئیې", "ي"),
        "ؤ": "و",
        "ة": "ه",
        "ھ": "ه",
        "ہ": "ه",
        **dict.fromkeys("گڭݣکﻙ", "ك"),
        "ڨ": "ق",
        **dict.fromkeys("ڤڥ", "ف"),
        "پ": "ب",
        "چ": "ش",
        "ژ": "ج",
        "ء": None,
        "،": " ",
        "؟": " ",
        "؛": " ",
        **{chr(0x660 + digit): str(digit) for digit in range(10)},
        **{chr(0x6F0 + digit): str(digit) for digit in range(10)},
    }
)
# Capitals that only look Latin: their small letters look like others.
_CAPITALS = str.maketrans("АВЕЗІЈКМНОРСЅТУХѴΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABE3IJKMHOPCSTYXVABEZHIKMNOPTYX")
# Letters that only look Latin, and Latin letters that accents do not take apart.
_LATIN = str.maketrans(
    {
        **dict(zip("авгезіјкмһнӏопԛрсѕтуүѵԝхьԁ", "abre3ijkmhhlonqpcstyyvwxbd", strict=True)),
        **dict(zip("αβηικνορτυχω", "abnikvoptuxw", strict=True)),
        **dict(zip("ᴀʙᴄᴅᴇғɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢɑɡɩ", "abcdefghijklmnoprstuvwyzagi", strict=True)),
        **dict(zip("ⴴⴸⵁⵂⵒⵝⵠ", "gdhhptv", strict=True)),
        "ⵞ": "tch",
        "œ": "oe",
        "æ": "ae",
        "ß": "ss",
        "ø": "o",
        "ł": "l",
        "ı": "i",
        **dict.fromkeys("ɛεσς", "3"),
        "ɣ": "gh",
        "γ": "gh",
        "ʷ": "w",
        "ˤ": "",
        "’": "'",
        "ʼ": "'",
        "`": "'",
    }
)
_LONG_RUN = re.compile(r"([^\W\d_])\1{2,}")
_WORD = re.compile(r"[^\W_]+")
# A flood of strange letters is folded, and not remembered.
_MOST_LETTERS = 4096


def _read_table() -> Dict[str, str]:
    rows = (line.split("\t") for line in _TABLE.read_text("utf-8").splitlines())
    return {row[0]: row[2] for row in rows if len(row) > 2 and len(row[0]) == 1}


_TIFINAGH = str.maketrans(_read_table())


class _Letters(Dict[int, str]):
    """What each letter is folded to, found when the letter is first met."""

    def __missing__(self, code: int) -> str:
        folded = _letter(chr(code))
        if len(self) < _MOST_LETTERS:
            self[code] = folded
        return folded


def _letter(letter: str) -> str:
    """What a single composed letter is folded to; nothing for a sign."""
    small = _UNREAD.sub("", letter.translate(_CAPITALS).lower())
    small = small.translate(_ARABIC).translate(_TIFINAGH).translate(_LATIN)
    return "".join(c for c in unicodedata.normalize("NFD", small) if not unicodedata.combining(c))


_PLAIN = _Letters()


def fold(text: str) -> str:
    """A text in small plain letters: no accents, elongation, look-alikes or signs."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    text = _LONG_RUN.sub(r"\1", text.translate(_PLAIN))
    return text if text.isalnum() else " ".join(_WORD.findall(text))


def is_sign(letter: str) -> bool:
    """True for a character that stands between letters and changes nothing."""
    return bool(_UNREAD.fullmatch(letter))


def words(text: str) -> List[str]:
    """The words of a folded text."""
    return fold(text).split()


_SOUNDS = {
    **dict(zip("بتثجحخدذرزسشصضطظغفقكلمنهوي", "bttjhxddrzscsdtdGfkklmnhwy", strict=True)),
    **dict(zip("bdfhjklmnrstxzwy", "bdfhjklmnrstxzwy", strict=True)),
    **dict(zip("cgqpv579", "kkkbfxhk", strict=True)),
    "6": "t",
    "8": "G",
}
_DIGRAPHS = [("tch", "c"), ("ch", "c"), ("sh", "c"), ("kh", "x"), ("gh", "G")]
_DIGRAPHS += [("th", "t"), ("dh", "d"), ("ph", "f"), ("qu", "k"), ("ou", "w")]
_DIGRAPH = re.compile("|".join(written for written, _ in _DIGRAPHS))
# A digraph's sound stands for it in a place that no letter has, until all are written.
_MARK_OF = {written: chr(0xE000 + ord(sound)) for written, sound in _DIGRAPHS}
_ARTICLE = re.compile(r"^([وفبك]?)ال(?=\w\w)")
_DOUBLE = re.compile(r"(.)\1+")


class _Consonants(Dict[int, str]):
    def __missing__(self, code: int) -> str:
        return ""


_SOUND_OF = _Consonants(str.maketrans(_SOUNDS))
_SOUND_OF.update({ord(mark): chr(ord(mark) - 0xE000) for mark in _MARK_OF.values()})


def key(word: str) -> str:
    """The consonants of a folded word in one alphabet; a number stays as it is."""
    if word.isdigit():
        return word
    if "ال" in word[:3]:
        word = _ARTICLE.sub(r"\1ل", word)
    sounds = _DIGRAPH.sub(lambda found: _MARK_OF[found.group()], word).translate(_SOUND_OF)
    # Semivowels are heard at the beginning alone.
    rest = sounds[1:].replace("w", "").replace("y", "")
    return _DOUBLE.sub(r"\1", sounds[:1] + rest)


def keys(text: str) -> List[str]:
    """The keys of a folded text's words, without those that have no consonant."""
    return [found for found in map(key, text.split()) if found]
