"""Small cells are hidden, and nothing that is shown gives one away."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import example, given
from hypothesis import strategies as st

from console.dashboard.suppression import Suppression

FEW = 9
counts = st.one_of(st.integers(0, 15), st.integers(0, 400))
tables = st.tuples(st.integers(1, 5), st.integers(1, 4)).flatmap(
    lambda size: st.lists(
        st.lists(counts, min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0]
    )
)


def computed(shown: list[list[int | None]]) -> set[tuple[int, int]]:
    """The hidden cells that follow from what is shown, by solving rows and columns for them."""
    hidden = [(r, c) for r, row in enumerate(shown) for c, cell in enumerate(row) if cell is None]
    last_row, last_column = len(shown) - 1, len(shown[0]) - 1
    lines = [[(r, c) for c in range(last_column + 1)] for r in range(last_row + 1)]
    lines += [[(r, c) for r in range(last_row + 1)] for c in range(last_column + 1)]
    rows = [[Fraction(int(place in line)) for place in hidden] for line in lines]
    # A total stands on the other side of its equation.
    for line, row in zip(lines, rows, strict=True):
        for number, place in enumerate(hidden):
            if row[number] and place == line[-1]:
                row[number] = Fraction(-1)
    return {place for number, place in enumerate(hidden) if is_fixed(rows, number)}


def is_fixed(rows: list[list[Fraction]], number: int) -> bool:
    """True where the equations leave one value for an unknown: its unit vector is their sum."""
    unit = [Fraction(int(other == number)) for other in range(len(rows[0]))]
    return rank(rows) == rank([*rows, unit])


def rank(rows: list[list[Fraction]]) -> int:
    rows, found = [list(row) for row in rows], 0
    for column in range(len(rows[0])):
        pivot = next((r for r in range(found, len(rows)) if rows[r][column]), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        for other in range(found + 1, len(rows)):
            factor = rows[other][column] / rows[found][column]
            rows[other] = [a - factor * b for a, b in zip(rows[other], rows[found], strict=True)]
        found += 1
    return found


@given(tables)
@example([[5, 0], [0, 7]])
@example([[200, 3], [150, 120], [90, 80]])
@example([[9, 9], [9, 9]])
def test_no_hidden_cell_follows_from_what_is_shown(table: list[list[int]]) -> None:
    shown = Suppression(table, FEW).shown()

    assert not computed(shown)


@given(tables)
def test_every_cell_and_total_of_a_few_is_hidden(table: list[list[int]]) -> None:
    shown = Suppression(table, FEW).shown()

    assert all(cell is None or cell == 0 or cell > FEW for row in shown for cell in row)


@given(tables)
def test_what_is_hidden_together_in_a_line_with_a_total_is_more_than_a_few(
    table: list[list[int]],
) -> None:
    shown = Suppression(table, FEW).shown()

    for row in shown:
        if row[-1] is not None and None in row:
            assert row[-1] - sum(cell or 0 for cell in row[:-1]) > FEW


def test_a_table_without_small_cells_is_shown_whole() -> None:
    assert [[20, 30, 50], [40, 0, 40], [60, 30, 90]] == Suppression([[20, 30], [40, 0]]).shown()


def test_a_total_that_is_hidden_elsewhere_is_hidden_here_and_protected() -> None:
    shown = Suppression([[20, 30], [40, 50]], hidden_totals={0}).shown()

    assert shown[-1][0] is None
    assert not computed(shown)
