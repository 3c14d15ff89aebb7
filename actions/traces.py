"""What a number leaves behind in Redis, and its erasure: of every channel, not of one alone."""

from __future__ import annotations

import redis

from actions.conversation import Conversation
from core.messages import ChannelKind
from core.stores import open_redis
from core.vault import Vault


class Traces:
    """The conversations of a number, as the door, the vault and the engine keep them.

    Without `engine_url` what the engine keeps of other channels ends by itself after a day.
    """

    def __init__(self, store: redis.Redis, vault: Vault, engine_url: str) -> None:
        self._store = store
        self._vault = vault
        self._engine = open_redis(engine_url) if engine_url else None

    def erase(self, who: Conversation) -> None:
        """Forget every conversation of this number; the one that runs must end itself.

        Its door and its engine write once more at the end of the turn: the reply says `forgets`,
        and the action begins a new session.
        """
        self._forget(who.number_key, kept=who.identity)
        # The last of all: until then the erasure can be asked for again.
        self._store.delete(f"verification:{who.identity}")

    def erase_number(self, number_key: str) -> None:
        """Forget every conversation of a number of which none runs."""
        self._forget(number_key)
        came = list(self._store.scan_iter(f"came:{number_key}:*"))
        leads = [f"handover:{kind.value}-{number_key}" for kind in ChannelKind]
        self._store.delete(f"tries:number:{number_key}", *leads, *came)

    def _forget(self, number_key: str, kept: str = "") -> None:
        for kind in ChannelKind:
            conversation = f"{kind.value}-{number_key}"
            self._vault.erase(conversation)
            if conversation != kept:
                names = ("door", "hop", "verification")
                self._store.delete(*(f"{name}:{conversation}" for name in names))
                if self._engine is not None:
                    self._engine.delete(f"engine:tracker:{conversation}")
        self._store.delete(f"reach:{number_key}", f"wrote:{number_key}")
