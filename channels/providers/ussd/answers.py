"""How an answer is written for a gateway: a template of text, JSON or XML, filled by a library.

A placeholder is `{text}` for the screen, `{address}` for the service code, `{again}` for our own
address with the query that `again` adds, or a place of the call that is echoed: `{json.SessionId}`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, Literal, Self
from xml.etree.ElementTree import ParseError  # nosec B405

import orjson
from pydantic import Field, field_validator, model_validator

from channels.port import WebhookAnswer
from channels.providers.ussd.places import check_place
from channels.providers.ussd.rules import Part
from channels.providers.ussd.templates import (
    PLACEHOLDER,
    Fill,
    fill_json,
    fill_xml,
    join,
    parse_xml,
    strings_of,
)

_OWN: Final = ("text", "address", "again")
_TYPES: Final = {"text": "text/plain", "json": "application/json", "xml": "text/xml"}


class Answer(Part):
    """What one kind of answer looks like; without a body it is empty."""

    status: int = Field(200, ge=200, le=599)
    headers: dict[str, str] = Field(default_factory=dict)
    text: str | None = None
    json_: dict[str, Any] | None = Field(None, alias="json")
    xml: str | None = None

    @field_validator("headers")
    @classmethod
    def _are_plain(cls, headers: dict[str, str]) -> dict[str, str]:
        if not all(re.fullmatch(r"[\x20-\x7e]*", name + value) for name, value in headers.items()):
            raise ValueError("a header is plain ASCII")
        if any(PLACEHOLDER.search(value) for value in headers.values()):
            raise ValueError("a header echoes nothing")
        return headers

    @field_validator("xml")
    @classmethod
    def _is_xml(cls, xml: str | None) -> str | None:
        if xml is not None:
            try:
                parse_xml(xml)
            except ParseError as fault:
                raise ValueError(f"no XML: {fault}") from None
        return xml

    @model_validator(mode="after")
    def _has_known_placeholders(self) -> Self:
        for name in self.placeholders():
            if name not in _OWN:
                check_place(name)
        return self

    def placeholders(self) -> set[str]:
        """The names of everything that is filled in."""
        bodies = (self.text or "", self.xml or "", *strings_of(self.json_))
        return {name for body in bodies for name in PLACEHOLDER.findall(body)}

    def body(self, fill: Fill, break_tag: str, charset: str) -> str:
        """The body with everything filled in."""
        if self.json_ is not None:
            return orjson.dumps(fill_json(self.json_, fill)).decode()
        if self.xml is not None:
            return fill_xml(self.xml, fill, break_tag, charset)
        return join(self.text or "", fill)


class Answers(Part):
    """How a screen that goes on, one that ends, and a notice that the session is over are answered.

    `break_tag` is the XML element that ends a line; `first_stays_open` where the gateway takes no
    last screen as the first answer of a session.
    """

    format: Literal["text", "json", "xml"]
    content_type: str = ""
    charset: Literal["utf-8", "us-ascii"] = "utf-8"
    break_tag: str = Field("", pattern="[a-z]*")
    first_stays_open: bool = False
    again: dict[str, str] = Field(default_factory=dict)
    open: Answer
    end: Answer
    abort: Answer = Answer()

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        for name, answer in (("open", self.open), ("end", self.end), ("abort", self.abort)):
            bodies = {"text": answer.text, "json": answer.json_, "xml": answer.xml}
            others = [
                kind for kind, body in bodies.items() if body is not None and kind != self.format
            ]
            if others:
                raise ValueError(f"{name} is written as {others[0]}, the format is {self.format}")
            if name != "abort" and "text" not in answer.placeholders():
                raise ValueError(f"{name} shows no {{text}}")
        return self

    def write(self, answer: Answer, fill: Fill) -> WebhookAnswer:
        """One of the answers above as HTTP."""
        content_type = self.content_type or f"{_TYPES[self.format]}; charset={self.charset}"
        if self.format == "json" and not self.content_type:
            content_type = _TYPES["json"]
        body = answer.body(fill, self.break_tag, self.charset)
        return WebhookAnswer(body, content_type, answer.status, answer.headers)


def fill_query(again: Mapping[str, str], fill: Fill) -> dict[str, str]:
    """The query that `again` adds, filled in."""
    return {name: join(value, fill) for name, value in again.items()}
