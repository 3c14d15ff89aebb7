"""The manners of the suite: each way in which a registry may be spoken to, over the same people.

pretend is the registry in memory; recorded answers what a sandbox said once; the others are the
client and the sandbox: as usual, by each other kind of query, signed on both sides, with searches
that are pending at first (`txn/status`), and with searches that are answered later (`on-search`).
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import SecretStr

from actions.registry.mailbox import Mailbox
from actions.registry.notify import create_app as create_intake
from actions.registry.spdci import SpdciRegistry
from actions.settings import IntakeSettings
from core.privacy import Seal
from core.stores import open_redis
from tests.builders import KEY, KEY_TEXT
from tests.contract.registry.recorded import recorded_on, replaying_app
from tests.contract.registry.worlds import PretendWorld, SpdciWorld, World, a_client, served

OURS: Final = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
_TOKEN: Final = "token-of-the-subscriber"
_PATIENT: Final[dict[str, Any]] = {
    "registry_timeout_seconds": 20,
    "registry_call_seconds": 60,
    "registry_retry_seconds": 0.01,
}


def in_base64(key: bytes) -> str:
    """A key as settings hold it."""
    return base64.b64encode(key).decode()


# What a sandbox is told that signs, and wants everything signed by us.
SIGNING: Final[dict[str, Any]] = {
    "signatures": "required",
    "client_public_keys": f"key-1:{in_base64(OURS.public_key().public_bytes_raw())}",
}


def signed_client(url: str, **changes: Any) -> SpdciRegistry:
    """A client that signs and wants answers signed, by the key that the registry publishes."""
    [key] = requests.get(f"{url}/.well-known/jwks.json", timeout=5).json()["keys"]
    public = in_base64(base64.urlsafe_b64decode(key["x"] + "="))
    manner: dict[str, Any] = {
        "registry_signing": "ed25519",
        "registry_signing_key": SecretStr(in_base64(OURS.private_bytes_raw())),
        "registry_answers": "ed25519",
        "registry_public_keys": f"{key['kid']}:{public}",
    }
    return a_client(url, **(manner | changes))


class Manners:
    """Opens a world for each manner; what serves it is kept until the end of the run."""

    def __init__(
        self, stack: ExitStack, folder: Callable[[str], Path], redis_url: str, serve: Any
    ) -> None:
        self._stack, self._folder, self._serve = stack, folder, serve
        self._redis_url = redis_url
        self._known: dict[str, World] = {}

    def world(self, name: str) -> World:
        """The world of a manner."""
        if name == "pretend":
            return PretendWorld()
        if name not in self._known:
            self._known[name] = _OPENED[name](self)
        return self._known[name]

    def sandbox(self, **settings: Any) -> Any:
        """A sandbox registry with settings of its own."""
        name = "-".join(settings) or "usual"
        return self._stack.enter_context(self._serve(self._folder(name), **settings))

    def usual(self, **changes: Any) -> World:
        """A sandbox that is spoken to so."""
        sandbox = self.sandbox()
        return SpdciWorld(sandbox.url, sandbox.inbox, a_client(sandbox.url, **changes))

    def signed(self) -> World:
        """Signatures on both sides."""
        sandbox = self.sandbox(**SIGNING)
        return SpdciWorld(sandbox.url, sandbox.inbox, signed_client(sandbox.url))

    def pending(self) -> World:
        """No search is final when it is asked: each is asked about by its transaction."""
        sandbox = self.sandbox(faults="pending;operation=*/sync/search;seconds=0")
        return SpdciWorld(sandbox.url, sandbox.inbox, a_client(sandbox.url, **_PATIENT))

    def later(self, **changes: Any) -> World:
        """Searches are answered at the intake."""
        intake = create_intake(
            IntakeSettings.model_validate(
                {
                    "redis_url": self._redis_url,
                    "broker_url": self._redis_url.removesuffix("/0") + "/1",
                    "vault_key": KEY_TEXT,
                    "notify_token": _TOKEN,
                }
            )
        )
        address = self._stack.enter_context(served(intake))
        sandbox = self.sandbox(notify_token=_TOKEN, notify_retry_seconds=0.02)
        store = open_redis(self._redis_url)
        asked: dict[str, Any] = {
            "registry_search": "async",
            "registry_answer_url": f"{address}/registry/on-search",
        }
        client = a_client(
            sandbox.url, store, Mailbox(store, Seal(KEY)), **asked, **_PATIENT, **changes
        )
        return SpdciWorld(sandbox.url, sandbox.inbox, client)

    def recorded(self) -> World:
        """What was recorded is said again."""
        url = self._stack.enter_context(served(replaying_app()))
        return SpdciWorld(url, [], day=recorded_on())


_OPENED: Final[dict[str, Callable[[Manners], World]]] = {
    "spdci": Manners.usual,
    "expression": lambda manners: manners.usual(registry_query="expression"),
    "predicate": lambda manners: manners.usual(registry_query="predicate"),
    "signed": Manners.signed,
    "pending": Manners.pending,
    "later": Manners.later,
    "recorded": Manners.recorded,
}
ALL: Final = ("pretend", *_OPENED)


@contextmanager
def opened(folder: Callable[[str], Path], redis_url: str, serve: Any) -> Iterator[Manners]:
    """The manners, over sandboxes that `serve` serves."""
    with ExitStack() as stack:
        yield Manners(stack, folder, redis_url, serve)
