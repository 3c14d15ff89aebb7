"""Answering every message in time, whatever fails.

    hop ──► once only ──► lock ──► what is still owed ──► read ──► seal ──► engine
                                                                    │
            answer ◄── remember ◄── render ◄── open the citizen's own values

The turn (channels/turn.py) runs beside the request. When the provider's deadline comes first, the
citizen is told that it is still being worked on; the turn ends all the same, once, and its answer
is shown at the next hop before any new digit is read (USSD) or sent as a message (elsewhere).
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as OutOfTime
from contextlib import suppress

import redis

from channels.arrival import Tools
from channels.deadline import Said
from channels.memory import Shown
from channels.port import Channel
from channels.rendering.menus import Choice
from channels.rendering.pages import Page
from channels.turn import Turn
from core.errors import ConversationBusy, StoreUnavailable
from core.logs import log
from core.messages import ChannelKind, Expects, InboundMessage

_LOG = log(__name__)


# What a hop needs to find its words once its clock has struck.
_WORDS_SECONDS = 0.5


class Conversations:
    """Takes the messages of every channel, one turn at a time per conversation."""

    def __init__(self, tools: Tools, threads: int = 128) -> None:
        self._tools = tools
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="turn")

    def hop(self, channel: str, provider: Channel, inbound: InboundMessage) -> Said:
        """Answer one message within the provider's deadline.

        Raises StoreUnavailable where a message could not be accepted and the provider should try
        again; a USSD citizen, who cannot be tried again, is told so instead.
        """
        turn = Turn(self._tools, channel, provider, inbound)
        try:
            future: Future[Said] = self._pool.submit(turn.take)
            return self._in_time(turn, future, provider.capabilities.deadline_seconds)
        except ConversationBusy:
            return turn.postponed()
        except (redis.RedisError, StoreUnavailable) as fault:
            _LOG.error("store_unavailable", channel=channel, fault=type(fault).__name__)
            if inbound.kind is not ChannelKind.USSD:
                raise StoreUnavailable("the message was not accepted") from None
        except Exception:  # noqa: BLE001  the last resort: no citizen is left without an answer
            _LOG.exception("turn_failed", channel=channel)
        return turn.out_of_service()

    def finish(self, channel: str, provider: Channel, inbound: InboundMessage) -> Said:
        """Finish what is still owed to a number; nothing is said where nothing is."""
        return Turn(self._tools, channel, provider, inbound).finish()

    def take(self, channel: str, provider: Channel, inbound: InboundMessage) -> Said:
        """Take a message without a deadline. Raises ConversationBusy while a turn still runs."""
        return Turn(self._tools, channel, provider, inbound).take()

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
        self._pool.shutdown(wait=True)

    @staticmethod
    def _in_time(turn: Turn, future: Future[Said], seconds: float) -> Said:
        spare = min(_WORDS_SECONDS, seconds / 4)
        try:
            return future.result(seconds - spare)
        except OutOfTime:
            if future.cancel():
                # It has not begun: too many turns run, and nothing of this one was kept.
                raise StoreUnavailable("overloaded") from None
        if turn.deadline.is_taken:
            # Its answer is being saved.
            with suppress(OutOfTime):
                return future.result(spare / 2)
        if not turn.deadline.overtake():
            return future.result(spare)
        _LOG.warning("turn_late", is_kept=turn.deadline.is_kept)
        return turn.late()
