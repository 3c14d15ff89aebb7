"""What marks a hop: a rule names a place and what must stand there."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from channels.providers.ussd.places import Place, Values


class Part(BaseModel):
    """A part of a dialect file: no key that is not known, no value of another kind."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Rule(Part):
    """One test of one place; exactly one of the tests is written.

    `is_` (written `is`) holds for any of its values, whatever the letters' case; `empty` is there
    and says nothing; `starts` looks at the first letters; `same_as` names a second place.
    """

    field: Place
    is_: list[str] | None = Field(None, alias="is", min_length=1)
    empty: bool | None = None
    present: bool | None = None
    starts: str | None = Field(None, min_length=3)
    same_as: Place | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        tests = (self.is_, self.empty, self.present, self.starts, self.same_as)
        if sum(test is not None for test in tests) != 1:
            raise ValueError("a rule has one of: is, empty, present, starts, same_as")
        if self.empty is False:
            raise ValueError("empty is true or not written")
        return self

    def holds(self, values: Values) -> bool:
        """True where the call is so. Raises MalformedPayload."""
        found = values.text(self.field)
        if self.present is not None:
            return self.present == (found is not None)
        if found is None:
            return False
        if self.is_ is not None:
            return found.strip().lower() in [value.lower() for value in self.is_]
        if self.starts is not None:
            return found.startswith(self.starts)
        return found == values.text(self.same_as) if self.same_as else found == ""


def any_holds(rules: list[Rule], values: Values) -> bool:
    """True where one of the rules holds. Raises MalformedPayload."""
    for rule in rules:  # noqa: SIM110  a generator costs a hop more than its rules
        if rule.holds(values):
            return True
    return False
