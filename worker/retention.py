"""Forgetting what there is no more reason to keep, once a night."""

from __future__ import annotations

from core.environment import read_settings
from core.errors import StoreUnavailable
from core.logs import log
from records.exported import ExportFiles
from records.nights import Nights
from records.webhooks import Webhooks
from worker.app import app
from worker.archive import archive
from worker.emergencies.forgetting import forget_invitations
from worker.house import house
from worker.keeping.settings import ErasureSettings

_LOG = log(__name__)


@app.task(
    name="worker.retention.forget",
    autoretry_for=(StoreUnavailable,),
    retry_backoff=2,
    retry_backoff_max=60,
    max_retries=10,
)
def forget() -> None:
    """Old drafts, files and messages, what was refused, numbers there is nothing to tell."""
    refused = house().submissions.forget_refused(house().settings.refused_life_days)
    drafts = house().drafts.drop_old()
    files = house().media.forget(house().settings.media_life_days)
    numbers = house().addresses.drop_idle()
    kept = house().settings
    messages = house().outcomes.forget(kept.held_days, kept.dead_days, kept.trace_days)
    days = house().settings.invitation_life_days
    invitations = forget_invitations(house(), days)
    Webhooks(house().database, house().seal).forget(kept.trace_days)
    exported = ExportFiles(house().database, house().seal).drop_old()
    old = archive().retention.forget_older(archive().life_days)
    archive().erasures.forget(read_settings(ErasureSettings).backup_days)
    house().database.scrub()
    archive().database.scrub()
    removed = {
        "exported": exported,
        "drafts": drafts,
        "refused": refused,
        "files": files,
        "numbers": numbers,
        "messages": messages,
        "invitations": invitations,
        "conversations": old.conversations,
    }
    Nights(house().database).keep(removed)
    _LOG.info("forgotten", **removed)
