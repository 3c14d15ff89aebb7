"""The vault: opaque tokens in place of what a citizen gave, the value sealed in Redis for a while.

A token reads `[[purpose:id:tail]]`. It shows at most the last two characters, is bound to one
conversation and one purpose, and can be typed by nobody: the door takes brackets from what citizens
write. Inbound values (idcs, birth_date, code, ...) are opened by actions and worker alone; values
of purpose `shown` go the other way, from actions to the citizen's screen, and the door opens them
as it renders (docs/decisions/0003).
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Protocol

import redis

from core.errors import TokenExpired, TokenRefused
from core.meters import Names, counters
from core.privacy import Seal
from core.stores import ask

TOKEN: Final = re.compile(r"\[\[([a-z_]+):([A-Za-z0-9_-]{22}):([^\]\s:]{0,2})\]\]")
SHOWN: Final = "shown"
SEALED: Final = counters(
    "twiza_vault_values_total",
    "Values of the vault by purpose and what was done: sealed, opened, expired, refused",
    purpose=Names(
        *("idcs", "cnie", "phone", "number", "birth_date", "code", "place", "document"),
        *("reference", "answer", "choice", SHOWN),
    ),
    done=Names("sealed", "opened", "expired", "refused"),
)
# The door opens what is shown as it writes the answer down, and nobody does later.
_SHOWN_SECONDS: Final = 120
_NONE: Final[Mapping[str, bytes | None]] = MappingProxyType({})
# The engine strips every kind of space before it looks for a payload's slash.
_OPENING: Final = re.compile(r"\A[\s/]+")


@dataclass(frozen=True, slots=True)
class Token:
    """A token taken apart."""

    purpose: str
    identity: str
    tail: str

    def __str__(self) -> str:
        return f"[[{self.purpose}:{self.identity}:{self.tail}]]"


class Put(Protocol):
    """Seals a value and returns its token."""

    def __call__(self, value: str, tail: str = "") -> str:
        """See the class."""


def neutralise(text: str) -> str:
    """What a citizen typed, so that nothing in it can be taken for a token or an engine payload."""
    return _OPENING.sub("", text.replace("[[", "((").replace("]]", "))"))


class Vault:
    """Seals values for a conversation and opens them again.

    `life_seconds` is how long a value can be opened, two minutes at most where it is `shown`; after
    it TokenExpired is raised.
    """

    def __init__(self, store: redis.Redis, seal: Seal, life_seconds: int = 1800) -> None:
        self._store = store
        self._seal = seal
        self._life = life_seconds

    def put(self, value: str, purpose: str, conversation: str, tail: str = "") -> str:
        """Seal a value and return its token."""
        with self.together(purpose, conversation) as put:
            return put(value, tail)

    @contextmanager
    def together(self, purpose: str, conversation: str) -> Iterator[Put]:
        """Seal several values: they are in the store, by one exchange, once the block ends well."""
        commands: list[tuple[Any, ...]] = []
        context = f"{conversation}|{purpose}"
        is_shown = purpose == SHOWN
        life = min(self._life, _SHOWN_SECONDS) if is_shown else self._life
        identities: list[str] = []

        def put(value: str, tail: str = "") -> str:
            token = Token(purpose, secrets.token_urlsafe(16), tail)
            sealed = self._seal.close(value.encode(), context)
            commands.append(("SET", f"vault:{token.identity}", sealed, "EX", life))
            identities.append(token.identity)
            return str(token)

        yield put
        if identities:
            # What is on its way to the screen must outlive the answer that ends everything else.
            listed = f"vault-told:{conversation}" if is_shown else self.list_of(conversation)
            if is_shown:
                now = int(time.time())
                scores = [part for identity in identities for part in (now + life, identity)]
                commands.append(("ZREMRANGEBYSCORE", listed, 0, now))
                commands.append(("ZADD", listed, *scores))
            else:
                commands.append(("SADD", listed, *identities))
            commands.append(("EXPIRE", listed, life))
            ask(self._store, *commands)
            SEALED.labels(purpose, "sealed").inc(len(identities))

    @staticmethod
    def places(texts: Iterable[str | None]) -> dict[str, str]:
        """The keys that the values behind tokens have in Redis, by token; of no token, none."""
        found = ((text, TOKEN.fullmatch(text)) for text in texts if text)
        return {text: f"vault:{match[2]}" for text, match in found if match}

    def open(
        self, text: str, purpose: str, conversation: str, read: Mapping[str, bytes | None] = _NONE
    ) -> str:
        """The value behind a token. Raises TokenExpired, or TokenRefused out of its context.

        `read` is what was read just now at the `places` of tokens, by token.
        """
        token = _read(text)
        if text in read:
            sealed = read[text]
        else:
            sealed = ask(self._store, ("GET", f"vault:{token.identity}"))[0]
        if sealed is None:
            SEALED.labels(token.purpose, "expired").inc()
            raise TokenExpired(token.purpose)
        try:
            if token.purpose != purpose:
                raise TokenRefused(f"a token of purpose {token.purpose} was opened as {purpose}")
            value = self._seal.open(sealed, f"{conversation}|{purpose}").decode()
        except TokenRefused:
            SEALED.labels(token.purpose, "refused").inc()
            raise
        SEALED.labels(purpose, "opened").inc()
        return value

    def destroy(self, *texts: str) -> None:
        """Forget the values behind tokens."""
        if texts:
            ask(self._store, ("DEL", *(f"vault:{_read(text).identity}" for text in texts)))

    @staticmethod
    def list_of(conversation: str) -> str:
        """The key of the list of what a conversation gave."""
        return f"vault-of:{conversation}"

    @staticmethod
    def listed(known: Iterable[bytes]) -> list[str]:
        """The keys of the values that such a list names."""
        return [f"vault:{identity.decode()}" for identity in known]

    def destroy_all(self, conversation: str) -> None:
        """Forget everything that a conversation gave."""
        listed = self.list_of(conversation)
        self._empty(listed, ask(self._store, ("SMEMBERS", listed))[0])

    def erase(self, conversation: str) -> None:
        """Forget everything that a conversation gave, and all that it was shown."""
        self.destroy_all(conversation)
        listed = f"vault-told:{conversation}"
        self._empty(listed, ask(self._store, ("ZRANGE", listed, 0, -1))[0])

    def shown_values(self, texts: Iterable[str], conversation: str) -> dict[str, str]:
        """Each `shown` token in the texts of a reply and its value, a dash once it has expired.

        One question to the store for all of them. Raises TokenRefused where another token stands
        there.
        """
        tokens = {match.group(): _read(match.group()) for text in texts for match in _all(text)}
        for token in tokens.values():
            if token.purpose != SHOWN:
                raise TokenRefused(f"a token of purpose {token.purpose} stands in a reply")
        if not tokens:
            return {}
        names = [f"vault:{token.identity}" for token in tokens.values()]
        found: list[bytes | None] = ask(self._store, ("MGET", *names))[0]
        SEALED.labels(SHOWN, "opened").inc(len(found))
        context = f"{conversation}|{SHOWN}"
        return {
            token: "-" if sealed is None else self._seal.open(sealed, context).decode()
            for token, sealed in zip(tokens, found, strict=True)
        }

    def _empty(self, listed: str, known: Collection[bytes]) -> None:
        if known:
            ask(self._store, ("DEL", listed, *self.listed(known)))


def reveal(text: str, values: Mapping[str, str]) -> str:
    """A text with each token replaced by its value."""
    return TOKEN.sub(lambda match: values[match.group()], text)


def _all(text: str) -> Iterable[re.Match[str]]:
    return TOKEN.finditer(text)


def _read(text: str) -> Token:
    match = TOKEN.fullmatch(text)
    if match is None:
        raise TokenRefused("not a token")
    return Token(*match.groups())
