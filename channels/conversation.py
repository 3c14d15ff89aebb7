"""Answering every message in time, whatever fails.

    hop ──► once only ──► lock ──► what is still owed ──► read ──► seal ──► engine
                                                                    │
            answer ◄── remember ◄── render ◄── open the citizen's own values

The turn (channels/turn.py) runs beside the request. When the provider's deadline comes first, the
citizen is told that it is still being worked on; the turn ends all the same, once, and its answer
is shown at the next hop before any new digit is read (USSD) or sent as a message (elsewhere).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as OutOfTime
from contextlib import suppress
from contextvars import copy_context
from functools import partial

import redis

from channels.arrival import Arrival, Tools
from channels.beside import Beside
from channels.deadline import Said
from channels.memory import Shown
from channels.meters import note_turn
from channels.port import Channel
from channels.rendering.menus import Choice
from channels.rendering.pages import Page
from channels.turn import Turn
from channels.turn_lock import Count
from channels.turn_queue import TurnQueue
from core.errors import ConversationBusy, Overloaded, StoreUnavailable, WrittenLater
from core.logs import log
from core.messages import ChannelKind, Expects, InboundMessage

_LOG = log(__name__)


# What a hop needs to find its words once its clock has struck, and to have them recorded.
_WORDS_SECONDS = 0.4
_RECORD_SECONDS = 0.15
# Has a message taken, with what is counted of it, or says something else.
LetIn = Callable[[Callable[[Sequence[Count]], Said]], Said]


def everybody(take: Callable[[Sequence[Count]], Said]) -> Said:
    """Let in whoever comes, and count nothing."""
    return take(())


class Conversations:
    """Takes the messages of every channel, one turn at a time per conversation."""

    def __init__(self, tools: Tools, at_once: int = 64) -> None:
        self._tools = tools
        self._queue = TurnQueue(at_once)
        self._aside = ThreadPoolExecutor(8, thread_name_prefix="aside")

    @property
    def tools(self) -> Tools:
        """What the turns work with."""
        return self._tools

    def hop(
        self,
        channel: str,
        provider: Channel,
        inbound: InboundMessage,
        let_in: LetIn = everybody,
        came: float | None = None,
    ) -> Said:
        """Answer one message within the provider's deadline, which runs since it `came`.

        `let_in` has it taken, or says something else to whoever is not let in, within that time
        too. What Redis refuses waits on the disk. Raises StoreUnavailable where a message could not
        be accepted there either and the provider should try again; a USSD citizen, who cannot be
        tried again, is told so instead.
        """
        turn = Turn(self._tools, channel, provider, inbound)
        if came is not None:
            turn.deadline.count_from(came)
        outcome = "not_taken"
        try:
            said, outcome = self._hop(turn, channel, provider, inbound, let_in)
        finally:
            note_turn(channel, turn.recorded, outcome, turn.deadline.seconds)
        return said

    def _hop(
        self,
        turn: Turn,
        channel: str,
        provider: Channel,
        inbound: InboundMessage,
        let_in: LetIn,
    ) -> tuple[Said, str]:
        """What is said, and how that came about."""
        within, gone = provider.capabilities.deadline_seconds, turn.deadline.seconds
        try:
            # Who waits longer than half the time is told at once, and not when it is over.
            future = self._queue.submit(partial(let_in, turn.take), within / 2 - gone)
            return self._in_time(turn, inbound, future, within - gone)
        except (ConversationBusy, WrittenLater):
            # A door of the later release, or its worker, goes on with it.
            return self._put_off(turn, turn.postponed, inbound, "busy")
        except Overloaded as fault:
            _LOG.warning("turn_shed", channel=channel, fault=str(fault))
            return self._put_off(turn, turn.shed, inbound, "shed")
        except (redis.RedisError, StoreUnavailable) as fault:
            _LOG.error("store_unavailable", channel=channel, fault=type(fault).__name__)
            if inbound.kind is not ChannelKind.USSD:
                return turn.spooled(), "spooled"
            return self._ended(turn, turn.out_of_service(), inbound, "not_taken")
        except Exception:  # noqa: BLE001  the last resort: no citizen is left without an answer
            _LOG.exception("turn_failed", channel=channel)
        return self._ended(turn, turn.out_of_service(), inbound, "failed")

    def _put_off(
        self, turn: Turn, answer: Callable[[], Said], inbound: InboundMessage, outcome: str
    ) -> tuple[Said, str]:
        try:
            return self._ended(turn, answer(), inbound, outcome)
        except StoreUnavailable:
            # There is no queue for it.
            return turn.spooled(), "spooled"

    def _ended(
        self, turn: Turn, said: Said, inbound: InboundMessage, outcome: str
    ) -> tuple[Said, str]:
        """Record an apology; a message of a chat that is taken later records itself then."""
        if inbound.kind is ChannelKind.USSD or outcome == "failed":
            self._do_aside(lambda: turn.record(said, outcome))
        return said, outcome

    def _do_aside(self, work: Callable[[], None]) -> None:
        """Have something done that nobody waits for where it takes its time."""
        with suppress(OutOfTime):
            self._aside.submit(copy_context().run, work).result(_RECORD_SECONDS)

    def finish(self, channel: str, provider: Channel, inbound: InboundMessage, cause: str) -> Said:
        """Finish what is still owed to a number; nothing is said where nothing is.

        Whoever puts it out under that `cause` says so with `given`.
        """
        return Turn(self._tools, channel, provider, inbound).finish(cause)

    def take(self, channel: str, provider: Channel, inbound: InboundMessage) -> Said:
        """Take a message without a deadline. Raises ConversationBusy while a turn still runs.

        Whoever puts out what is said, as the late answer to it, says so with `given`.
        """
        return Turn(self._tools, channel, provider, inbound).take(is_late=True)

    def pass_over(self, channel: str, provider: Channel, inbound: InboundMessage) -> None:
        """Choose nothing by a choice that came too late; it is recorded, and seen from now on."""
        arrival = Arrival(self._tools, channel, provider, inbound)
        arrival.recording.overtaken(inbound.text)
        record = arrival.recording.take()
        self._tools.memories.pass_over(arrival.message, Beside(record, arrival.turn))

    def given(self, cause: str) -> None:
        """What was said under a cause stands in the outbox."""
        self._tools.memories.given(cause)

    def leave(
        self,
        number_key: str,
        kind: ChannelKind,
        language: str,
        text: str,
        choices: tuple[Choice, ...],
        life_seconds: int,
    ) -> None:
        """Have the next message of a number read as the answer to a text of ours.

        What was shown there before is answered no more. Raises ConversationBusy while a turn runs
        or something is still owed, and what Redis raises.
        """
        conversation = f"{kind.value}-{number_key}"
        with self._tools.turn_lock.hold(conversation, 0):
            memory, _ = self._tools.memories.load(conversation, "")
            if memory.pending or memory.held:
                raise ConversationBusy(conversation)
            # Words may still answer the question of before, and are sealed as it asked.
            before = memory.shown
            is_menu = before.expects in (Expects.NUMBER, Expects.NOTHING)
            memory.shown = Shown(
                (Page(text, choices),),
                expects=Expects.MENU if is_menu else before.expects,
                purpose=before.purpose,
            )
            memory.language = memory.language or language
            self._tools.memories.save(conversation, memory, life_seconds=life_seconds)

    def close(self) -> None:
        """Let the turns that still run come to their end."""
        self._queue.close()
        self._aside.shutdown(wait=True)

    def _in_time(
        self, turn: Turn, inbound: InboundMessage, future: Future[Said], seconds: float
    ) -> tuple[Said, str]:
        spare = min(_WORDS_SECONDS, seconds / 4)
        try:
            return future.result(seconds - spare), "answered"
        except OutOfTime:
            if future.cancel():
                raise Overloaded("it was not begun in time") from None
        if turn.deadline.is_taken:
            # Its answer is being saved.
            with suppress(OutOfTime):
                return future.result(spare / 2), "answered"
        if not turn.deadline.overtake():
            with suppress(OutOfTime):
                return future.result(spare / 4), "answered"
            # It left with its answer, and Redis takes longer over that than it ever may. The turn
            # records itself.
            return turn.out_of_service(), "late"
        _LOG.warning("turn_late", is_kept=turn.deadline.is_kept)
        if turn.deadline.is_kept:
            said = turn.late()
            self._do_aside(lambda: turn.leave_unfinished(said))
            return said, "late"
        return self._ended(turn, turn.late(), inbound, "not_taken")
