"""Two migrations of one database never claim the same place."""

from __future__ import annotations

import re

import pytest

from tests.house.repository import ROOT

_REVISION = re.compile(r'^(?:down_)?revision = (?:"(\w+)"|None)$', re.MULTILINE)


@pytest.mark.parametrize("package", ["records", "transcripts"])
def test_migrations_follow_one_another_in_one_line(package: str) -> None:
    folder = ROOT / package / "migrations/versions"
    steps = [_REVISION.findall(path.read_text("utf-8")) for path in sorted(folder.glob("v*.py"))]
    revisions = [own for own, _ in steps]

    assert ["", *revisions[:-1]] == [before for _, before in steps]
    assert len(revisions) == len(set(revisions))
