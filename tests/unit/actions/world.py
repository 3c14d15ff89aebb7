"""Actions over a pretend registry and real stores, called as the engine calls them."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Final

import redis
from rasa_sdk import Tracker
from rasa_sdk.executor import ActionExecutor

from actions.applications.desk import Desk
from actions.applications.procedures import load_files, procedures
from actions.applications.short_words import ShortWords
from actions.conversation import Conversation, conversation_of
from actions.following import Following
from actions.programmes import load_programmes
from actions.registry.port import (
    CodeSent,
    CodeVerdict,
    Household,
    Person,
    RnpStatus,
    RsuStatus,
)
from actions.registry.pretend import PretendRecord, PretendRegistry
from actions.server import all_actions
from actions.services import Services
from actions.settings import ActionsSettings
from actions.traces import Traces
from actions.verification import Verification
from core.messages import ChannelKind
from core.privacy import Pseudonyms, Seal
from core.reach import Reach
from core.tasks import Tasks
from core.vault import Vault
from records.addresses import Addresses
from records.applications import Applications
from records.audit import Audit
from records.consents import Consents
from records.database import open_database
from records.drafts import Drafts
from records.followers import Followers
from records.handovers import Handovers
from records.people import Numbers
from records.rights import Rights
from records.submissions import Submissions
from tests.builders import KEY, KEY_TEXT, NOW, NUMBER
from tests.unit.actions.files import fill

OTHER_NUMBER: Final = "+212698765432"
BORN: Final = date(1980, 2, 3)
KHADIJA: Final = "5839204719"  # on file with NUMBER
ZINEB: Final = "2111111116"  # on file with OTHER_NUMBER
SALMA: Final = "2222222228"  # no household
LAHCEN: Final = "4445556665"  # no phone on file
NOBODY: Final = "9999999990"
ON_USSD: Final = "session-1"


def _broker(store: redis.Redis) -> str:
    """The broker's database beside a store."""
    return f"redis://127.0.0.1:{store.connection_pool.connection_kwargs['port']}/1"


def caller(
    number: str = NUMBER, kind: ChannelKind = ChannelKind.USSD, session: str = ON_USSD
) -> Conversation:
    """Somebody who asks from a number, by default the one on file."""
    key = Pseudonyms(KEY).number(number)
    session = session if kind is ChannelKind.USSD else ""
    return Conversation(f"{kind.value}-{key}", kind, key, "fr", session)


def in_chat(number: str = NUMBER) -> Conversation:
    """Somebody who asks in a chat."""
    return caller(number, ChannelKind.WHATSAPP)


def a_person(idcs: str, phone: str | None = NUMBER, **changes: Any) -> Person:
    """A registered person born on BORN."""
    return Person(idcs, changes.pop("rnp_status", RnpStatus.REGISTERED), BORN, phone, "fr")


def a_household(**changes: Any) -> Household:
    """A household of five whose index was calculated last month."""
    fields: dict[str, Any] = {
        "rsu_status": RsuStatus.INDEX_READY,
        "size": 5,
        "index": Decimal("8.7654321"),
        "index_date": NOW.date() - timedelta(days=30),
    }
    return Household(**(fields | changes))


@cache
def short_words() -> ShortWords:
    """Reading the training messages once is enough for every test."""
    return ShortWords.load()


class CountedRegistry(PretendRegistry):
    """The pretend registry; `asked` counts the operations."""

    def __init__(self, records: list[PretendRecord], world: World) -> None:
        super().__init__(records, lambda: world.now)
        self.asked: Counter[str] = Counter()

    def person(self, idcs: str, language: str) -> Person | None:
        """See `port.Registry`."""
        self.asked["person"] += 1
        return super().person(idcs, language)

    def send_code(self, idcs: str, transaction: str) -> CodeSent:
        """See `port.Registry`."""
        self.asked["send_code"] += 1
        return super().send_code(idcs, transaction)

    def confirm_code(self, idcs: str, transaction: str, code: str) -> CodeVerdict:
        """See `port.Registry`."""
        self.asked["confirm_code"] += 1
        return super().confirm_code(idcs, transaction, code)


class World:
    """The services of the actions, a clock moved by hand, and the engine's side of the webhook."""

    def __init__(
        self, store: redis.Redis, records_url: str, *more: PretendRecord, **settings: Any
    ) -> None:
        self.now: datetime = NOW
        self.store = store
        given = {
            "redis_url": "redis://127.0.0.1:1/0",
            "records_url": records_url,
            "vault_key": KEY_TEXT,
            "pseudonym_key": KEY_TEXT,
            "actions_token": "a-token-for-tests",
            "broker_url": _broker(store),
            "verification_floor_seconds": 0.0,
        }
        self.settings = ActionsSettings.model_validate(given | settings)
        known = [
            PretendRecord(a_person(KHADIJA), a_household()),
            PretendRecord(a_person(ZINEB, OTHER_NUMBER), a_household(size=2)),
            PretendRecord(a_person(SALMA)),
            PretendRecord(a_person(LAHCEN, None), a_household()),
        ]
        renewed = {record.person.idcs for record in more}
        records = [record for record in known if record.person.idcs not in renewed]
        self.registry = CountedRegistry([*records, *more], self)
        seal, self.pseudonyms = Seal(KEY), Pseudonyms(KEY)
        self.database = open_database(records_url)
        programmes = load_programmes(self.settings.programmes_folder)
        audit, vault = Audit(self.database), Vault(store, seal)
        self.services = Services(
            registry=self.registry,
            vault=vault,
            verification=Verification(self.registry, store, seal, self.pseudonyms, self.settings),
            numbers=Numbers(self.database),
            consents=Consents(self.database),
            audit=audit,
            handovers=Handovers(self.database),
            rights=Rights(self.database, audit),
            traces=Traces(store, vault, ""),
            seal=seal,
            reach=Reach(store, seal),
            pseudonyms=self.pseudonyms,
            programmes=programmes,
            desk=Desk(
                drafts=Drafts(self.database, lambda: self.now, self.settings.draft_life_days),
                applications=Applications(self.database, lambda: self.now),
                seal=seal,
                procedures=procedures(programmes, load_files()),
                short_words=short_words(),
            ),
            following=Following(
                self.registry,
                Followers(self.database, lambda: self.now),
                Addresses(self.database, lambda: self.now),
                Reach(store, seal),
                seal,
                self.pseudonyms,
                Tasks("actions", self.settings.broker_url, seal),
            ),
            submissions=Submissions(self.database, lambda: self.now),
            settings=self.settings,
            clock=lambda: self.now,
        )
        self.executor = ActionExecutor()
        for action in all_actions(self.services):
            self.executor.register_action(action)

    def close(self) -> None:
        """Close the records."""
        self.database.close()

    def give(self, idcs: str = KHADIJA, **fields: Any) -> PretendRecord:
        """Put into a person's file what `tests.unit.actions.files` makes (see its `fill`)."""
        return fill(self.registry, idcs, **fields)

    def pass_time(self, **by: float) -> None:
        """Move the clock on, by seconds, minutes or days."""
        self.now += timedelta(**by)


class Engine:
    """A conversation as the engine keeps it: slots and events, nothing of a person in them.

    `said` are the response keys of the last action with their values, in order; `asked` is the
    slot the form asks for.
    """

    def __init__(
        self, world: World, kind: str = "ussd", number: str = NUMBER, session: str = ON_USSD
    ) -> None:
        self.world = world
        self.kind = kind
        self.conversation = f"{kind}-{world.pseudonyms.number(number)}"
        self.session = session if kind == "ussd" else ""
        self.slots: dict[str, Any] = dict.fromkeys(
            ("language", "service", "outcome", "identity", "consent", "idcs", "birth_date", "code")
        )
        self.slots["requested_slot"] = None
        self.active: str | None = None
        self.events: list[dict[str, Any]] = []
        self.said: list[tuple[str, dict[str, Any]]] = []
        self.returned: list[dict[str, Any]] = []
        self._clock = itertools.count(1_795_424_400)

    @property
    def asked(self) -> str | None:
        """The slot the form asks for."""
        asked: str | None = self.slots["requested_slot"]
        return asked

    @property
    def keys(self) -> list[str]:
        """The response keys of the last action."""
        return [key for key, _ in self.said]

    @property
    def who(self) -> Conversation:
        """The conversation as the actions see it."""
        self.hear("inform")
        return conversation_of(Tracker.from_dict(self.call("")["tracker"]))

    def seal(self, value: str, purpose: str) -> str:
        """A value as the door seals it for this conversation."""
        return self.world.services.vault.put(value, purpose, self.conversation)

    def give(self, confidence: float = 1.0, **slots: Any) -> Engine:
        """A message fills slots of the form, and the form has them checked."""
        self.hear("inform", confidence)
        self.active = "identity_form"
        for name, value in slots.items():
            if name in ("idcs", "birth_date", "code") and isinstance(value, str):
                value = self.seal(value, name)
            self.set_slot(name, value)
        return self.run("validate_identity_form")

    def hear(self, intent: str, confidence: float = 1.0, **entities: str) -> None:
        """A message was read."""
        found = [{"entity": name, "value": value} for name, value in entities.items()]
        metadata = {"session": self.session} if self.session else {}
        self.latest = {
            "text": f"/{intent}",
            "intent": {"name": intent, "confidence": confidence},
            "entities": found,
            "intent_ranking": [{"name": intent, "confidence": confidence}],
            "metadata": metadata,
            "message_id": "m",
        }
        self.add({"event": "user", "text": f"/{intent}", "parse_data": self.latest})

    def set_slot(self, name: str, value: Any) -> None:
        """A slot is filled by a mapping."""
        self.slots[name] = value
        self.add({"event": "slot", "name": name, "value": value})

    def add(self, event: dict[str, Any]) -> None:
        """An event of the tracker."""
        self.events.append({"timestamp": float(next(self._clock)), **event})

    def run(self, action: str) -> Engine:
        """Have an action run, and apply what it returned as the engine does."""
        result = asyncio.run(self.world.executor.run(self.call(action)))
        assert result is not None
        self.said = [
            (said["response"], {k: v for k, v in said.items() if k in _VALUES})
            for said in result.responses
        ]
        self.returned = result.events
        self.add({"event": "action", "name": action, "policy": "RulePolicy", "confidence": 1.0})
        for event in result.events:
            if event["event"] == "slot":
                self.set_slot(event["name"], event["value"])
            elif event["event"] == "active_loop":
                self.active = event["name"]
                self.add(event)
        return self

    def call(self, action: str) -> dict[str, Any]:
        """The webhook call that asks for an action."""
        return {
            "next_action": action,
            "sender_id": self.conversation,
            "tracker": {
                "sender_id": self.conversation,
                "slots": dict(self.slots),
                "latest_message": getattr(self, "latest", {}),
                "latest_event_time": 1_795_424_400.0,
                "followup_action": None,
                "paused": False,
                "events": list(self.events),
                "latest_input_channel": self.kind,
                "active_loop": {"name": self.active} if self.active else {},
                "latest_action": {"action_name": "action_listen"},
                "latest_action_name": "action_listen",
            },
            "domain": {"slots": {}, "forms": {}},
            "version": "3.6.21",
        }


_TEXTS: Final = (
    *("value", "date", "count", "programme", "threshold", "left", "minutes"),
    *("amount", "month", "place", "reference", "document", "answer", "programme_key"),
)
_VALUES: Final = (*_TEXTS, "offered", "expects", "said_in")


def a_wrong_code(world: World) -> str:
    """A code that is not the one that was sent last."""
    return f"{(int(world.registry.sent[-1].code) + 1) % 10**6:06d}"
