"""Concepts: what words of any language and spelling stand for, from the lexicon in data/lexicon.

A file there belongs to one variety; a line is a concept, a tab, and the forms that express it,
separated by commas. A message's concepts are those of its longest known expressions; a word that is
not known as written may still be known by its consonant key, which is a weaker sign of its own.
Standard library only.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from pathlib import Path
from typing import Dict, Iterable, List, Sequence, Set

from components.folding import fold, keys

LEXICON = Path(__file__).resolve().parents[2] / "data" / "lexicon"
_LONGEST = 4
_LEAST_KEY = 3
# Marks a concept found by key alone.
_BY_KEY = "~"


class Concepts:
    """The lexicon: concepts by folded expression, and by the key of single words."""

    def __init__(self, by_form: Dict[str, List[str]], by_key: Dict[str, List[str]]) -> None:
        """Hold both tables; `read` makes them from the files."""
        self._by_form = by_form
        self._by_key = by_key

    @classmethod
    def read(cls, folder: Path = LEXICON) -> Concepts:
        """The lexicon of every variety in a folder."""
        by_form: Dict[str, Set[str]] = defaultdict(set)
        by_key: Dict[str, Set[str]] = defaultdict(set)
        for path in sorted(folder.glob("*.tsv")):
            for line in path.read_text("utf-8").splitlines():
                concept, _, forms = line.partition("\t")
                for form in map(fold, forms.split(",")):
                    if form and len(form.split()) <= _LONGEST:
                        by_form[form].add(concept)
                        found = keys(form)
                        if len(found) == 1 == len(form.split()) and len(found[0]) >= _LEAST_KEY:
                            by_key[found[0]].add(concept)
        return cls(
            {form: sorted(found) for form, found in by_form.items()},
            {key: sorted(found) for key, found in by_key.items()},
        )

    @classmethod
    def of(cls, tables: Sequence[Dict[str, List[str]]]) -> Concepts:
        """The lexicon of its tables, what many forms express held once."""
        pool: Dict[str, List[str]] = {}
        by_form, by_key = (
            {form: pool.setdefault(",".join(found), found) for form, found in table.items()}
            for table in tables
        )
        return cls(by_form, by_key)

    def tables(self) -> List[Dict[str, List[str]]]:
        """Both tables, of which the lexicon is made again."""
        return [self._by_form, self._by_key]

    def forms(self) -> Iterable[str]:
        """Every folded expression."""
        return self._by_form.keys()

    def find(self, words: Sequence[str], word_keys: Sequence[str]) -> List[str]:
        """The concepts of a message, from its folded words and their keys."""
        found: List[str] = []
        for start, key in enumerate(word_keys):
            known = False
            for length in range(min(_LONGEST, len(words) - start), 0, -1):
                expressed = self._by_form.get(" ".join(words[start : start + length]))
                if expressed:
                    found += expressed
                    known = known or length == 1
            if not known:
                found += [_BY_KEY + concept for concept in self._by_key.get(key, ())]
        return found


def fingerprint_of(paths: Iterable[Path]) -> str:
    """A hash of files a component learns from beside the training messages."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()
