"""What goes in and out of the door, whatever the provider: a message and the replies to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class ChannelKind(StrEnum):
    """The medium a citizen uses; a provider carries one or more of them."""

    USSD = "ussd"
    SMS = "sms"
    WHATSAPP = "whatsapp"


class SessionEvent(StrEnum):
    """Where a USSD hop stands in its session; messages outside USSD are always CONTINUE.

    ABORT is a gateway's notice that a session is over, whoever ended it: it carries no input.
    """

    NEW = "new"
    CONTINUE = "continue"
    ABORT = "abort"


class Content(StrEnum):
    """What a message carries. TEXT and LOCATION are read, IMAGE and DOCUMENT taken where papers
    are asked for; the others get a sentence.
    """

    TEXT = "text"
    IMAGE = "image"
    DOCUMENT = "document"
    VOICE = "voice"
    LOCATION = "location"
    CONTACT = "contact"
    STICKER = "sticker"
    REACTION = "reaction"
    OTHER = "other"


class Expects(StrEnum):
    """What the last reply asks for, so that the door knows how to read and what to seal."""

    MENU = "menu"
    NUMBER = "number"
    DATE = "date"
    IDCS = "idcs"
    CODE = "code"
    PHONE = "phone"
    TEXT = "text"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Media:
    """A file that came with a message: where its provider keeps it, and what it is said to be."""

    url: str
    content_type: str


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """One message or USSD hop as a provider delivered it, in our words.

    `number` is E.164, or WhatsApp's own id of a user who shows none. `message_id` is the provider's
    own identity of the delivery: the same webhook delivered twice has the same one. Where
    `cumulative` is true `text` holds all that was typed in the USSD session so far, joined by `*`;
    else it is the last input alone. `pressed` is the id of the button or the item of a list that
    was tapped, which nobody can type.

    `repeat_window_seconds` is 0 where `message_id` names the hop for ever. Above 0 the id is only a
    digest of the session and what it brought: the same id is the same hop only while the first is
    unanswered, or within so many seconds.

    `step` is the gateway's count of the hops of a session, which only grows; 0 where it has none.
    `delivery_token` is the same for each try of one delivery, where the provider has such a thing.

    Some gateways do not mark the first hop of a session. `opening` is then what that hop's text
    says, should this be it: the digits dialled behind the service code. None where `text` does.
    """

    channel: str
    kind: ChannelKind
    number: str
    message_id: str
    received_at: datetime
    text: str = ""
    cumulative: bool = False
    content: Content = Content.TEXT
    session_id: str = ""
    session_event: SessionEvent = SessionEvent.CONTINUE
    pressed: str = ""
    media: tuple[Media, ...] = ()
    repeat_window_seconds: float = 0.0
    opening: str | None = None
    delivery_token: str = ""
    step: int = 0


@dataclass(frozen=True, slots=True)
class Button:
    """A choice offered with a reply: what the citizen reads, and what it means to the engine."""

    title: str
    payload: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One utterance of the engine: text, choices, and what it expects next."""

    text: str = ""
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """The language a citizen's message is surely written in, and its script (`Latn`, `Tfng`…).

    `is_adopted` where no language was chosen yet and the answer therefore comes in this one.
    """

    language: str
    script: str
    is_adopted: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """All that the engine said in one turn, in order, with what it expects and in which language.

    `is_root` marks the menus that nothing lies behind; `ends` the goodbye that closes a session.
    `purpose` names the vault's purpose of an answer that is personal, whatever it expects.
    `messages` are texts that go out by SMS beside the answer, and are not shown with it. `heard`
    is what the message answered was surely written in, or None.
    `keys` are the response keys it was made of.
    `forgets` tells that the citizen had everything erased: the door forgets what it showed before.
    `form` names the form that is open behind the answer, and asks its question in it.
    """

    replies: tuple[Reply, ...] = field(default=())
    expects: Expects = Expects.NOTHING
    language: str = ""
    is_root: bool = False
    ends: bool = False
    purpose: str = ""
    messages: tuple[str, ...] = ()
    heard: Heard | None = None
    forgets: bool = False
    keys: tuple[str, ...] = ()
    form: str = ""
