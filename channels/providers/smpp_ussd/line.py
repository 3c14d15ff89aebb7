"""A line to the SMSC: bound, and bound again whenever it breaks, so that answers get through."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Any, Final

from smpplib import consts
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type
from tenacity.wait import wait_random_exponential

from channels.providers.smpp_ussd.bind import Bind, Deliver, open_bind
from channels.providers.smpp_ussd.meters import BINDS, BOUND
from channels.providers.smpp_ussd.settings import SmppSettings
from core.errors import DeliveryRefused, ProviderUnavailable
from core.logs import log

_LOG = log(__name__)
_TRY_LATER: Final = (consts.SMPP_ESME_RTHROTTLED, consts.SMPP_ESME_RMSGQFUL)
# A connection that ends as soon as it is bound must not be made again without a breath.
_BREATH_SECONDS: Final = 0.5
_FIRST_PAUSE: Final = 0.2
_LONGEST_PAUSE: Final = 2.0


@dataclass(slots=True)
class Answer:
    """The fields of a submit_sm, and when it was sent, if it may have got through."""

    fields: dict[str, Any]
    sent_at: float | None = None


class Line:
    """One bind at a time, kept up until it is hung up; `breaks` counts its ends."""

    def __init__(self, settings: SmppSettings, deliver: Deliver) -> None:
        self._settings = settings
        self._deliver = deliver
        self._bind: Bind | None = None
        self._bound = asyncio.Event()
        self.breaks = 0
        self._is_over = False
        self._window = asyncio.Semaphore(settings.window)

    @property
    def is_bound(self) -> bool:
        """Whether answers can go out now."""
        return self._bound.is_set()

    async def keep(self) -> None:
        """Stay bound until it is hung up or cancelled."""
        while not self._is_over:
            bind = await self._open()
            self._bind = bind
            self._bound.set()
            BOUND.set(1)
            _LOG.info("smpp_bound")
            try:
                await bind.serve()
                _LOG.info("smpp_unbound")
            except ProviderUnavailable as fault:
                if not self._is_over:
                    _LOG.warning("smpp_lost", why=str(fault))
            finally:
                self.breaks += 1
                self._bound.clear()
                BOUND.set(0)
            if not self._is_over:
                await asyncio.sleep(_BREATH_SECONDS)

    async def submit(self, answer: Answer, seconds: float) -> None:
        """Send an answer as soon as the line is bound, again after a throttle.

        One that may have got through is not sent again: the citizen may have read it and pressed
        the next key, whose answer it would be taken for. Raises DeliveryRefused by the SMSC's
        status, LATE or CUT_OFF, and ProviderUnavailable after `seconds`.
        """
        if seconds <= 0:
            raise ProviderUnavailable("too late")
        again = AsyncRetrying(
            retry=retry_if_exception_type(ProviderUnavailable),
            wait=wait_random_exponential(_FIRST_PAUSE, _LONGEST_PAUSE),
        )
        try:
            async with asyncio.timeout(seconds):
                await again(self._submit, answer)
        except TimeoutError:
            raise ProviderUnavailable("not confirmed in time") from None

    async def hang_up(self) -> None:
        """Unbind, if bound, and bind no more."""
        self._is_over = True
        if self._bind is not None and self.is_bound:
            await self._bind.unbind()

    async def _submit(self, answer: Answer) -> None:
        await self._bound.wait()
        bind = self._bind
        if bind is None:
            raise ProviderUnavailable("not bound")
        async with self._window:
            answer.sent_at = time.monotonic()
            told = await bind.request("submit_sm", **answer.fields)
        if told.status in _TRY_LATER:
            answer.sent_at = None
            raise ProviderUnavailable("throttled")
        if told.status != consts.SMPP_ESME_ROK:
            raise DeliveryRefused(f"{told.status:#x}")

    async def _open(self) -> Bind:
        retrying = AsyncRetrying(
            retry=retry_if_exception_type((ProviderUnavailable, DeliveryRefused)),
            wait=wait_random_exponential(1, self._settings.longest_pause_seconds),
            before_sleep=_say_why,
        )
        bind: Bind = await retrying(open_bind, self._settings, self._deliver)
        BINDS.labels("bound").inc()
        return bind


def _say_why(state: RetryCallState) -> None:
    fault = state.outcome.exception() if state.outcome else None
    BINDS.labels("failed").inc()
    _LOG.warning("smpp_not_bound", why=str(fault), tries=state.attempt_number)
