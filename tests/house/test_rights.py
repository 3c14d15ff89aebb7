"""No table of the records can be forgotten by an export or an erasure."""

from __future__ import annotations

import yaml

from records.rights import KEPT, MADE, owner_of
from records.tables import Table
from tests.house.repository import ROOT

# Tables that hold nothing of anybody.
# The pieces of a file go with it.
IMPERSONAL = {
    "api_tokens",
    "audit_checks",
    "emergencies",
    "export_jobs",
    "export_pieces",
    "nights",
    "replies",
    "staff",
    "staff_hours",
    "staff_invitations",
    "webhook_deliveries",
    "webhook_endpoints",
}


def owned() -> list[str]:
    """The tables whose rows are somebody's."""
    tables = Table.metadata.sorted_tables
    return [
        table.name for table in tables if owner_of(table) is not None and table.name not in KEPT
    ]


def test_every_table_says_whose_its_rows_are() -> None:
    silent = {table.name for table in Table.metadata.sorted_tables if owner_of(table) is None}

    assert set() == silent - IMPERSONAL - KEPT


def test_every_table_says_when_its_rows_were_made() -> None:
    tables = Table.metadata.tables

    assert [] == [name for name in owned() if not set(MADE) & set(tables[name].c.keys())]


def test_every_table_has_a_line_in_what_a_citizen_reads_of_it() -> None:
    texts = yaml.safe_load((ROOT / "bot/domain/responses/privacy.yml").read_text("utf-8"))

    assert [] == [name for name in owned() if f"utter_held_{name}" not in texts["responses"]]
