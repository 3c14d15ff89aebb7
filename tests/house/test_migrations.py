"""Two migrations of one database never claim the same place."""

from __future__ import annotations

import re

import pytest

from tests.house.migration_steps import contracted, destructive_steps, revisions
from tests.house.repository import ROOT

_REVISION = re.compile(r'^(?:down_)?revision = (?:"(\w+)"|None)$', re.MULTILINE)


@pytest.mark.parametrize("package", ["records", "transcripts"])
def test_migrations_follow_one_another_in_one_line(package: str) -> None:
    folder = ROOT / package / "migrations/versions"
    steps = [_REVISION.findall(path.read_text("utf-8")) for path in sorted(folder.glob("v*.py"))]
    revisions = [own for own, _ in steps]

    assert ["", *revisions[:-1]] == [before for _, before in steps]
    assert len(revisions) == len(set(revisions))


# Taken before two releases ever shared a database.
_GRANDFATHERED: dict[str, frozenset[str]] = {
    "records": frozenset({"0009"}),
    "transcripts": frozenset(),
}


@pytest.mark.parametrize("package", ["records", "transcripts"])
def test_no_migration_breaks_the_release_that_still_runs(package: str) -> None:
    """A step that takes away says which earlier one it completes (docs/upgrading.md)."""
    found = revisions(ROOT / package / "migrations/versions")
    order = list(found)
    broken = {}
    for revision, source in found.items():
        steps, expanded = destructive_steps(source), contracted(source)
        is_named = expanded in order[: order.index(revision)]
        if steps and not is_named and revision not in _GRANDFATHERED[package]:
            broken[revision] = steps

    assert {} == broken


@pytest.mark.parametrize(
    ("step", "is_told"),
    [
        ('op.drop_column("numbers", "name")', True),
        ('op.drop_table("numbers")', True),
        ('op.rename_table("numbers", "lines")', True),
        ('op.alter_column("numbers", "name", new_column_name="called")', True),
        ('op.alter_column("numbers", "name", type_=sa.Text())', True),
        ('op.alter_column("numbers", "name", nullable=False)', True),
        ('op.alter_column("numbers", "name", nullable=True)', False),
        ('op.add_column("numbers", sa.Column("name", sa.Text(), nullable=False))', True),
        ('op.add_column("numbers", sa.Column("name", sa.Text(), nullable=True))', False),
        ('op.add_column("n", sa.Column("a", sa.Text(), nullable=False, server_default=""))', False),
        ('batch.add_column(sa.Column("name", sa.Text(), nullable=False))', True),
        ('batch.drop_column("name")', True),
        ('op.create_index("ix", "numbers", ["name"], unique=True)', True),
        ('op.create_index("ix", "numbers", ["name"])', False),
        ('op.create_table("t"); op.create_index("ix", "t", ["name"], unique=True)', False),
        ('op.create_unique_constraint("uq", "numbers", ["name"])', True),
        ('op.execute("ALTER TABLE numbers DROP COLUMN name")', True),
        ('op.execute("ALTER TABLE numbers RENAME COLUMN name TO called")', True),
        ("op.execute(\"UPDATE numbers SET name = ''\")", False),
    ],
)
def test_a_step_that_takes_away_is_known(step: str, is_told: bool) -> None:
    assert is_told == bool(destructive_steps(f"def upgrade():\n    {step}\n"))


def test_a_contract_step_names_the_step_it_completes() -> None:
    assert "0012" == contracted('revision = "0030"\ncontracts = "0012"\n')
    assert contracted('revision = "0030"\n') is None
