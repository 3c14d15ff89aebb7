"""The hops of an SMPP line: in order within a session, each turned and answered once.

deliver_sm ──► read ──► confirmed at once ──► the session's order ──► name ──► turn
                                                                        │
              the SMSC's confirmation ◄── submit_sm, again after a break ◄──┘
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from smpplib import consts

from channels.conversation import Conversations
from channels.deadline import Said
from channels.providers.smpp_ussd.bind import CUT_OFF, LATE
from channels.providers.smpp_ussd.hops import Hop, UssdOverSmpp
from channels.providers.smpp_ussd.line import Answer, Line
from channels.providers.smpp_ussd.meters import ANSWERS, HOPS, TURN_SECONDS
from channels.providers.smpp_ussd.names import Names
from channels.providers.smpp_ussd.pdus import read_delivered
from channels.providers.smpp_ussd.settings import SmppSettings
from core.errors import DeliveryRefused, MalformedPayload, ProviderUnavailable, UnknownChannel
from core.logs import log
from core.messages import SessionEvent
from core.tracing import serving

_LOG = log(__name__)


class _Session:
    """The hops of one session that are not finished, and the lock that keeps their order."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.running: list[_Running] = []

    def has(self, hop: Hop, breaks: int, repeat_seconds: float) -> bool:
        """Whether the same hop is not answered yet, or so short ago, or came on a broken bind."""
        same = [one for one in self.running if one.hop == hop]
        return any(
            one.sent_at is None or one.breaks != breaks or _since(one.sent_at) < repeat_seconds
            for one in same
        )


@dataclass(slots=True)
class _Running:
    """A hop on its way to its answer; `breaks` is the line's count when it came."""

    hop: Hop
    breaks: int
    began: float = field(default_factory=time.monotonic)
    answer: Answer | None = None

    @property
    def sent_at(self) -> float | None:
        """When its answer was sent, if it may have got through."""
        return self.answer.sent_at if self.answer else None


class SmppCalls:
    """Takes what a line delivers and answers on the same line. For use in one event loop."""

    def __init__(
        self, conversations: Conversations, ussd: UssdOverSmpp, names: Names, settings: SmppSettings
    ) -> None:
        self.line = Line(settings, self.deliver)
        self._conversations = conversations
        self._ussd = ussd
        self._names = names
        self._settings = settings
        self._threads = ThreadPoolExecutor(settings.hops, thread_name_prefix="hop")
        self._sessions: dict[str, _Session] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.is_closing = False

    @property
    def is_busy(self) -> bool:
        """Whether a hop is not finished yet."""
        return bool(self._tasks)

    def deliver(self, body: Any) -> int:
        """Take the hop of a deliver_sm, and return the command_status of its response."""
        try:
            delivered = read_delivered(body)
            if delivered.is_receipt:
                return int(consts.SMPP_ESME_ROK)
            hop = self._ussd.read(delivered)
        except UnknownChannel as fault:
            return self._refuse("code", str(fault), consts.SMPP_ESME_RINVDSTADR)
        except MalformedPayload as fault:
            return self._refuse("unreadable", str(fault), consts.SMPP_ESME_RX_R_APPN)
        if self.is_closing:
            return self._refuse("closing", "", consts.SMPP_ESME_RX_T_APPN)
        reference = self._names.reference(hop)
        session = self._sessions.get(reference, _Session())
        if session.has(hop, self.line.breaks, self._settings.repeat_seconds):
            ANSWERS.labels("repeat").inc()
            return int(consts.SMPP_ESME_ROK)
        if len(self._tasks) >= self._settings.hops:
            return self._refuse("busy", "", consts.SMPP_ESME_RMSGQFUL)
        HOPS.labels(hop.event.value).inc()
        running = _Running(hop, self.line.breaks)
        self._sessions[reference] = session
        session.running.append(running)
        task = asyncio.create_task(self._take(running, session))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return int(consts.SMPP_ESME_ROK)

    async def close(self, seconds: float) -> None:
        """Take no more, finish what runs within `seconds`, and unbind."""
        self.is_closing = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        await self.line.hang_up()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _take(self, running: _Running, session: _Session) -> None:
        with self._until_done(running, session):
            async with session.lock:
                outcome = await self._answer(running)
        seconds = _since(running.began)
        ANSWERS.labels(outcome).inc()
        if outcome == "confirmed":
            TURN_SECONDS.observe(seconds)
        _LOG.info(
            "smpp_hop",
            channel=self._settings.channel,
            session_event=running.hop.event.value,
            outcome=outcome,
            milliseconds=round(seconds * 1000, 1),
        )

    async def _answer(self, running: _Running) -> str:
        loop, settings, hop = asyncio.get_running_loop(), self._settings, running.hop
        said = await loop.run_in_executor(self._threads, self._turn, hop, running.began)
        if said is None:
            return "repeat"
        if hop.event is SessionEvent.ABORT:
            return "over"
        running.answer = Answer(self._ussd.answer(hop, said.texts, said.is_open))
        try:
            await self.line.submit(running.answer, settings.answer_seconds - _since(running.began))
        except ProviderUnavailable:
            return "lost"
        except DeliveryRefused as fault:
            if fault.code == CUT_OFF:
                return "lost"
            if fault.code != LATE:
                _LOG.warning("smpp_answer_refused", status=fault.code)
                return "refused"
        left = settings.repeat_seconds - _since(running.answer.sent_at or 0.0)
        is_sure = running.breaks == self.line.breaks
        confirm = partial(self._names.confirm, hop, left if is_sure else None)
        await loop.run_in_executor(self._threads, confirm)
        return "confirmed"

    def _turn(self, hop: Hop, came: float) -> Said | None:
        taken = self._names.take(hop)
        if taken is None:
            return None
        channel = self._settings.channel
        message = self._names.message(channel, hop, taken)
        with serving("smpp.hop"):
            return self._conversations.hop(channel, self._ussd, message, came=came)

    @contextmanager
    def _until_done(self, running: _Running, session: _Session) -> Iterator[None]:
        try:
            yield
        finally:
            session.running.remove(running)
            if not session.running:
                del self._sessions[self._names.reference(running.hop)]

    @staticmethod
    def _refuse(why: str, detail: str, status: int) -> int:
        ANSWERS.labels(f"not_taken_{why}").inc()
        _LOG.warning("smpp_hop_not_taken", why=why, detail=detail)
        return int(status)


def _since(moment: float) -> float:
    return time.monotonic() - moment
