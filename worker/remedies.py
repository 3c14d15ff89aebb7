"""What is done about a message that its provider did not take, or took and could not deliver.

Which remedy a code has is the provider's table (channels/providers/<provider>/error_codes.toml);
what a remedy does is here, the same for a refusal at once and for one that is reported later.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

import redis

from channels.envelope import close_message
from core.errors import DeliveryError, DeliveryUnknown, ProviderUnavailable
from core.logs import log
from core.outgoing import ErrorCode, Outgoing, Remedy
from records.outbox import WAKING, OutboxRow
from worker.awakening import fall_back, wake
from worker.house import House
from worker.meters import DELIVERIES

_LOG = log(__name__)
_LONGEST_WAIT_SECONDS: Final = 600.0
_SLOW_SECONDS: Final = 60
# A phone that is off is tried a few times, each time after four times as long.
_UNREACHABLE_TRIES: Final = 4
_UNREACHABLE_SECONDS: Final = 900
_MISSING: Final = ErrorCode("", Remedy.RETRY, "")


@dataclass(frozen=True, slots=True)
class Failure:
    """A message that failed: what it says, its code, and whether it may have arrived all the same.

    `is_away` tells that its provider could not be asked, which is no fault of the message.
    """

    house: House
    row: OutboxRow
    message: Outgoing
    error: ErrorCode
    is_away: bool = False
    is_unsure: bool = False

    def again(self, seconds: float, is_refusal: bool = True) -> float:
        """Try it again after so long at least."""
        at = datetime.now(UTC) + timedelta(seconds=seconds)
        self.house.outcomes.again(
            self.row, self.error.code, at, is_refusal=is_refusal, is_unsure=self.is_unsure
        )
        return seconds

    def dead(self, keep: bool = True) -> None:
        """Give it up; by SMS where it may go there, and with it what it was to wake for."""
        house, row = self.house, self.row
        if not fall_back(house, row, self.message):
            _LOG.warning("message_dead", channel=row.channel, code=self.error.code)
        house.outcomes.give_up(row, self.error.code, keep)
        DELIVERIES.labels(row.channel, "dead", self.error.code).inc()
        if row.purpose == WAKING:
            for held in house.outcomes.held(row.recipient_key, row.channel):
                fall_back(house, held)


def treat(house: House, row: OutboxRow, message: Outgoing, fault: DeliveryError) -> float | None:
    """Do about a message what its failure asks for; in how many seconds to go on, if ever."""
    error = replace(_explain(house, row, fault.code), code=fault.code or type(fault).__name__)
    is_away = isinstance(fault, ProviderUnavailable) and error.remedy is Remedy.RETRY
    is_unsure = isinstance(fault, DeliveryUnknown)
    failure = Failure(house, row, message, error, is_away, is_unsure)
    if _is_too_old(house, row):
        failure.dead()
        return None
    return _REMEDIES[error.remedy](failure)


def back_off(attempts: int, least: float = 0.0) -> float:
    """How long to wait after so many tries: longer each time, and not all at the same moment."""
    most = max(min(2.0 ** min(attempts, 30), _LONGEST_WAIT_SECONDS), least)
    return max(random.uniform(most / 2, most), least)  # nosec B311


def _retry(failure: Failure) -> float | None:
    row, least = failure.row, failure.error.wait_seconds
    if failure.is_away:
        return failure.again(back_off(row.attempts, least), is_refusal=False)
    if row.refusals + 1 >= failure.house.settings.delivery_tries:
        failure.dead()
        return None
    return failure.again(back_off(row.refusals + 1, least))


def _slow_down(failure: Failure) -> float:
    seconds = failure.error.wait_seconds or _SLOW_SECONDS
    try:
        rate = failure.house.pace.slow_down(failure.row.channel, seconds)
        _LOG.warning("sender_slower", channel=failure.row.channel, per_second=rate)
    except redis.RedisError as fault:
        _LOG.warning("pace_unknown", fault=type(fault).__name__)
    return failure.again(random.uniform(seconds / 4, seconds), is_refusal=False)  # nosec B311


def _opted_out(failure: Failure) -> None:
    house, row = failure.house, failure.row
    house.numbers.opt_out(row.recipient_key)
    detail: dict[str, str | int | bool | None] = {"code": failure.error.code}
    house.audit.append("messages.stopped", "", row.recipient_key, row.channel, detail)
    # Nothing goes there by another way either: silence is what was asked for.
    house.outcomes.give_up(row, failure.error.code)


def _bad_number(failure: Failure) -> None:
    house, row = failure.house, failure.row
    house.numbers.unreachable(row.recipient_key, house.channels[row.channel].kind.value)
    failure.dead(keep=False)


def _template_then_content(failure: Failure) -> float | None:
    house, row = failure.house, failure.row
    if row.purpose == WAKING or not wake(house, row, failure.message):
        failure.dead()
        return None
    house.outcomes.hold(row, failure.error.code)
    DELIVERIES.labels(row.channel, "held", failure.error.code).inc()
    return 0.0


def _plain_text(failure: Failure) -> float | None:
    house, row, message = failure.house, failure.row, failure.message
    if not message.text or (message.prepared is None and message.tappable is None):
        failure.dead()
        return None
    kind, bare = house.channels[row.channel].kind, replace(message, prepared=None, tappable=None)
    plain = close_message(house.seal, row.recipient_key, bare, kind)
    house.outcomes.reword(row, plain.sealed, failure.error.code)
    return 0.0


def _unreachable(failure: Failure) -> float | None:
    refusals = failure.row.refusals
    if refusals + 1 >= _UNREACHABLE_TRIES:
        failure.dead()
        return None
    least = failure.error.wait_seconds or _UNREACHABLE_SECONDS
    return failure.again(least * 4**refusals)


def _give_up(failure: Failure) -> None:
    failure.dead()


def _is_too_old(house: House, row: OutboxRow) -> bool:
    return datetime.now(UTC) - row.created > timedelta(hours=house.settings.message_life_hours)


def _explain(house: House, row: OutboxRow, code: str) -> ErrorCode:
    provider = house.messenger(row.channel)
    return provider.explain(code) if provider else _MISSING


_REMEDIES: Final[dict[Remedy, Callable[[Failure], float | None]]] = {
    Remedy.RETRY: _retry,
    Remedy.SLOW_DOWN: _slow_down,
    Remedy.OPTED_OUT: _opted_out,
    Remedy.BAD_NUMBER: _bad_number,
    Remedy.TEMPLATE_THEN_CONTENT: _template_then_content,
    Remedy.PLAIN_TEXT: _plain_text,
    Remedy.UNREACHABLE: _unreachable,
    Remedy.FILTERED: _give_up,
    Remedy.GIVE_UP: _give_up,
}
