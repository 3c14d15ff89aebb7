"""What a gateway understands of an answer: the text, whether it goes on, and where to call next."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from xml.etree import ElementTree  # nosec B405

from sandbox.phone.gateway.speech import Speech

_MARK: Final = re.compile(r"\{[a-z]+(?:\.[^{}]+)?\}")


class NotUnderstood(Exception):
    """The answer is none that the dialect knows."""


@dataclass(slots=True)
class Heard:
    """What the gateway makes of an answer."""

    text: str = ""
    is_open: bool = False
    again: str = ""


@dataclass(slots=True)
class _Found:
    marks: dict[str, str] = field(default_factory=dict)

    def take(self, template: str, value: str) -> None:
        """Compare a template's string with what stands in its place."""
        marks = _MARK.findall(template)
        if len(marks) != 1:
            if template != value:
                raise NotUnderstood(f"{value[:40]!r} is not {template!r}")
            return
        before, _, after = template.partition(marks[0])
        if not (value.startswith(before) and value.endswith(after)):
            raise NotUnderstood(f"{value[:40]!r} is not {template!r}")
        self.marks[marks[0]] = value[len(before) : len(value) - len(after)]


def understand(speech: Speech, status: int, headers: Mapping[str, str], body: str) -> Heard:
    """What an answer to a hop says; what no template fits shows nothing and ends the session."""
    for kind in ("open", "end"):
        found = _Found()
        try:
            _compare(speech, speech.raw["answer"][kind], status, headers, body, found)
        except NotUnderstood:
            continue
        again = found.marks.get("{again}", "")
        return Heard(found.marks.get("{text}", ""), kind == "open", again)
    return Heard()


def _compare(
    speech: Speech,
    template: Mapping[str, Any],
    status: int,
    headers: Mapping[str, str],
    body: str,
    found: _Found,
) -> None:
    if status != template.get("status", 200):
        raise NotUnderstood(f"status {status}")
    for name, value in template.get("headers", {}).items():
        if headers.get(name) != value:
            raise NotUnderstood(f"header {name}")
    try:
        if "json" in template:
            _compare_json(template["json"], json.loads(body), found)
        elif "xml" in template:
            told = ElementTree.fromstring(body)  # nosec B314
            breaks = speech.raw["answer"].get("break_tag", "")
            _compare_xml(ElementTree.fromstring(template["xml"]), told, breaks, found)  # nosec B314
        else:
            found.take(template.get("text", ""), body)
    except (ValueError, ElementTree.ParseError):
        raise NotUnderstood("the body cannot be read") from None


def _compare_json(template: Any, told: Any, found: _Found) -> None:
    if isinstance(template, dict):
        if not isinstance(told, dict) or template.keys() != told.keys():
            raise NotUnderstood("other keys")
        for name, inner in template.items():
            _compare_json(inner, told[name], found)
    elif isinstance(template, str):
        found.take(template, told if isinstance(told, str) else json.dumps(told))
    elif (type(template), template) != (type(told), told):
        raise NotUnderstood(f"{told!r} is not {template!r}")


def _compare_xml(
    template: ElementTree.Element, told: ElementTree.Element, breaks: str, found: _Found
) -> None:
    children = [child for child in told if child.tag != breaks]
    tags = ([child.tag for child in template], [child.tag for child in children])
    if template.tag != told.tag or tags[0] != tags[1] or template.keys() != told.keys():
        raise NotUnderstood(f"<{told.tag}>")
    for name, value in template.items():
        found.take(value, told.get(name, ""))
    lines = [told.text or "", *(child.tail or "" for child in told if child.tag == breaks)]
    found.take(template.text or "", "\n".join(lines))
    for inner, other in zip(template, children, strict=True):
        _compare_xml(inner, other, breaks, found)
