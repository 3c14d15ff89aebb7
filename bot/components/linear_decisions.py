"""Linear decisions over TF-IDF features of one message, without a sparse matrix made for it.

What scikit-learn's TfidfVectorizer, FeatureUnion and a linear model decide of a row, in the same
steps and in the order of the same columns: a term counts 1 + log of how often it stands, times its
inverse document frequency; each kind of terms is brought to the length of its weight. Making the
matrices for a single row takes twenty times as long as reckoning with it.

Of the terms only hashes are held: as dictionaries they would take ten times the memory.
"""

from __future__ import annotations

from itertools import chain
from typing import List, NamedTuple, Sequence, Tuple

import numpy as np


class Terms(NamedTuple):
    """One kind of terms, in their columns' order, with the frequencies and the weight of all."""

    names: Sequence[str]
    idf: np.ndarray
    weight: float = 1.0


class LinearDecisions:
    """Scores by the terms of a message; holds a row of decisions for each term."""

    def __init__(self, kinds: Sequence[Terms], decisions: np.ndarray, offsets: np.ndarray) -> None:
        """Index the terms; `decisions` has a row for each, those of the first kind first.

        Rows are held as they are given, and reckoned with as exactly as the offsets are.
        """
        sizes = [len(kind.names) for kind in kinds]
        hashes = hashes_of([kind.names for kind in kinds])
        order = np.argsort(hashes, kind="stable")
        self._hashes, self._rows = hashes[order], order.astype(np.int32)
        self._idf = np.concatenate([kind.idf for kind in kinds])
        self._ends = np.cumsum(sizes)[:-1]
        self._weights = np.array([kind.weight for kind in kinds])
        self._decisions, self._offsets = decisions, offsets

    def scores(self, kinds: Sequence[List[str]]) -> np.ndarray:
        """The score of each class by a message's terms, kind by kind, as often as each stands."""
        rows, counts = self._counted(hashes_of(kinds))
        values = (np.log(counts) + 1.0) * self._idf[rows]
        kind = self._ends.searchsorted(rows, "right")
        lengths = np.sqrt(np.bincount(kind, values * values, len(self._weights)))
        lengths[lengths == 0.0] = 1.0
        values *= (self._weights / lengths)[kind]
        exact = self._offsets.dtype
        weighted = self._decisions[rows].astype(exact)
        weighted *= values.astype(exact)[:, np.newaxis]
        found: np.ndarray = weighted.sum(axis=0) + self._offsets
        return found

    def _counted(self, hashes: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
        """The rows of the known terms in their order, and how often each stands."""
        wanted, counts = np.unique(hashes, return_counts=True)
        places = self._hashes.searchsorted(wanted)
        known = self._hashes.take(places, mode="clip") == wanted
        rows = self._rows[places[known]]
        order = rows.argsort()
        return rows[order], counts[known][order]


def hashes_of(kinds: Sequence[Sequence[str]]) -> np.ndarray:
    """Python's hashes of terms, kind after kind; one term has another in each kind."""
    count = sum(map(len, kinds))
    hashes = np.fromiter(map(hash, chain.from_iterable(kinds)), np.int64, count)
    begin = 0
    for number, terms in enumerate(kinds):
        end = begin + len(terms)
        # Odd multiples of a number without a pattern.
        hashes[begin:end] ^= np.int64((2 * number + 1) * 0x1E3779B97F4A7C15 & 0x7FFFFFFFFFFFFFFF)
        begin = end
    return hashes
