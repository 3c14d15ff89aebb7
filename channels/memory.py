"""What the door remembers of a conversation between two messages, sealed in Redis.

One value per conversation: the screen last shown, what was typed in the USSD session so far, the
inputs accepted but not yet finished, and the answers that came too late to be shown. Beside it, one
marker per provider message, so that the same delivery moves the dialogue once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import redis

from channels.beside import NOTHING, Beside
from channels.guarding import Guard, note_read
from channels.owed import OWED, Owed
from channels.rendering.menus import Choice
from channels.rendering.pages import Page
from channels.rendering.screens import written_as
from core.editions import MEMORY
from core.errors import TokenRefused
from core.messages import ChannelKind, Expects
from core.privacy import Seal
from core.recorded import STREAM, TURN, UNFINISHED, close_record
from core.staffed import Lead, Staffed, lead_key
from core.stores import Command, together

# As long as a provider of messages may bring one again.
_SEEN_SECONDS = 48 * 3600
# Longer than any gateway keeps a call or tries a hop again; what comes later moves nothing.
HOPS_KNOWN_SECONDS = 900
_REMEMBERED_ANSWERS = 3
# Longer than any gateway keeps a session.
_WAITING_SECONDS = 900


@dataclass(slots=True)
class Shown:
    """A screen or message as the citizen got it, with all that is needed to read the answer.

    `is_personal` tells that it holds values of somebody's file. `remark` is a sentence of the
    door's own above the page; `is_behind` where it fills a page of its own and the page comes next.
    `purpose` is the vault's purpose of the answer, where the question is personal. `name` is the
    screen's own, which the buttons shown with it carry. `masked` are the texts of the pages as a
    transcript keeps them, where they hold values of somebody's file. `form` names the engine's form
    that is open, `asks` the question where it is one of the door's own. `letter` is what the answer
    says, as a message may carry it; `rest` what had no room on the pages.
    """

    pages: tuple[Page, ...] = ()
    page: int = 0
    expects: Expects = Expects.NOTHING
    is_root: bool = False
    is_personal: bool = False
    ends: bool = False
    remark: str = ""
    is_behind: bool = False
    purpose: str = ""
    name: str = ""
    masked: tuple[str, ...] = ()
    form: str = ""
    asks: str = ""
    letter: str = ""
    rest: str = ""

    @property
    def text(self) -> str:
        """What the citizen reads now."""
        page = self.pages[self.page].text if self.pages and not self.is_behind else ""
        return "\n".join(part for part in (self.remark, page) if part)

    @property
    def body(self) -> str:
        """What the citizen reads now beside the choices, where they are tapped."""
        page = self.pages[self.page].body if self.pages and not self.is_behind else ""
        return "\n".join(part for part in (self.remark, page) if part)

    @property
    def recorded(self) -> str:
        """What the citizen reads now as a transcript keeps it, values of a file masked."""
        if not self.masked or self.is_behind:
            return self.text
        # Masked letters may be cut otherwise; the last page then holds what is left.
        page = self.masked[min(self.page, len(self.masked) - 1)]
        return "\n".join(part for part in (self.remark, page) if part)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The choices of every page shown so far."""
        return tuple(choice for page in self.pages[: self.page + 1] for choice in page.choices)

    @property
    def page_of_choices(self) -> int | None:
        """The page on which the first choices stand, where that is still to come."""
        found = (number for number, page in enumerate(self.pages) if page.choices)
        number = next(found, 0)
        return number if number > self.page else None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a message was answered, and when (seconds since 1970).

    `is_late` where its clock answered, before there was anything to say.
    """

    texts: tuple[str, ...]
    is_open: bool
    at: float = 0.0
    is_late: bool = False


@dataclass(slots=True)
class Memory:
    """A conversation as the door remembers it.

    `typed` is the cumulative text of the USSD session, which began at `began`, `step` its gateway's
    count of the last hop; `heard_at` is when
    the last hop came, in seconds since 1970; `dialled` what was dialled behind the service code and
    waits for a language; `behind` the screen below a question of the door's own. `pending` are the
    sealed inputs that were accepted in `pending_session` and not yet answered, `silences` how often
    the engine failed on the first of them; `held` an answer that came after its deadline, in
    `held_session`; `answers` the last answers by provider message, for the same delivery coming
    again. `script` is how this citizen's language is written to them, empty where that was not
    looked up yet; `offered` the languages that were offered in `offered_session`. `led` says how it
    stands with staff (core.staffed), read anew each time.
    """

    session: str = ""
    typed: str = ""
    step: int = 0
    began: float = 0.0
    heard_at: float = 0.0
    dialled: list[str] = field(default_factory=list)
    language: str = ""
    script: str = ""
    offered: list[str] = field(default_factory=list)
    offered_session: str = ""
    shown: Shown = field(default_factory=Shown)
    behind: Shown | None = None
    pending: list[str] = field(default_factory=list)
    pending_session: str = ""
    held: Shown | None = None
    held_session: str = ""
    silences: int = 0
    answers: dict[str, Answer] = field(default_factory=dict)
    led: str = ""

    def remember(self, message: str, answer: Answer) -> None:
        """Keep the answer to a message, the last of them longest."""
        self.answers.pop(message, None)
        self.answers[message] = answer

    @property
    def written(self) -> str:
        """The language with its script where that is not the catalog's own: zgh-Latn."""
        return written_as(self.language, self.script)


class Memories:
    """Loads and saves the memory of conversations."""

    def __init__(self, store: redis.Redis, seal: Seal, life_seconds: int) -> None:
        self._store = store
        self.seal = seal
        self._life = life_seconds
        self._guard = Guard(store)
        self.staffed = Staffed(store)

    def load(self, conversation: str, message: str) -> tuple[Memory, bool]:
        """The memory of a conversation, and whether this provider message was seen before.

        Raises WrittenLater where a later release keeps it.
        """
        found = self._store.mget(self.keys(conversation, message))
        return self.read(conversation, cast("list[bytes | None]", found))

    @staticmethod
    def keys(conversation: str, message: str) -> tuple[str, str, str]:
        """Where Redis holds what `read` makes a memory of."""
        return f"door:{conversation}", f"seen:{message}", lead_key(conversation)

    def read(self, conversation: str, found: Sequence[bytes | None]) -> tuple[Memory, bool]:
        """What `load` returns, from what Redis holds under `keys`."""
        sealed, seen, led = found
        note_read(conversation, sealed)
        memory = self._open(conversation, sealed)
        memory.led = led.decode() if led else ""
        return memory, seen is not None

    def lead(self, memory: Memory) -> Lead:
        """How the conversation stood with staff when its memory was loaded."""
        return Lead.read(memory.led.encode())

    def save(
        self,
        conversation: str,
        memory: Memory,
        message: str = "",
        life_seconds: int = 0,
        beside: Beside = NOTHING,
    ) -> None:
        """Keep the memory, and mark a provider message as seen, in one transaction.

        It lasts as long as a silent conversation does, or for `life_seconds` where that is longer.
        What goes `beside` is there exactly if the memory is. Raises ConversationBusy where the turn
        that saves is another's by now.
        """
        while len(memory.answers) > _REMEMBERED_ANSWERS:
            del memory.answers[next(iter(memory.answers))]
        key, life = f"door:{conversation}", max(self._life, life_seconds)
        sealed = self.seal.close(MEMORY.dumps(memory), key)
        commands: list[Command] = [("SET", key, sealed, "EX", life)]
        if message:
            is_hop = conversation.startswith(f"{ChannelKind.USSD.value}-")
            known = HOPS_KNOWN_SECONDS if is_hop else _SEEN_SECONDS
            commands.append(("SET", f"seen:{message}", b"1", "EX", known))
        commands += beside.commands(self.seal)
        self._guard.execute(commands, conversation, key, sealed, beside.is_last)

    def owe(self, owed: Owed) -> None:
        """Owe something beside what a turn saves."""
        self._store.hset(OWED, owed.cause, owed.close(self.seal))

    def given(self, cause: str) -> None:
        """What was owed under that cause stands in the outbox."""
        self._store.hdel(OWED, cause)

    def record(self, record: bytes) -> None:
        """Send the record of a turn that saved nothing to the transcripts."""
        self._store.xadd(STREAM, {TURN: close_record(self.seal, record)})

    def unfinished(self, turn: str, record: bytes) -> None:
        """Keep what is known of a turn whose clock has answered, should it not live to its end."""
        self._store.hset(UNFINISHED, turn, close_record(self.seal, record))

    def take_back(
        self, conversation: str, memory: Memory, message: str, beside: Beside = NOTHING
    ) -> None:
        """Keep the memory without a message that was marked as seen and must not count."""
        self.save(conversation, memory, beside=beside)
        self._store.delete(f"seen:{message}")

    def wait(self, session: str) -> None:
        """Mark a USSD session whose first hop was told to wait, and was not read."""
        self._store.set(f"waiting:{session}", b"1", ex=_WAITING_SECONDS)

    def has_waited(self, session: str) -> bool:
        """True where the first hop of a USSD session was told to wait."""
        return bool(self._store.exists(f"waiting:{session}"))

    def pass_over(self, message: str, beside: Beside = NOTHING) -> None:
        """Mark a provider message as seen that no turn will read."""
        seen = ("SET", f"seen:{message}", b"1", "EX", _SEEN_SECONDS)
        together(self._store, [seen, *beside.commands(self.seal)])

    def has_seen(self, message: str) -> bool:
        """Whether a provider message was seen before."""
        return bool(self._store.exists(f"seen:{message}"))

    def _open(self, conversation: str, sealed: bytes | None) -> Memory:
        if sealed is None:
            return Memory()
        key = f"door:{conversation}"
        try:
            return _memory(MEMORY.loads(self.seal.open(sealed, key)))
        except TokenRefused:
            return Memory()


def _memory(value: dict[str, Any]) -> Memory:
    value["shown"] = _shown(value["shown"])
    for name in ("held", "behind"):
        value[name] = _shown(value[name]) if value.get(name) else None
    value["answers"] = {
        key: Answer(**{**answer, "texts": tuple(answer["texts"])})
        for key, answer in value["answers"].items()
    }
    return Memory(**value)


def _shown(value: dict[str, Any]) -> Shown:
    pages = tuple(
        Page(
            page["text"],
            tuple(Choice(**choice) for choice in page["choices"]),
            page.get("body", ""),
        )
        for page in value["pages"]
    )
    masked = tuple(value.get("masked", ()))
    return Shown(
        **{**value, "pages": pages, "expects": Expects(value["expects"]), "masked": masked}
    )
