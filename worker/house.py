"""What the tasks work with, opened once per worker process."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from channels.app import open_conversations
from channels.conversation import Conversations
from channels.port import Provider
from core.privacy import Pseudonyms, Seal, read_key
from records.database import open_database
from records.outbox import Outbox
from worker.app import settings


@dataclass(frozen=True, slots=True)
class House:
    """The channels, the conversations over them, the outbox and the keys."""

    channels: dict[str, Provider]
    conversations: Conversations
    outbox: Outbox
    seal: Seal
    pseudonyms: Pseudonyms


@cache
def house() -> House:
    """The stores and channels of this process."""
    channels, conversations = open_conversations(settings)
    return House(
        channels,
        conversations,
        Outbox(open_database(settings.records_url)),
        Seal(read_key(settings.vault_key.get_secret_value(), "TWIZA_VAULT_KEY")),
        Pseudonyms(read_key(settings.pseudonym_key.get_secret_value(), "TWIZA_PSEUDONYM_KEY")),
    )
