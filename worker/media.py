"""Files that citizens sent: fetched from their provider, checked, kept encrypted, deleted there.

None of it happens while the citizen waits for an answer. A file is promised a place first
(records/media.py); what cannot be kept is told in plain words. A provider is made to forget every
file, whether it was kept, could not be taken, or was never wanted.
"""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import redis

from channels.media import check_file
from channels.port import FileKeeper
from core.editions import FILE
from core.errors import (
    MediaRefused,
    ProviderUnavailable,
    StoreUnavailable,
    TokenRefused,
)
from core.locked import lock
from core.logs import log
from core.messages import Media
from core.tasks import close_task, open_task
from records.media import LeasedMedia, media_context
from worker import deliveries, papers
from worker.app import app
from worker.house import House, house
from worker.letters import find_letterbox, post

_LOG = log(__name__)
_LEASE_SECONDS: Final = 180.0
_AT_ONCE: Final = 5
_LONGEST_WAIT_SECONDS: Final = 900
# A provider keeps a file until somebody deletes it; one that cannot be had for a day is given up.
_TRIES: Final = 100
_SAID: Final = {
    "too_large": "notice_file_too_large",
    "not_taken": "notice_file_not_taken",
}


@app.task(
    name="worker.media.fetch",
    autoretry_for=(StoreUnavailable, redis.RedisError),
    retry_backoff=2,
    retry_backoff_max=60,
    max_retries=None,
)
def fetch() -> None:
    """Fetch all that was promised a place and is due."""
    while rows := house().media.lease_wanted(_AT_ONCE, _LEASE_SECONDS):
        for row in rows:
            _fetch(house(), row)


@app.task(
    name="worker.media.discard",
    autoretry_for=(ProviderUnavailable,),
    retry_backoff=30,
    retry_backoff_max=3600,
    retry_jitter=True,
    max_retries=48,
)
def discard(argument: str) -> None:
    """Have a provider forget a file."""
    given = open_task(house().seal, argument)
    keeper: object = house().channels.get(given["channel"])
    if not isinstance(keeper, FileKeeper):
        _LOG.error("file_not_discarded", channel=given["channel"])
        return
    try:
        keeper.discard(Media(given["url"], ""))
    except MediaRefused as refused:
        _LOG.warning("file_not_discarded", channel=given["channel"], reason=refused.reason)


def _fetch(house: House, row: LeasedMedia) -> None:
    try:
        told = FILE.loads(house.seal.open(row.sealed, media_context(row.id)))
    except TokenRefused:
        house.media.refuse(row.id, "unreadable")
        _LOG.error("file_unreadable", channel=row.channel)
        return
    media = Media(told["url"], told["content_type"])
    try:
        _keep(house, row, media)
    except ProviderUnavailable as fault:
        if row.attempts < _TRIES:
            wait = min(2**row.attempts, _LONGEST_WAIT_SECONDS)
            retry_at = datetime.now(UTC) + timedelta(seconds=wait)
            house.media.failed(row.id, str(fault), retry_at)
            _LOG.warning("file_not_fetched", channel=row.channel, code=str(fault))
            return
        _refuse(house, row, "gone")
    except MediaRefused as refused:
        _refuse(house, row, refused.reason)
    _have_discarded(house, row.channel, media.url)


def _keep(house: House, row: LeasedMedia, media: Media) -> None:
    keeper: object = house.channels.get(row.channel)
    if not isinstance(keeper, FileKeeper):
        raise ProviderUnavailable("no such channel")
    content = keeper.fetch(media, house.settings.media_largest_mb * 1024 * 1024)
    content_type = check_file(content)
    key, locked = lock(content, media_context(row.id))
    told: dict[str, Any] = {"key": base64.b64encode(key).decode()}
    sealed = house.seal.close(FILE.dumps(told), media_context(row.id))
    # Where its draft was erased meanwhile, nobody keeps it.
    is_kept = house.media.keep(row.id, content_type, len(content), sealed, locked)
    _LOG.info("file_kept" if is_kept else "file_wanted_no_more", channel=row.channel)
    # What it belongs to may have arrived before it.
    papers.pass_on.delay()


def _refuse(house: House, row: LeasedMedia, reason: str) -> None:
    if not house.media.refuse(row.id, reason):
        return
    _LOG.warning("file_refused", channel=row.channel, reason=reason)
    box = find_letterbox(house, row.number_key)
    if box is None:
        return
    largest = str(house.settings.media_largest_mb)
    words = house.catalogs.say(box.language, _SAID.get(reason, "notice_file_gone"), largest=largest)
    with house.database.session() as session:
        post(house, box, words, session)
    deliveries.drain.delay()


def _have_discarded(house: House, channel: str, url: str) -> None:
    discard.delay(close_task(house.seal, {"channel": channel, "url": url}))
