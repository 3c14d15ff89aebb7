"""Noting where who agreed to be told lives: region and commune of their service centre, no more.

The registry knows the centre that an address belongs to; the address itself is neither asked for
nor kept. Communes are so known as far as each has its centre.
"""

from __future__ import annotations

from core.errors import RegistryError, StoreUnavailable
from core.logs import log
from core.regions import commune_key, read_region
from core.tasks import open_task
from worker.app import app
from worker.house import house

_LOG = log(__name__)


@app.task(
    name="worker.emergencies.note_home",
    autoretry_for=(RegistryError, StoreUnavailable),
    retry_backoff=60,
    retry_backoff_max=3600,
    max_retries=24,
)
def note_home(argument: str) -> None:
    """Ask the registry where a person lives, and note it where they are followed."""
    idcs = open_task(house().seal, argument)["idcs"]
    office = house().registry.home_office(idcs, "fr")
    region = read_region(office.region) if office else None
    if office and region is None:
        _LOG.warning("region_unknown", region=office.region)
    commune = commune_key(office.commune) if office and region else ""
    house().followers.lives(house().pseudonyms.person(idcs), region or "", commune)
