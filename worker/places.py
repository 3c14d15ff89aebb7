"""Noting of what was handed in from which region it came, and whether from a town: for figures.

Asked once the registry has it, and no more than that: neither a commune nor an address.
"""

from __future__ import annotations

from core.errors import RegistryError, StoreUnavailable
from core.regions import read_region
from core.tasks import open_task
from worker.app import app
from worker.house import house


@app.task(
    name="worker.places.note",
    autoretry_for=(RegistryError, StoreUnavailable),
    retry_backoff=60,
    retry_backoff_max=3600,
    max_retries=12,
)
def note(argument: str) -> None:
    """Note the region and the kind of place of an application's declarant."""
    given = open_task(house().seal, argument)
    office = house().registry.home_office(given["idcs"], "fr")
    household = house().registry.household(given["idcs"], "fr")
    region = read_region(office.region) if office else None
    area = household.area if household else ""
    house().submissions.lives(given["submission"], region or "", area)
