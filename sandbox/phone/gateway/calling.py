"""The hops of a call as a gateway writes them: form, query, JSON, XML or a path."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode
from xml.etree import ElementTree  # nosec B405

from sandbox.phone.gateway.proof import prove
from sandbox.phone.gateway.request import Request
from sandbox.phone.gateway.speech import Speech

FIRST, LATER, OVER = "begins", "continues", "aborts"
_MARK: Final = re.compile(r"\{([a-z]+(?:\.[^{}]+)?)\}")
_SOURCES: Final = ("form", "query", "json", "xml", "path", "header")


@dataclass(slots=True)
class Call:
    """A USSD call as its gateway keeps it: who, which code, and what was typed until now."""

    session: str
    number: str
    code: str
    address: str
    behind: str = ""
    typed: list[str] = field(default_factory=list)
    hops: int = 0
    seconds: float = 0.0

    @property
    def inputs(self) -> str:
        """Everything typed in the call, joined by stars."""
        return "*".join(([self.behind] if self.behind else []) + self.typed)


def write_request(
    speech: Speech, call: Call, step: str, url: str, credentials: Mapping[str, str], ended: int = 0
) -> Request:
    """One hop of a call; `ended` chooses among the ways in which a session may be over."""
    values = _values(speech, call, step, ended)
    values |= {place: credentials[name] for name, place in speech.credential_places().items()}
    return prove(speech, _request(speech, values, url), credentials)


def _values(speech: Speech, call: Call, step: str, ended: int) -> dict[str, Any]:
    values: dict[str, Any] = dict(speech.plays("others", {}))
    values |= speech.plays({FIRST: "first_only", LATER: "later_only", OVER: "end_only"}[step], {})
    told = {
        "dialled": call.code,
        "inputs": call.inputs,
        "hops": str(call.hops),
        "milliseconds": str(round(call.seconds * 1000)),
    }
    for place, value in values.items():
        if isinstance(value, str):
            values[place] = _MARK.sub(lambda found: told.get(found[1], found[0]), value)
    knows_caller = step == FIRST or not speech.raw["session"].get("number_once")
    given = {"session": call.session, "hop": call.hops if speech.place("hop") else None}
    if knows_caller:
        given["number"] = call.number if speech.plays("number", "") == "plus" else call.number[1:]
        bare = speech.plays("service_code", "dialled") == "bare"
        given["service_code"] = call.address.strip("*#") if bare else call.address
    for name, value in given.items():
        place_of = speech.place(name)
        if place_of and value is not None and place_of not in values:
            values[place_of] = value
    if step != OVER:
        values |= _text(speech, call, step)
    _mark_step(speech, values, step, ended)
    return values


def _text(speech: Speech, call: Call, step: str) -> dict[str, str]:
    place, first = str(speech.place("text")), str(speech.raw["input"]["first"])
    if step == LATER:
        return {place: call.inputs if speech.is_cumulative else call.typed[-1]}
    texts = {"behind": call.behind, "dialled": call.code, "nothing": "0"}
    text = texts[first]
    if first == "dialled" and speech.plays("first_text", "dialled") == "bare":
        text = text.strip("*#")
    elsewhere = speech.place("first_text")
    return {place: "", elsewhere: text} if elsewhere else {place: text}


def _mark_step(speech: Speech, values: dict[str, Any], step: str, ended: int) -> None:
    """Make the values such that the rule of the step holds, and no rule of another step."""
    rules = speech.raw["session"]
    for rule in rules.get(step, [])[:1]:
        place = rule["field"]
        if "is" in rule:
            words = rule["is"]
            values[place] = _typed(words[min(ended, len(words) - 1)], place)
        elif rule.get("present") is False:
            values.pop(place, None)
        elif "starts" in rule:
            values[place] = rule["starts"]
        elif "same_as" in rule:
            values[place] = values[rule["same_as"]]
        elif rule.get("present"):
            values.setdefault(place, "1")
    if step == FIRST:
        return
    for rule in rules.get(FIRST, []):
        # What is there in later hops only is our own service code.
        if rule.get("present") is False and step == LATER:
            values.setdefault(rule["field"], values.get(str(speech.place("service_code")), "1"))


def _typed(word: str, place: str) -> Any:
    is_json = place.startswith("json.")
    return word == "true" if is_json and word in ("true", "false") else word


def _request(speech: Speech, values: Mapping[str, Any], url: str) -> Request:
    by_source: dict[str, dict[str, Any]] = {source: {} for source in _SOURCES}
    for place, value in values.items():
        source, _, name = place.partition(".")
        by_source[source][name] = value
    if by_source["path"]:
        tail = _MARK.sub(lambda found: str(values[found[1]]), speech.plays("path", ""))
        root, _, query = url.partition("?")
        url = f"{root}/{tail}" + (f"?{query}" if query else "")
    # What stands in the address that it was given, the gateway says no second time.
    said = dict(parse_qsl(url.partition("?")[2], keep_blank_values=True))
    unsaid = {name: value for name, value in by_source["query"].items() if name not in said}
    if unsaid:
        url += ("&" if "?" in url else "?") + urlencode(unsaid)
    headers = {name: str(value) for name, value in by_source["header"].items()}
    body, content_type = _body(speech, by_source)
    if content_type:
        headers["Content-Type"] = content_type
    return Request(speech.raw["method"], url, body, headers)


def _body(speech: Speech, by_source: Mapping[str, Mapping[str, Any]]) -> tuple[bytes, str]:
    if by_source["json"]:
        whole: dict[str, Any] = {}
        for path, value in by_source["json"].items():
            *outer, last = path.split(".")
            inner = whole
            for name in outer:
                inner = inner.setdefault(name, {})
            inner[last] = value
        return json.dumps(whole, ensure_ascii=False).encode(), "application/json"
    if by_source["xml"]:
        root = ElementTree.Element(speech.plays("root", "request"))
        for path, value in by_source["xml"].items():
            ElementTree.SubElement(root, path).text = str(value)
        return ElementTree.tostring(root, encoding="utf-8"), "text/xml; charset=utf-8"
    if by_source["form"]:
        return urlencode(by_source["form"]).encode(), "application/x-www-form-urlencoded"
    return b"", ""
