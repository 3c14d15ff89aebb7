"""Hiding small cells of a table so that nothing shown gives them away.

A cell of a few is hidden. As rows and columns have totals, others must be hidden with it: as many
that no hidden cell, a total included, follows from what is shown, and that in no line those hidden
together are few. Cells are edges between a row and a column; a hidden one can be computed exactly
where it lies on no circle of hidden ones.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

Place = tuple[int, int]
Node = tuple[str, int]
# A zero is given up last: it would show which way a neighbour can be wrong.
_OF_ZERO: Final = 10**9


class Suppression:
    """A table with its totals, the last row and the last column, and which cells are hidden.

    `few` and less, but for zero, are hidden; `hidden_totals` are the columns of which the total is
    hidden in any case. Hiding is done once, at the start.
    """

    def __init__(
        self, counts: Sequence[Sequence[int]], few: int = 9, hidden_totals: Iterable[int] = ()
    ) -> None:
        rows = [[*row, sum(row)] for row in counts]
        width = len(rows[0]) if rows else 1
        rows.append([sum(row[column] for row in rows) for column in range(width)])
        self.cells: list[list[int]] = rows
        self._few = few
        self._last = (len(rows) - 1, width - 1)
        self.hidden: set[Place] = {place for place in self._places() if 0 < self._at(place) <= few}
        self.hidden |= {(self._last[0], column) for column in hidden_totals}
        while self._hide_few_together() or self._hide_around_the_first_that_shows():
            pass

    def shown(self) -> list[list[int | None]]:
        """The table with its totals, None for what is hidden."""
        return [
            [None if (row, column) in self.hidden else value for column, value in enumerate(cells)]
            for row, cells in enumerate(self.cells)
        ]

    @property
    def hidden_totals(self) -> set[int]:
        """The columns of which the total is hidden."""
        return {column for row, column in self.hidden if row == self._last[0]}

    def _places(self) -> Iterator[Place]:
        for row in range(self._last[0] + 1):
            for column in range(self._last[1] + 1):
                yield row, column

    def _at(self, place: Place) -> int:
        return self.cells[place[0]][place[1]]

    def _lines(self) -> Iterator[tuple[list[Place], Place]]:
        """Every row and every column: its parts, and its total."""
        last_row, last_column = self._last
        for row in range(last_row + 1):
            yield [(row, column) for column in range(last_column)], (row, last_column)
        for column in range(last_column + 1):
            yield [(row, column) for row in range(last_row)], (last_row, column)

    def _hide_few_together(self) -> bool:
        """Hide one more cell of a line in which what is hidden is known to be few together."""
        for parts, total in self._lines():
            hidden = [place for place in parts if place in self.hidden]
            together = sum(self._at(place) for place in hidden)
            if not hidden or total in self.hidden or together > self._few:
                continue
            others = [place for place in parts if place not in self.hidden and self._at(place)]
            self.hidden.add(min(others, key=self._at, default=total))
            return True
        return False

    def _hide_around_the_first_that_shows(self) -> bool:
        """Hide the least that puts a cell on a circle which could be computed."""
        for place in sorted(self.hidden):
            way = self._cheapest_way(place)
            if new := [one for one in way if one not in self.hidden]:
                self.hidden.update(new)
                return True
        return False

    def _cheapest_way(self, around: Place) -> list[Place]:
        """The cells that lead from the row of a place to its column by other cells.

        What is hidden already costs nothing.
        """
        begin, end = ("row", around[0]), ("column", around[1])
        queue: list[tuple[int, Node, tuple[Place, ...]]] = [(0, begin, ())]
        seen: set[Node] = set()
        while queue:
            cost, node, way = heapq.heappop(queue)
            if node == end:
                return list(way)
            if node in seen:
                continue
            seen.add(node)
            for place, other in self._from(node):
                if place != around:
                    heapq.heappush(queue, (cost + self._cost(place), other, (*way, place)))
        return []

    def _from(self, node: Node) -> Iterator[tuple[Place, Node]]:
        kind, number = node
        if kind == "row":
            for column in range(self._last[1] + 1):
                yield (number, column), ("column", column)
        else:
            for row in range(self._last[0] + 1):
                yield (row, number), ("row", row)

    def _cost(self, place: Place) -> int:
        if place in self.hidden:
            return 0
        return self._at(place) or _OF_ZERO
