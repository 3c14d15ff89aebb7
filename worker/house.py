"""What the tasks work with, opened once per worker process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import redis

from actions.programmes import Programme
from actions.programmes.shelf import Shelf
from actions.registry.opening import open_registry
from actions.registry.port import Registry
from channels.app import open_conversations
from channels.conversation import Conversations
from channels.port import Messenger, Provider
from core.environment import read_settings
from core.keys import open_ring
from core.pace import Pace
from core.privacy import Pseudonyms, Seal, read_key
from core.reach import Reach
from core.stores import open_redis
from locales.catalogs import Catalogs
from records.addresses import Addresses
from records.audit import Audit
from records.blocks import Blocks
from records.consents import Consents
from records.database import Database, open_database
from records.drafts import Drafts
from records.emergencies import Emergencies
from records.followers import Followers
from records.invitations import Invitations
from records.media import MediaStore
from records.notices import Notices
from records.outbox import Outbox
from records.outcomes import Outcomes
from records.people import Numbers
from records.reachable import Reachable
from records.settings import RecordsSettings
from records.submissions import Submissions
from worker.app import settings
from worker.quiet_hours import QuietHours
from worker.settings import WorkerSettings


@dataclass(frozen=True, slots=True)
class House:
    """The channels, the conversations over them, the registry, the stores and the keys."""

    channels: dict[str, Provider]
    conversations: Conversations
    registry: Registry
    database: Database
    store: redis.Redis
    outbox: Outbox
    outcomes: Outcomes
    blocks: Blocks
    pace: Pace
    submissions: Submissions
    drafts: Drafts
    media: MediaStore
    notices: Notices
    followers: Followers
    addresses: Addresses
    numbers: Numbers
    consents: Consents
    audit: Audit
    reach: Reach
    programmes: Mapping[str, Programme]
    emergencies: Emergencies
    invitations: Invitations
    reachable: Reachable
    catalogs: Catalogs
    quiet: QuietHours
    settings: WorkerSettings
    seal: Seal
    pseudonyms: Pseudonyms

    def messenger(self, channel: str) -> Messenger | None:
        """The channel of a name where its provider keeps messages, else None."""
        provider = self.channels.get(channel)
        if provider is None:
            return None
        return provider if isinstance(provider, Messenger) else None


@cache
def house() -> House:
    """The stores and channels of this process."""
    channels, conversations = open_conversations(settings)
    own = read_settings(WorkerSettings)
    months = read_settings(RecordsSettings).silent_months
    database, store = open_database(settings.records_url), open_redis(settings.redis_url)
    emergencies = Emergencies(database)
    shelf = Shelf(own.programmes_folder, emergencies.open_keys, is_patient=True)
    seal = Seal(open_ring(settings.vault_key.get_secret_value(), "TWIZA_VAULT_KEY"))
    keys = read_key(settings.pseudonym_key.get_secret_value(), "TWIZA_PSEUDONYM_KEY")
    return House(
        channels=channels,
        conversations=conversations,
        registry=open_registry(open_redis(settings.redis_url), seal),
        database=database,
        store=store,
        outbox=Outbox(database),
        outcomes=Outcomes(database),
        blocks=Blocks(database),
        pace=Pace(store, own.sender_rate),
        submissions=Submissions(database),
        drafts=Drafts(database, life_days=own.draft_life_days),
        media=MediaStore(database),
        notices=Notices(database),
        followers=Followers(database),
        addresses=Addresses(database),
        numbers=Numbers(database, silent_months=months),
        consents=Consents(database, silent_months=months),
        audit=Audit(database),
        reach=Reach(store, seal),
        programmes=shelf.programmes(),
        emergencies=emergencies,
        invitations=Invitations(database),
        reachable=Reachable(database, silent_months=months),
        catalogs=Catalogs.load(),
        quiet=QuietHours(own.quiet_from, own.quiet_until),
        settings=own,
        seal=seal,
        pseudonyms=Pseudonyms(keys),
    )
