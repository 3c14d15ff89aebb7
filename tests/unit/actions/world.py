"""Actions over a pretend registry and real stores, called as the engine calls them."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import redis
from rasa_sdk.executor import ActionExecutor

from actions.applications.desk import Desk
from actions.applications.procedures import load_files, procedures
from actions.conversation import Conversation
from actions.following import Following
from actions.papers import Papers
from actions.programmes.shelf import Shelf
from actions.registry.pretend import PretendRecord
from actions.server import all_actions
from actions.services import Services
from actions.settings import ActionsSettings
from actions.traces import Traces
from actions.verification import Verification
from core.messages import ChannelKind
from core.privacy import Pseudonyms, Seal
from core.reach import Reach
from core.short_words import ShortWords
from core.staffed import Staffed
from core.tasks import Tasks
from core.vault import Vault
from records.addresses import Addresses
from records.applications import Applications
from records.audit import Audit
from records.consents import Consents
from records.database import open_database
from records.drafts import Drafts
from records.emergencies import Emergencies
from records.followers import Followers
from records.handovers import Handovers
from records.invitations import Invitations
from records.media import MediaStore
from records.people import Numbers
from records.rights import Rights
from records.staff_hours import StaffHours
from records.submissions import Submissions
from tests.builders import KEY, KEY_TEXT, NOW, NUMBER
from tests.unit.actions.engine import Engine
from tests.unit.actions.files import fill
from tests.unit.actions.people import (
    BORN,
    KHADIJA,
    LAHCEN,
    NOBODY,
    ON_USSD,
    OTHER_NUMBER,
    SALMA,
    ZINEB,
    CountedRegistry,
    a_household,
    a_person,
)

__all__ = [
    "BORN",
    "KHADIJA",
    "LAHCEN",
    "NOBODY",
    "ON_USSD",
    "OTHER_NUMBER",
    "SALMA",
    "ZINEB",
    "CountedRegistry",
    "Engine",
    "World",
    "a_household",
    "a_person",
    "a_wrong_code",
    "caller",
    "in_chat",
    "short_words",
]


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


@cache
def short_words() -> ShortWords:
    """Reading the training messages once is enough for every test."""
    return ShortWords.load()


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
        self.registry = CountedRegistry([*records, *more], lambda: self.now)
        seal, self.pseudonyms = Seal(KEY), Pseudonyms(KEY)
        self.database = open_database(records_url)
        opened = Emergencies(self.database, lambda: self.now).open_keys
        # No look is too soon after the one before.
        moments = itertools.count(0, 60)
        shelf = Shelf(self.settings.programmes_folder, opened, lambda: float(next(moments)))
        files = load_files()
        audit, vault = Audit(self.database), Vault(store, seal)
        tasks = Tasks("actions", self.settings.broker_url, seal)
        self.services = Services(
            registry=self.registry,
            vault=vault,
            verification=Verification(self.registry, store, seal, self.pseudonyms, self.settings),
            numbers=Numbers(self.database),
            consents=Consents(self.database),
            audit=audit,
            handovers=Handovers(self.database),
            staff_hours=StaffHours(self.database),
            staffed=Staffed(self.store),
            rights=Rights(self.database, audit),
            traces=Traces(store, vault, ""),
            seal=seal,
            reach=Reach(store, seal),
            pseudonyms=self.pseudonyms,
            programmes=shelf.programmes(),
            desk=Desk(
                drafts=Drafts(self.database, lambda: self.now, self.settings.draft_life_days),
                applications=Applications(self.database, lambda: self.now),
                seal=seal,
                procedures=shelf.made_of_them(lambda programmes: procedures(programmes, files)),
                short_words=short_words(),
            ),
            following=Following(
                self.registry,
                Followers(self.database, lambda: self.now),
                Addresses(self.database, lambda: self.now),
                Reach(store, seal),
                seal,
                self.pseudonyms,
                tasks,
            ),
            papers=Papers(
                MediaStore(self.database, lambda: self.now),
                seal,
                self.pseudonyms,
                tasks,
                self.settings.most_files,
            ),
            submissions=Submissions(self.database, lambda: self.now),
            invitations=Invitations(self.database, lambda: self.now),
            tasks=tasks,
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


def a_wrong_code(world: World) -> str:
    """A code that is not the one that was sent last."""
    return f"{(int(world.registry.sent[-1].code) + 1) % 10**6:06d}"
