"""The rows that the public compliance suite of SPDCI expects to find."""

from __future__ import annotations

from datetime import date
from typing import Any

from sandbox.registry.data_files import read_data


def make_conformance(today: date) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Its household, person and subscription."""
    read = read_data("conformance.toml")
    household, person, subscription = (
        dict(read[name]) for name in ("household", "person", "subscription")
    )
    household |= {"index_date": today, "registered_on": today}
    person["birth_date"] = date(today.year - person.pop("age"), 1, 1)
    return household, person, subscription
