"""How hard a French text is to read: long sentences, long words.

The measure is Kandel and Moles' (1958), Flesch's reading ease fitted to French: 207 less 1.015
times the words of a sentence, less 73.6 times the syllables of a word, on average. Above 80 is easy
for most people, below 50 is hard for many.
"""

from __future__ import annotations

import re
from typing import Final

_SENTENCE: Final = re.compile(r"[.!?:\n]+(?:\s|$)")
_WORD: Final = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿœŒ]+(?:['’][A-Za-zÀ-ÖØ-öø-ÿœŒ]+)?")
_VOWELS: Final = re.compile(r"[aeiouyàâäéèêëîïôöùûüÿœ]+", re.IGNORECASE)
_SILENT: Final = re.compile(r"(?<=[^aeiouyàâäéèêëîïôöùûü])(e|es|ent)$", re.IGNORECASE)


def sentences(text: str) -> list[list[str]]:
    """The words of each sentence; what stands in braces, addresses and signs are no words."""
    plain = re.sub(r"\{\w+\}|\S+\.\w{2,3}\b|\([^)]*\)", " ", text)
    found = (_WORD.findall(part) for part in _SENTENCE.split(plain))
    return [words for words in found if words]


def syllables(word: str) -> int:
    """About how many syllables a French word has; a silent ending has none."""
    return max(1, len(_VOWELS.findall(_SILENT.sub("", word))))


def reading_ease(text: str) -> float:
    """Kandel and Moles' reading ease of a text; higher is easier."""
    found = sentences(text)
    words = [word for sentence in found for word in sentence]
    per_sentence = len(words) / len(found)
    per_word = sum(map(syllables, words)) / len(words)
    return 207 - 1.015 * per_sentence - 73.6 * per_word
