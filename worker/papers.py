"""Files that citizens sent go to the registry: once each, after what they belong to.

A file carries its own name as its key, so the registry takes it once. Where an earlier try ended
nobody knows how, the registry is asked what it has before a large file goes again. After two
failures in a row the round ends. An outage is waited out; a refusal that nobody foresaw is tried
again for as long as files are kept. What the registry will never take is told to its sender.
"""

from __future__ import annotations

import base64
import random
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from actions.registry.port import INVALID, NOT_TAKEN, TOO_LARGE, UNKNOWN_APPLICATION
from actions.registry.shapes import NewDocument
from core.editions import FILE
from core.errors import RegistryError, RegistryRefused, StoreUnavailable, TokenRefused
from core.locked import unlock
from core.logs import log
from records.media import LeasedMedia, ToPassOn, media_context
from worker import notices
from worker.app import app
from worker.house import House, house
from worker.meters import PAPERS

_LOG = log(__name__)
# Longer than the registry may take for a document; until then nobody else sends the same.
_LEASE_SECONDS: Final = 240.0
_LONGEST_WAIT_SECONDS: Final = 900.0
_LONGEST_WAIT_REFUSED_SECONDS: Final = 6 * 3600.0
_FAILURES: Final = 2
# These refuse us and not the file: an outage, which an operator mends.
_OF_US: Final = frozenset(("http.401", "http.403", "http.404", "http.405"))
_FINAL: Final = frozenset((INVALID, NOT_TAKEN, TOO_LARGE, UNKNOWN_APPLICATION))


@app.task(
    name="worker.papers.pass_on",
    autoretry_for=(StoreUnavailable,),
    retry_backoff=2,
    retry_backoff_max=60,
    max_retries=None,
)
def pass_on() -> None:
    """Hand in what is due, until it is handed in or the registry seems down."""
    failures = 0
    while failures < _FAILURES and (leased := house().media.lease_to_pass_on(1, _LEASE_SECONDS)):
        failures = 0 if _pass_on(house(), leased[0]) else failures + 1


def _pass_on(house: House, paper: ToPassOn) -> bool:
    """Hand one in; False where the registry could not take or refuse it."""
    file = paper.file
    try:
        content = _opened(house, file)
        if content is None:
            return True
        if not _is_there(house, paper):
            house.registry.submit_document(
                NewDocument(
                    idempotency_key=file.id,
                    application=paper.application,
                    content_type=file.content_type,
                    content=content,
                    channel=file.channel,
                    given_on=file.created,
                )
            )
    except (TokenRefused, KeyError, TypeError, ValueError) as fault:
        _LOG.error("file_unreadable", channel=file.channel, fault=type(fault).__name__)
        _give_up(house, paper, "unreadable")
    except RegistryError as fault:
        reason = fault.reason if isinstance(fault, RegistryRefused) else type(fault).__name__
        if reason in _FINAL:
            _give_up(house, paper, reason)
            return True
        is_refusal = isinstance(fault, RegistryRefused) and reason not in _OF_US
        _try_again(house, paper, reason, is_refusal)
        return is_refusal
    else:
        house.media.passed_on(file.id)
        PAPERS.labels("passed_on").inc()
        _LOG.info("file_passed_on", channel=file.channel, attempts=file.attempts)
    return True


def _opened(house: House, file: LeasedMedia) -> bytes | None:
    """The file as it came, or None where it was erased meanwhile."""
    context = media_context(file.id)
    told: dict[str, Any] = FILE.loads(house.seal.open(file.sealed, context))
    locked = house.media.content(file.id)
    return unlock(base64.b64decode(told["key"]), locked, context) if locked else None


def _is_there(house: House, paper: ToPassOn) -> bool:
    """Whether the registry has it from a try whose end nobody knows."""
    if paper.file.attempts == 1:
        return False
    known = house.registry.documents(paper.application)
    return any(one.key == paper.file.id for one in known)


def _try_again(house: House, paper: ToPassOn, reason: str, is_refusal: bool) -> None:
    now, file = datetime.now(UTC), paper.file
    if now - file.created > timedelta(days=house.settings.media_life_days):
        _give_up(house, paper, reason)
        return
    longest = _LONGEST_WAIT_REFUSED_SECONDS if is_refusal else _LONGEST_WAIT_SECONDS
    most = min(2.0 ** min(file.attempts, 30), longest)
    # Spread out, so that what failed together does not come back together.
    wait = random.uniform(most / 2, most)  # nosec B311
    house.media.failed(file.id, reason, now + timedelta(seconds=wait))
    PAPERS.labels("failed").inc()
    tell = _LOG.error if is_refusal else _LOG.warning
    tell("file_not_passed_on", channel=file.channel, reason=reason, attempts=file.attempts)


def _give_up(house: House, paper: ToPassOn, reason: str) -> None:
    """Destroy a file that the registry will not have, and say so to its sender."""
    if not house.media.passed_on(paper.file.id, reason):
        return
    PAPERS.labels("given_up").inc()
    _LOG.warning("file_given_up", channel=paper.file.channel, reason=reason)
    event_key = house.pseudonyms.event("file:" + paper.file.id)
    value = {"number_key": paper.file.number_key, "reference": paper.reference, "paper": reason}
    notices.add(house, event_key, "", value)
    notices.tell.delay()
