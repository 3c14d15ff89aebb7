"""What was handed in goes to the registry: once each, for as long as it takes, in each one's order.

The same idempotency key brings the same receipt, so whatever is not known to have arrived is sent
again; where a try ended nobody knows how, the registry is asked what it has before. After two
failures in a row the round ends, for the registry is then likely down: what is handed in meanwhile
begins no round of its own for a few seconds. An outage is waited out, however long. What fails
while the registry takes others, or is refused for a reason nobody foresaw, is set aside after some
tries: it is stuck, keeps its content and waits for an operator.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from actions.applications.writing import read_application, read_complaint, read_contact_change
from actions.registry.port import (
    ALREADY_OPEN,
    INVALID,
    NOT_IN_HOUSEHOLD,
    PROGRAMME_CLOSED,
    SLOT_TAKEN,
    TOO_LARGE,
    Registry,
)
from actions.registry.shapes import Application, Complaint, Receipt
from core.editions import SUBMISSION
from core.errors import RegistryError, RegistryRefused, StoreUnavailable, TokenRefused
from core.logs import log
from core.stores import answering
from core.tasks import close_task
from records.applications import submission_context
from records.submissions import LeasedSubmission
from worker import notices, papers, places
from worker.app import app
from worker.house import House, house

_LOG = log(__name__)
# Longer than the registry may take for one call; until then nobody else sends the same.
_LEASE_SECONDS: Final = 30.0
_LONGEST_WAIT_SECONDS: Final = 900.0
_FAILURES: Final = 2
# While it is there no round begins; shorter than the schedule's pause between two.
RESTS: Final = "submissions:rest"
_REST_SECONDS: Final = 4
# These refuse us and not what was handed in: an outage, which an operator mends.
_OF_US: Final = frozenset(("http.401", "http.403"))
_FINAL: Final = frozenset(
    (ALREADY_OPEN, PROGRAMME_CLOSED, NOT_IN_HOUSEHOLD, INVALID, SLOT_TAKEN, TOO_LARGE)
)
# The registry may have taken what failed so; empty where the worker died before it knew.
_NOBODY_KNOWS: Final = frozenset(
    ("", "RegistryTimeout", "RegistryUnavailable", "RegistryAnswerUnreadable")
)
# Whoever handed something in longer ago may sleep by now.
_LATE: Final = timedelta(minutes=10)
# Whose request waited may have asked for it and read that it waits.
_AT_ONCE: Final = timedelta(minutes=1)


@app.task(
    name="worker.submissions.drain",
    autoretry_for=(StoreUnavailable,),
    retry_backoff=2,
    retry_backoff_max=60,
    max_retries=None,
)
def drain() -> None:
    """Send what is due, until it is sent or the registry seems down."""
    with answering():
        if house().store.exists(RESTS):
            return
    failures, settled = 0, False
    while failures < _FAILURES and (leased := house().submissions.lease(1, _LEASE_SECONDS)):
        is_taken = _send(house(), leased[0])
        failures, settled = (0, True) if is_taken else (failures + 1, settled)
    if settled:
        # Once for all of them: each task takes all that is due.
        papers.pass_on.delay()
        notices.tell.delay()
    if failures >= _FAILURES:
        with answering():
            house().store.set(RESTS, b"1", ex=_REST_SECONDS)


def _send(house: House, leased: LeasedSubmission) -> bool:
    """Send one; False where the registry could not take or refuse it."""
    try:
        value = _opened(house, leased)
        receipt = _already_there(house.registry, leased, value)
        receipt = receipt or _hand_over(house.registry, leased.kind, value)
    except (TokenRefused, KeyError, TypeError, ValueError) as fault:
        _LOG.error("submission_unreadable", kind=leased.kind, fault=type(fault).__name__)
        _refuse(house, leased, "unreadable")
    except RegistryError as fault:
        reason = fault.reason if isinstance(fault, RegistryRefused) else type(fault).__name__
        if reason not in _FINAL:
            is_understood = isinstance(fault, RegistryRefused) and reason not in _OF_US
            _try_again(house, leased, reason, is_understood)
            return is_understood
        _LOG.warning("submission_refused", kind=leased.kind, reason=reason)
        _refuse(house, leased, reason)
    else:
        _arrived(house, leased, receipt)
        if leased.kind == "application":
            where = {"submission": leased.id, "idcs": value["idcs"]}
            places.note.delay(close_task(house.seal, where))
    return True


def _opened(house: House, leased: LeasedSubmission) -> dict[str, Any]:
    context = submission_context(leased.idempotency_key)
    value: dict[str, Any] = SUBMISSION.loads(house.seal.open(leased.sealed, context))
    return value


def _already_there(
    registry: Registry, leased: LeasedSubmission, value: dict[str, Any]
) -> Receipt | None:
    """The receipt of a try whose end nobody knows, where the registry took it; else None.

    A change of contact has no reference to ask by, and twice the same it changes nothing.
    """
    if leased.attempts == 1 or leased.last_error not in _NOBODY_KNOWS:
        return None
    known: Application | Complaint | None = None
    if leased.kind == "application":
        known = registry.application(value["reference"], value["language"])
    elif leased.kind == "complaint":
        known = registry.complaint(value["reference"], value["language"])
    return Receipt(known.reference) if known else None


def _hand_over(registry: Registry, kind: str, value: dict[str, Any]) -> Receipt:
    if kind == "application":
        return registry.submit_application(read_application(value))
    if kind == "complaint":
        return registry.submit_complaint(read_complaint(value))
    if kind == "contact":
        return registry.update_contact(*read_contact_change(value))
    raise ValueError(kind)


def _try_again(house: House, leased: LeasedSubmission, reason: str, is_understood: bool) -> None:
    """Note a failure; it is this one's own where the registry understood it or takes others."""
    is_own = is_understood or (
        leased.last_try is not None and house.submissions.has_arrived_since(leased.last_try)
    )
    known = {"kind": leased.kind, "fault": reason, "attempts": leased.attempts}
    if is_own and leased.own_failures + 1 >= house.settings.submission_tries:
        house.submissions.failed(leased, reason, None, is_own)
        _LOG.error("submission_stuck", **known)
        return
    most = min(2.0 ** min(leased.attempts, 30), _LONGEST_WAIT_SECONDS)
    # Spread out, so that what failed together does not come back together.
    wait = random.uniform(most / 2, most)  # nosec B311
    retry_at = datetime.now(UTC) + timedelta(seconds=wait)
    house.submissions.failed(leased, reason, retry_at, is_own)
    _LOG.warning("submission_failed", **known)


def _arrived(house: House, leased: LeasedSubmission, receipt: Receipt) -> None:
    # A change of contact is not followed by its number, so the registry's own is no news.
    known_as = receipt.reference if leased.kind != "contact" else leased.reference
    age = datetime.now(UTC) - leased.created
    has_waited = leased.attempts > 1 or age > _AT_ONCE
    with house.database.session() as session:
        if not house.submissions.sent(leased.id, receipt.reference, session):
            return
        if has_waited or known_as != leased.reference:
            news = {"registry_reference": known_as}
            _tell(house, leased, news, is_urgent=age <= _LATE, within=session)
    _LOG.info("submission_sent", kind=leased.kind, attempts=leased.attempts)


def _refuse(house: House, leased: LeasedSubmission, reason: str) -> None:
    is_late = datetime.now(UTC) - leased.created > _LATE
    # What the registry could not read is kept for a while: the fault may be ours.
    keep = reason in (INVALID, "unreadable")
    with house.database.session() as session:
        if house.submissions.refused(leased.id, reason, keep, session):
            _tell(house, leased, {"reason": reason}, is_urgent=not is_late, within=session)


def _tell(
    house: House, leased: LeasedSubmission, news: dict[str, str], is_urgent: bool, within: Any
) -> None:
    event_key = house.pseudonyms.event("submission:" + leased.idempotency_key)
    value = {"number_key": leased.number_key, "reference": leased.reference, **news}
    notices.add(house, event_key, "", value, is_urgent, within)
