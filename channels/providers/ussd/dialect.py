"""How a USSD gateway speaks, read from a file: adding one is adding a file.

`docs/adding-a-dialect.md` tells what each key means, in the order they have here.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator

from channels.providers.ussd.answers import Answers
from channels.providers.ussd.places import Place, Scalar
from channels.providers.ussd.rules import Part, Rule
from core.errors import SettingsFaulty

FOLDER: Final = Path(__file__).parent / "dialects"
Means = Literal["secret", "password", "basic", "hmac", "addresses"]
Places = Annotated[list[Place], Field(min_length=1)]


def _a_secret() -> list[Means]:
    return ["secret"]


class Fields(Part):
    """Where the values of a hop stand; a list of places is searched in its order.

    Without `session` the gateway names no calls and the door numbers them; `hop` is the gateway's
    own name of each hop, `step` its count of them, which only grows; `first_text` is where the
    first text stands, if not where `text` does.
    Those in `optional` may be missing from a call.
    """

    session: Places | None = None
    number: Places
    service_code: Places | None = None
    text: Places
    first_text: Places | None = None
    hop: Places | None = None
    step: Places | None = None
    optional: list[Literal["service_code", "text"]] = Field(default_factory=list)

    @field_validator(
        "session", "number", "service_code", "text", "first_text", "hop", "step", mode="before"
    )
    @classmethod
    def _one_is_a_list_of_one(cls, written: object) -> object:
        return [written] if isinstance(written, str) else written


class Session(Part):
    """How a session begins, goes on and is over, and how long it may last.

    Without `begins` the first hop of an unknown session begins it. With `continues` a hop that no
    rule fits is refused. `number_once`: only the first hop is sure to name the caller.
    """

    begins: list[Rule] = Field(default_factory=list)
    continues: list[Rule] = Field(default_factory=list)
    aborts: list[Rule] = Field(default_factory=list)
    number_once: bool = False
    duplicate_window: float = Field(0.0, ge=0, le=30)
    seconds: float = Field(gt=0, le=3600)


class Input(Part):
    """Whether a hop repeats all inputs of its session, and what the first text holds.

    `first` is "dialled": the whole code; "behind": what was dialled behind it; "nothing".
    """

    cumulative: bool
    first: Literal["dialled", "behind", "nothing"]


class Limits(Part):
    """The longest screen in septets and in UCS-2 code units, and how soon a hop is answered."""

    gsm7: int = Field(ge=40, le=182)
    ucs2: int = Field(ge=20, le=91)
    deadline_seconds: float = Field(gt=0, lt=15)


class Signing(Part):
    """A keyed digest of the body (of the query, where there is none) in a header."""

    header: str = "X-Signature"
    algorithm: Literal["sha1", "sha256", "sha512"] = "sha256"
    encoding: Literal["hex", "base64"] = "hex"
    prefix: str = ""


class Authentication(Part):
    """How a call proves where it comes from: all of `means`, unless the channel's settings differ.

    The places say where the shared secret, the user and the password stand.
    """

    means: list[Means] = Field(default_factory=_a_secret)
    secret: Place = "query.secret"
    user: Place = "query.user"
    password: Place = "query.password"
    hmac: Signing = Signing()


class Plays(Part):
    """How the sandbox phone plays the gateway; nothing here is read by the door.

    `tells_end` where it also tells of a session that ended as it should; `path` and `root` are the
    tail of its addresses and the root of its XML. The others are values that it sends and nobody
    reads: in every hop, the first, later ones, and with the notice that the session is over.
    """

    number: Literal["plus", "digits"] = "digits"
    service_code: Literal["dialled", "bare"] = "dialled"
    first_text: Literal["dialled", "bare"] = "dialled"
    tells_end: bool = False
    path: str = ""
    root: str = ""
    others: dict[Place, Scalar] = Field(default_factory=dict)
    first_only: dict[Place, Scalar] = Field(default_factory=dict)
    later_only: dict[Place, Scalar] = Field(default_factory=dict)
    end_only: dict[Place, Scalar] = Field(default_factory=dict)


class Dialect(Part):
    """One gateway's dialect, whole and checked."""

    name: str
    title: str = Field(min_length=2, max_length=40)
    method: Literal["GET", "POST"]
    fields: Fields
    session: Session
    input: Input
    answer: Answers
    limits: Limits
    authentication: Authentication = Authentication()
    plays: Plays = Plays()

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        counts = self.input.cumulative or self.fields.hop or self.session.duplicate_window
        if not counts:
            raise ValueError("without cumulative input a hop needs fields.hop or duplicate_window")
        if self.input.cumulative and not self.fields.session:
            raise ValueError("cumulative input needs fields.session")
        return self


def load_dialect(name: str, further: Path | None = None) -> Dialect:
    """The dialect of that name, from the folder of further ones first.

    Raises SettingsFaulty with every fault where there is none or it is not whole.
    """
    folders = [FOLDER] if further is None else [further, FOLDER]
    paths = (folder / f"{name}.toml" for folder in folders)
    path = next((path for path in paths if path.is_file()), None)
    if not name.isidentifier() or path is None:
        raise SettingsFaulty([f"dialect: there is no USSD dialect {name!r}"])
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
        return Dialect.model_validate({**written, "name": name})
    except ValidationError as refused:
        raise SettingsFaulty(
            [_fault(name, one["loc"], one["msg"]) for one in refused.errors()]
        ) from None
    except (OSError, ValueError) as unread:
        raise SettingsFaulty([f"dialect {name}: {unread}"]) from None


def _fault(name: str, where: tuple[int | str, ...], what: str) -> str:
    place = ".".join(str(step) for step in where)
    return f"dialect {name}: {place + ': ' if place else ''}{what}"
