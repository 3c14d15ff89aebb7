"""A campaign: many are written to, and many hand something in, while the stores under it fail.

It puts messages into the outbox and requests into the records as the worker's own campaigns and the
actions do, each in a transaction under a name of its own, and tries again where the records are
away. Then it is counted what the provider passed on and what the registry has.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from functools import partial
from itertools import count
from typing import Any, Final

import redis
from kombu.exceptions import OperationalError

from channels.envelope import close_message
from core.errors import StoreUnavailable
from core.messages import ChannelKind
from core.outgoing import Outgoing
from records.database import open_database
from records.outbox import NOTICE, Outbox
from tests.dialogue.stores import pseudonyms, rows
from tests.end_to_end.handed_in import at_the_registry, hand_in
from tests.end_to_end.pretend_twilio import chose_a_language, have_done, passed, seal_of
from tests.end_to_end.running_house import RunningHouse, wait_for

_CHANNEL: Final = "sms"
_PAUSE_SECONDS: Final = 0.05
_AWAY_SECONDS: Final = 0.2
_MOST_SECONDS: Final = 300.0
_PROGRAMMES: Final = ("minhaty", "birth_grant", "school_grant")
_NAMES = count(1)


class Mailing(threading.Thread):
    """So many messages to so many numbers, in a drawn order, and requests in between.

    The second half waits for `go_on`, so that it is put out while something is away.
    """

    def __init__(
        self,
        house: RunningHouse,
        numbers: Sequence[str],
        people: Sequence[dict[str, Any]],
        each: int,
        seed: int,
    ) -> None:
        super().__init__(name="mailing", daemon=True)
        self._house = house
        self._seal, self._names = seal_of(house), pseudonyms(house)
        self._people = people
        chance = random.Random(seed)
        self._order = [number for number in numbers for _ in range(each)]
        chance.shuffle(self._order)
        self._round = next(_NAMES)
        self.expected: dict[str, list[str]] = {number: [] for number in numbers}
        self.references: list[str] = []
        self.was_refused = 0
        self._second_half = threading.Event()
        for number in numbers:
            chose_a_language(house, number)

    def run(self) -> None:
        """Put everything out; whatever is refused is tried again until it is not."""
        with closing(open_database(self._house.records_url)) as database:
            self._put_all(Outbox(database))

    def _put_all(self, outbox: Outbox) -> None:
        waiting = list(self._people)
        every = max(1, len(self._order) // max(1, len(waiting)))
        for place, number in enumerate(self._order):
            if place == len(self._order) // 2:
                assert self._second_half.wait(_MOST_SECONDS)
            text = f"Campagne {self._round}, message {place}."
            self._until_taken(partial(self._put, outbox, number, text))
            self.expected[number].append(text)
            if waiting and place % every == 0:
                self._hand_in(waiting.pop(), _PROGRAMMES[place % len(_PROGRAMMES)])
            threading.Event().wait(_PAUSE_SECONDS)
        for one in waiting:
            self._hand_in(one, _PROGRAMMES[0])

    def go_on(self) -> None:
        """Put out the second half."""
        self._second_half.set()

    def sent(self) -> int:
        """How many of its messages the provider has taken, each counted once."""
        return sum(len(set(self._passed(number))) for number in self.expected)

    def wait(self, seconds: float) -> None:
        """Wait until all is put out, sent, and at the registry."""
        self.join(seconds)
        assert not self.is_alive()
        whole = sum(len(texts) for texts in self.expected.values())
        wait_for(f"{whole} messages", lambda: whole == self.sent(), seconds)
        wait_for("every request", lambda: not self.missing(), seconds)
        keys = [self._names.number(number) for number in self.expected]
        wait_for("all noted", lambda: not any(map(self._queued, keys)), seconds)

    def out_of_order_or_doubled(self) -> dict[str, list[str]]:
        """What each number got where that is not each of its messages once and in order."""
        got = {number: self._passed(number) for number in self.expected}
        return {number: got[number] for number in got if got[number] != self.expected[number]}

    def missing(self) -> list[str]:
        """The references that the registry does not have yet."""
        return [one for one in self.references if not at_the_registry(self._house, one)]

    def doubled_requests(self) -> dict[str, int]:
        """The references that the registry has more than once."""
        found = Counter({one: at_the_registry(self._house, one) for one in self.references})
        return {one: times for one, times in found.items() if times > 1}

    def _put(self, outbox: Outbox, number: str, text: str) -> None:
        key = self._names.number(number)
        draft = close_message(
            self._seal, key, Outgoing(number, text), ChannelKind.SMS, text, NOTICE
        )
        outbox.put(key, _CHANNEL, [draft])
        # As the worker's own do: where the broker is away, the schedule finds the row.
        with suppress(OperationalError, redis.RedisError):
            have_done(self._house, "worker.deliveries.drain")

    def _hand_in(self, citizen: dict[str, Any], programme: str) -> None:
        self._until_taken(lambda: self.references.append(hand_in(self._house, citizen, programme)))

    def _until_taken(self, work: Callable[[], None]) -> None:
        until = time.monotonic() + _MOST_SECONDS
        while True:
            try:
                return work()
            except StoreUnavailable:
                self.was_refused += 1
                if time.monotonic() > until:
                    raise
                threading.Event().wait(_AWAY_SECONDS)

    def _passed(self, number: str) -> list[str]:
        mine = f"Campagne {self._round},"
        texts = [one["body"] for one in passed(self._house, _CHANNEL, number)]
        return [text for text in texts if text.startswith(mine)]

    def _queued(self, key: str) -> int:
        asked = "select count(*) from outbox where recipient_key = ? and state = 'queued'"
        return int(rows(self._house, asked, key)[0][0])
