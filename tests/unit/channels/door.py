"""A door for tests: the real stores, a scripted engine, and a phone in a test's hand."""

from __future__ import annotations

import itertools
import threading
import time
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, cast

from celery import Celery

from channels.apologies import Record
from channels.arrival import Tools
from channels.conversation import Conversations
from channels.deadline import Said
from channels.engine import Engine
from channels.memory import Memories
from channels.owed import OWED, Owed
from channels.port import Capabilities, Provider, WebhookAnswer, WebhookCall
from channels.rendering.pages import Budget
from channels.showing import Showing
from channels.spool import Spool
from channels.turn_lock import TurnLock
from channels.worker import Later
from core.messages import ChannelKind, InboundMessage, SessionEvent
from core.outgoing import Outgoing
from core.privacy import Pseudonyms, Seal
from core.reach import Reach
from core.short_words import SERVICES_IN_BETWEEN, ShortWords
from core.stores import open_redis
from core.tasks import REPORTS, USUAL, open_task
from core.vault import Vault
from locales.catalogs import Catalogs
from records.consents import Consents
from records.database import open_database
from records.people import Numbers
from tests.builders import KEY, NOW, NUMBER, an_inbound
from tests.unit.channels.scripted_engine import ScriptedEngine
from tests.unit.channels.stored import stored

SERVICES = ShortWords.load(SERVICES_IN_BETWEEN)
# So long that no turn is late on a slow machine; a test of lateness takes its own.
SCREEN = Capabilities(deadline_seconds=20.0, budget=Budget())
HURRIED = replace(SCREEN, deadline_seconds=0.8)
CHAT = Capabilities(deadline_seconds=20.0, can_send=True)


class TestProvider:
    """A provider that carries nothing: only its limits matter to a turn."""

    __test__ = False
    address = "*555#"

    def __init__(self, kind: ChannelKind, capabilities: Capabilities) -> None:
        self.kind = kind
        self.capabilities = capabilities

    def verify(self, call: WebhookCall) -> None:
        """See `port.Provider`."""
        raise NotImplementedError

    def read(self, call: WebhookCall) -> InboundMessage:
        """See `port.Provider`."""
        raise NotImplementedError

    def answer(self, call: Any, texts: Any, is_open: bool) -> WebhookAnswer:
        """See `port.Provider`."""
        raise NotImplementedError

    def send(self, message: Outgoing) -> str:
        """See `port.Provider`."""
        raise NotImplementedError


class Door:
    """Conversations over real stores; `numbers` is what is on record, `seal` opens the tasks.

    `sends` gives it channels that can send.
    """

    def __init__(
        self,
        redis_url: str,
        records_url: str,
        engine: ScriptedEngine,
        broker_url: str = "",
        at_once: int = 64,
        spool_folder: str = "",
        sends: bool = False,
    ) -> None:
        self.engine = engine
        self.redis_url, self.records_url = redis_url, records_url
        self.store = open_redis(redis_url)
        self.broker_url = broker_url or redis_url.removesuffix("/0") + "/1"
        self.seal = Seal(KEY)
        self.pseudonyms = Pseudonyms(KEY)
        self.database = open_database(records_url)
        self.numbers = Numbers(self.database)
        self.vault = Vault(self.store, self.seal)
        self.showing = Showing(Catalogs.load(), self.vault)
        self.conversations = Conversations(
            Tools(
                turn_lock=TurnLock(self.store),
                memories=Memories(self.store, self.seal, 600),
                engine=Engine(engine.url, 10.0),
                vault=self.vault,
                showing=self.showing,
                later=Later(self.broker_url, self.seal),
                pseudonyms=self.pseudonyms,
                numbers=self.numbers,
                record=Record(self.numbers),
                consents=Consents(self.database),
                reach=Reach(self.store, self.seal),
                spool=Spool(spool_folder, self.seal),
                services=SERVICES,
                longest_message=1000,
                text_channel="sms" if sends else "",
                whatsapp_channel="whatsapp" if sends else "",
            ),
            at_once,
        )

    def close(self) -> None:
        """Let every turn end, and close the stores."""
        self.engine.gate.set()
        self.conversations.close()
        self.store.close()
        self.database.close()

    def knows(self, language: str, number: str = NUMBER) -> None:
        """Put a number's language on record."""
        self.numbers.choose_language(self.pseudonyms.number(number), language)

    def conversation(self, kind: str = "ussd", number: str = NUMBER) -> str:
        """The conversation id of a number."""
        return f"{kind}-{self.pseudonyms.number(number)}"

    def sentence(self, key: str, language: str, kind: ChannelKind = ChannelKind.USSD) -> str:
        """One of the door's own sentences, as a phone shows it."""
        return self.showing.sentence(key, kind, language)

    def wait_for_turn(self, kind: str = "ussd") -> None:
        """Wait until the turn that runs has ended."""
        deadline = time.monotonic() + 10
        while self.store.exists(f"turn:{self.conversation(kind)}"):
            assert time.monotonic() < deadline, "the turn did not end"
            time.sleep(0.01)

    def owed(self) -> list[Owed]:
        """What is owed to those who write."""
        kept = cast("dict[bytes, bytes]", self.store.hgetall(OWED))
        return [Owed.open(self.seal, sealed) for sealed in kept.values()]

    def in_the_broker(self) -> bytes:
        """All that the broker holds."""
        broker = open_redis(self.broker_url)
        try:
            return stored(broker)
        finally:
            broker.close()

    def queued(self) -> list[tuple[str, dict[str, Any]]]:
        """The tasks queued for the worker, opened: (name, value)."""
        return queued(self.broker_url, self.seal)


def queued(broker_url: str, seal: Seal) -> list[tuple[str, dict[str, Any]]]:
    """The tasks in a broker, opened: (name, value); one without an argument has an empty one."""
    found: list[tuple[str, dict[str, Any]]] = []
    with Celery("reader", broker=broker_url).connection_for_read() as connection:
        for name in (USUAL, REPORTS):
            queue = connection.SimpleQueue(name)
            while message := _next(queue):
                message.ack()
                given = message.payload[0]
                found.append((message.headers["task"], open_task(seal, given[0]) if given else {}))
            queue.close()
    return found


def _next(queue: Any) -> Any:
    try:
        return queue.get(block=False)
    except queue.Empty:
        return None


@dataclass
class Call:
    """A USSD call: what is pressed goes out joined by `*`, as a cumulative gateway sends it.

    `at` is the time of the next hop, `came` when it came by the monotonic clock, where not now.
    """

    door: Door
    number: str = NUMBER
    session: str = ""
    capabilities: Capabilities = SCREEN
    pressed: list[str] = field(default_factory=list)
    at: datetime = NOW
    came: float | None = None
    _sessions = itertools.count(1)

    def dial(self, *behind: str) -> Said:
        """Begin a new session, with what was dialled behind the service code."""
        self.session = f"session-{next(self._sessions)}"
        self.pressed = list(behind)
        return self.hop()

    def press(self, answer: str) -> Said:
        """Answer the screen."""
        self.pressed.append(answer)
        return self.hop()

    def hop(self) -> Said:
        """Deliver the hop, again where it was delivered before."""
        return self.send("*".join(self.pressed))

    def hang_up(self) -> Said:
        """Break the call off, and let the gateway say so."""
        return self.send("", session_event=SessionEvent.ABORT, message_id=f"{self.session}:over")

    def wait(self, seconds: float) -> None:
        """Let time pass before the next hop."""
        self.at += timedelta(seconds=seconds)

    def send(self, text: str, **changes: Any) -> Said:
        """Deliver a hop as the gateway words it."""
        fields: dict[str, Any] = {
            "message_id": f"{self.session}:{text}",
            "session_id": self.session,
        }
        fields |= {"number": self.number, "received_at": self.at}
        inbound = an_inbound(text, **(fields | changes))
        return self.door.conversations.hop("ussd", self.provider, inbound, came=self.came)

    @property
    def provider(self) -> Provider:
        """The gateway."""
        return TestProvider(ChannelKind.USSD, self.capabilities)


@dataclass
class Chat:
    """A chat on WhatsApp or SMS."""

    door: Door
    number: str = NUMBER
    kind: ChannelKind = ChannelKind.WHATSAPP
    capabilities: Capabilities = CHAT
    _messages = itertools.count(1)

    def say(self, text: str, message_id: str = "", **changes: Any) -> Said:
        """Deliver a message."""
        inbound = an_inbound(
            text,
            channel=self.kind.value,
            number=self.number,
            message_id=message_id or f"SM{next(self._messages)}",
            **changes,
        )
        return self.door.conversations.hop(self.kind.value, self.provider, inbound)

    def finish(self) -> Said:
        """Finish what is still owed, as the worker does."""
        nothing = an_inbound("", channel=self.kind.value, number=self.number, message_id="")
        return self.door.conversations.finish(self.kind.value, self.provider, nothing, "cause")

    @property
    def provider(self) -> Provider:
        """The provider of the chat."""
        return TestProvider(self.kind, self.capabilities)


class Beside(threading.Thread):
    """Something done beside the test; `result` waits for what came of it."""

    def __init__(self, work: Any) -> None:
        super().__init__(daemon=True)
        self._work = work
        self._result: list[Any] = []
        self.start()

    def run(self) -> None:
        """Do the work."""
        self._result.append(self._work())

    def result(self) -> Any:
        """What came of it, within ten seconds."""
        self.join(10)
        assert self._result, "it did not end"
        return self._result[0]
