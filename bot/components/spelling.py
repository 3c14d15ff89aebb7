"""Spelling mended: a word nobody taught is read as the known word it was meant to be.

Known are the words of the training messages and of the lexicon. A word that is not known is read as
the most frequent known word one slip away (a letter dropped, doubled, changed, or two that changed
places), or as two known words whose space was not typed. A word whose consonants are known stands
as it is unless the slip keeps them: it may be known in another script. The classifier keeps the
word as typed beside the mended one, so a wrong guess costs little.

`misspelt` makes such slips, for training.
"""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Dict, Iterable, List, Set

import numpy as np

from components.folding import key

_LEAST = 3
# Shorter words are mended only where a letter inside them was dropped.
_LEAST_CHANGED = 5
_LEAST_INDEXED = 4
_LEAST_KEY = 3
# How often both parts of a word must be known, and how much more than one word that may be meant.
_LEAST_PART = 2
_PREFERENCE = 5
_VOWELS = frozenset("aeiouاوي")
_SLIPS = ("swap", "drop", "double", "join", "vowels")


class Spelling:
    """The known words, with how often each is known, and how to find those that a slip hides."""

    def __init__(self, frequencies: Dict[str, int]) -> None:
        """Index the words by what is left of them without one letter.

        The index is two arrays, the hashes of what is left in order and whose they are: as a
        dictionary of lists it would take ten times the memory.
        """
        self.frequencies = frequencies
        self._keys = {found for found in map(key, frequencies) if len(found) >= _LEAST_KEY}
        self._words = [word for word in frequencies if len(word) >= _LEAST_INDEXED]
        count = sum(map(len, self._words))
        hashes, owners = np.zeros(count, np.int64), np.zeros(count, np.int32)
        at = 0
        for number, word in enumerate(self._words):
            for short in _shortened(word):
                hashes[at], owners[at] = hash(short), number
                at += 1
        order = np.argsort(hashes[:at], kind="stable")
        self._hashes, self._owners = hashes[order], owners[order]

    @classmethod
    def learn(cls, documents: Iterable[List[str]], forms: Iterable[str]) -> Spelling:
        """Know the words of documents and of the forms of a lexicon."""
        counted = Counter(word for document in documents for word in document)
        counted.update(word for form in forms for word in form.split())
        return cls(dict(counted))

    def mend(self, words: List[str]) -> List[str]:
        """Folded words, those that are unknown replaced by what was meant."""
        found: List[str] = []
        for word in words:
            if word in self.frequencies or len(word) < _LEAST or word.isdigit():
                found.append(word)
            else:
                found += self._meant(word)
        return found

    def _meant(self, word: str) -> List[str]:
        candidates = self._one_slip_away(word)
        sounds = key(word)
        if sounds in self._keys:
            candidates = {c for c in candidates if key(c) == sounds} or {
                c for c in candidates if sorted(c) == sorted(word)
            }
        best = max(candidates, key=lambda c: (self.frequencies[c], c), default="")
        parts = self._two_words(word)
        if best and self._rarest(parts) <= _PREFERENCE * self.frequencies[best]:
            return [best]
        return parts if parts and (best or sounds not in self._keys) else [word]

    def _one_slip_away(self, word: str) -> Set[str]:
        shorts = [] if len(word) < _LEAST_CHANGED else list(_shortened(word))
        longer, *alike = self._lengthened([word, *shorts])
        if not shorts:
            return {c for c in longer if c[0] == word[0] and c[-1] == word[-1]}
        found = set(longer)
        found.update(s for s in shorts if len(s) >= _LEAST_INDEXED and s in self.frequencies)
        for words in alike:
            found.update(c for c in words if len(c) == len(word) and _is_one_change(word, c))
        return found

    def _lengthened(self, shorts: List[str]) -> List[List[str]]:
        """For each of some words, the known words of which it is left without one letter."""
        wanted = np.fromiter(map(hash, shorts), np.int64, len(shorts))
        firsts = self._hashes.searchsorted(wanted).tolist()
        lasts = self._hashes.searchsorted(wanted, "right").tolist()
        # Two words may share a hash.
        return [
            [
                word
                for owner in (self._owners[first:last].tolist() if first < last else ())
                if short in _shortened(word := self._words[owner])
            ]
            for short, first, last in zip(shorts, firsts, lasts, strict=True)
        ]

    def _two_words(self, word: str) -> List[str]:
        best, parts = _LEAST_PART - 1, []
        for at in range(2, len(word) - 1):
            pair = [word[:at], word[at:]]
            often = self._rarest(pair)
            if often > best:
                best, parts = often, pair
        return parts

    def _rarest(self, words: List[str]) -> int:
        return min((self.frequencies.get(word, 0) for word in words), default=0)


def misspelt(words: List[str], chance: Random) -> List[str]:
    """Folded words with one slip: a letter, a space, or the vowels of about half of them."""
    slip = chance.choice(_SLIPS)
    found = list(words)
    if slip == "vowels":
        return [word if chance.random() < 0.5 else _without_vowels(word) for word in words]
    if slip == "join":
        if len(words) > 1:
            at = chance.randrange(len(words) - 1)
            found[at : at + 2] = [words[at] + words[at + 1]]
        return found
    places = [i for i, word in enumerate(words) if len(word) > _LEAST and not word.isdigit()]
    if places:
        place = chance.choice(places)
        word = words[place]
        at = chance.randrange(1, len(word) - 1)
        middle = {"swap": word[at + 1] + word[at], "drop": word[at + 1], "double": word[at] * 2}
        rest = word[at + 1 :] if slip == "double" else word[at + 2 :]
        found[place] = word[:at] + middle[slip] + rest
    return found


def _without_vowels(word: str) -> str:
    return word[:1] + "".join(c for c in word[1:-1] if c not in _VOWELS) + word[1:][-1:]


def _shortened(word: str) -> Set[str]:
    return {word[:at] + word[at + 1 :] for at in range(len(word))}


def _is_one_change(word: str, other: str) -> bool:
    places = [at for at, (a, b) in enumerate(zip(word, other, strict=True)) if a != b]
    if len(places) == 2:
        first, second = places
        crossed = word[first] == other[second] and word[second] == other[first]
        return second == first + 1 and crossed
    return len(places) == 1
