"""What makes a programme an emergency: where, from when until when, how fast, and for how much.

Days and hours are Morocco's own (Africa/Casablanca, whose clock changes around Ramadan). A region
is its code or French name, a commune `region/commune`. What the file says here is copied into the
records when it is proposed, and what was approved there is what counts.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any, Final, Self
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

from actions.programmes.texts import Texts
from core.regions import commune_key, read_region

MOST_QUESTIONS: Final = 5
# Stands in an invitation for what is dialled on USSD.
DIAL: Final = "{dial}"
_MOROCCO: Final = ZoneInfo("Africa/Casablanca")
_ANSWER: Final = "1"


def _begins(value: Any) -> Any:
    return _moment(value, 0)


def _is_over(value: Any) -> Any:
    return _moment(value, 1)


def _moment(value: Any, days: int) -> Any:
    """A date means its first moment, or that of `days` later; a clock time is Morocco's."""
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value + timedelta(days=days), time())
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=_MOROCCO)).astimezone(UTC)
    return value


def _region(name: str) -> str:
    code = read_region(name)
    if code is None:
        raise ValueError(f"{name} is no region: its code (MA-09) or whole French name is needed")
    return code


def _commune(name: str) -> str:
    region, _, commune = name.partition("/")
    key = commune_key(commune)
    if not key:
        raise ValueError(f"{name} is no commune: Souss-Massa/Tiznit names one")
    return f"{_region(region)}/{key}"


class Costs(BaseModel):
    """What the provider charges, in dirhams: for each part of an SMS, and a WhatsApp message."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sms: Decimal = Field(ge=0, le=100)
    whatsapp: Decimal = Field(ge=0, le=100)


class EmergencyPlan(BaseModel):
    """The section `[emergency]` of a programme file; moments in UTC, `communes` as region/key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    regions: tuple[Annotated[str, AfterValidator(_region)], ...] = ()
    communes: tuple[Annotated[str, AfterValidator(_commune)], ...] = ()
    starts: Annotated[datetime, BeforeValidator(_begins)]
    ends: Annotated[datetime, BeforeValidator(_is_over)]
    rate_per_minute: int = Field(gt=0, le=6000)
    budget_dirhams: Decimal = Field(gt=0, le=100_000_000)
    costs: Costs
    invitation: Texts

    @field_validator("invitation")
    @classmethod
    def _says_how_to_answer(cls, invitation: Texts) -> Texts:
        """Whoever reads it learns that 1 opens the application."""
        silent = [code for code, words in invitation.languages.items() if _ANSWER not in words]
        if silent:
            raise ValueError(f"does not say to answer 1: {', '.join(sorted(silent))}")
        return invitation

    @model_validator(mode="after")
    def _is_somewhere_for_a_while(self) -> Self:
        if not (self.regions or self.communes):
            raise ValueError("names no region and no commune")
        if self.ends <= self.starts:
            raise ValueError("ends before it starts")
        return self

    @property
    def places(self) -> tuple[tuple[str, str], ...]:
        """The communes as region and key."""
        found = (commune.partition("/") for commune in self.communes)
        return tuple((region, key) for region, _, key in found)

    @property
    def budget(self) -> int:
        """The budget in centimes, a part of one left out."""
        return int(self.budget_dirhams * 100)
