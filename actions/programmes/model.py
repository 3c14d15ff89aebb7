"""What a programme file says. Nothing here says that somebody is entitled: the agency decides.

A register (RNP, RSU) is a file of the same shape. Every fact that can change has the day from which
it holds, where it was read, and how sure we are; a fact that was not verified is left out, and
`not_verified` says so. Texts stand in each of our languages, short enough for one USSD page.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
)

from actions.programmes.emergency import MOST_QUESTIONS, EmergencyPlan
from actions.programmes.questions import Question, checked_questions
from actions.programmes.texts import Texts, Title

Confidence = Literal["high", "medium"]


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Sourced(_Read):
    """A fact with the day from which it holds, its source, and how sure we are."""

    since: date = Field(alias="from")
    source: str = Field(min_length=10)
    confidence: Confidence


class Keyed(Sourced):
    """A fact that a later one of the same key replaces."""

    key: str = Field(pattern=r"^[a-z0-9_]+$")


S = TypeVar("S", bound=Sourced)
K = TypeVar("K", bound=Keyed)


class Threshold(Sourced):
    """The highest index a programme takes, from a date on."""

    index_at_most: Decimal


class Amount(Keyed):
    """What a programme pays, in dirhams, from a date on; `label` says for whom."""

    dirhams: Decimal = Field(gt=0)
    per: Literal["month", "year", "once"]
    label: Texts


class Delay(Sourced):
    """A number of days that the rules give: to decide, or to appeal."""

    what: Literal["decision", "appeal", "appeal_answer"]
    days: int = Field(gt=0)


class Condition(Keyed):
    """What a programme asks of a household beside the index."""

    text: Texts


class Document(Keyed):
    """A paper to bring or to have at hand; `key` is how a registry names a missing one."""

    text: Texts


class Programme(_Read):
    """A programme of social protection, or a register, as one file describes it.

    `status`: open is applied for here; elsewhere is applied for at `place`; ended has a
    `successor`, a programme's key; closed is an emergency outside its time (`emergency` says where,
    when and how fast people are invited). `part_of` names the programme in whose application this
    one is asked for. `identity` tells whether the applicant must be verified first; `none` where
    nobody can be yet. `entity` is what understanding calls it, the file's name unless given, and
    `aliases` are the phrases that name it, in any language and script.
    """

    key: str
    kind: Literal["programme", "register"] = "programme"
    status: Literal["open", "elsewhere", "ended", "closed"] = "open"
    successor: str = ""
    part_of: str = ""
    identity: Literal["verified", "none"] = "verified"
    order: int = 50
    entity: str = ""
    aliases: tuple[str, ...] = ()
    names: Texts
    short_names: Title
    summary: Texts | None = None
    place: Texts | None = None
    thresholds: tuple[Threshold, ...] = ()
    conditions: tuple[Condition, ...] = ()
    amounts: tuple[Amount, ...] = ()
    delays: tuple[Delay, ...] = ()
    documents: tuple[Document, ...] = ()
    questions: Annotated[tuple[Question, ...], AfterValidator(checked_questions)] = ()
    not_verified: tuple[str, ...] = ()
    emergency: EmergencyPlan | None = None

    @field_validator("emergency")
    @classmethod
    def _asks_little(cls, plan: EmergencyPlan | None, info: ValidationInfo) -> EmergencyPlan | None:
        asked = len(info.data.get("questions", ()))
        if plan is not None and not 1 <= asked <= MOST_QUESTIONS:
            raise ValueError(f"asks {asked} questions: an emergency asks 1 to {MOST_QUESTIONS}")
        return plan

    @property
    def is_open(self) -> bool:
        """True where it can be applied for here, by itself."""
        return self.status == "open" and not self.part_of

    @property
    def means(self) -> str:
        """The value of the entity `programme` that names it."""
        return self.entity or self.key

    def name(self, language: str) -> str:
        """The full name in one of our languages."""
        return self.names.in_language(language)

    def short_name(self, language: str) -> str:
        """The name that fits a USSD page and a button."""
        return self.short_names.in_language(language)

    def threshold_on(self, day: date) -> Decimal | None:
        """The highest index within the programme on a day, or None where it has none yet."""
        latest = _latest(self.thresholds, day)
        return latest.index_at_most if latest else None

    def amounts_on(self, day: date) -> tuple[Amount, ...]:
        """The amounts in force on a day, in the order of the file."""
        return tuple(_in_force(self.amounts, day))

    def conditions_on(self, day: date) -> tuple[Condition, ...]:
        """The conditions in force on a day, in the order of the file."""
        return tuple(_in_force(self.conditions, day))

    def documents_on(self, day: date) -> tuple[Document, ...]:
        """The papers asked for on a day, in the order of the file."""
        return tuple(_in_force(self.documents, day))

    def days_for(self, what: str, day: date) -> int | None:
        """How many days the rules in force give for something, or None where it is not known."""
        latest = _latest(tuple(delay for delay in self.delays if delay.what == what), day)
        return latest.days if latest else None


def _latest(facts: tuple[S, ...], day: date) -> S | None:
    begun = [fact for fact in facts if fact.since <= day]
    return max(begun, key=lambda fact: fact.since, default=None)


def _in_force(facts: tuple[K, ...], day: date) -> Iterator[K]:
    """The latest of each key that has begun, in the order in which the keys first appear."""
    for key in dict.fromkeys(fact.key for fact in facts):
        latest = _latest(tuple(fact for fact in facts if fact.key == key), day)
        if latest:
            yield latest
