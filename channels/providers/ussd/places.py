"""Where a value stands in a gateway's call: `form.text`, `json.payload.request_id`, `path.-1`.

A place is a source and what to look for there. A body is read once, as the source it stands in
needs, and whatever bytes it holds the only fault is MalformedPayload.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Final

# The parser is handed no document type, so there is no entity it could expand: see `_xml`.
from xml.etree import ElementTree  # nosec B405

import orjson
from pydantic import AfterValidator

from channels.port import WebhookCall
from core.errors import MalformedPayload

SOURCES: Final = ("form", "query", "json", "xml", "path", "header")
_NAME: Final = r"[A-Za-z_][\w-]*"
_SHAPES: Final = {
    "form": re.compile(r"[^\s{}]+"),
    "query": re.compile(r"[^\s{}]+"),
    "header": re.compile(r"[A-Za-z][A-Za-z0-9-]*"),
    "path": re.compile(r"-?\d"),
    "json": re.compile(rf"{_NAME}(\.{_NAME})*"),
    "xml": re.compile(rf"({_NAME}\.)*@?{_NAME}"),
}

Scalar = str | int | float | bool


def check_place(place: str) -> str:
    """The place itself where it is one. Raises ValueError."""
    source, _, path = place.partition(".")
    if source not in _SHAPES or not _SHAPES[source].fullmatch(path):
        raise ValueError(f"{place!r} is no place: one of {', '.join(SOURCES)}, a dot, and a name")
    return place


Place = Annotated[str, AfterValidator(check_place)]


def words(value: Scalar | None) -> str | None:
    """A value as a form would carry it: true and false for what JSON says so."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


class Values:
    """The values of one call, by their places."""

    def __init__(self, call: WebhookCall) -> None:
        self._call = call

    def find(self, place: str) -> Scalar | None:
        """The value as it stands there, or None. Raises MalformedPayload for an unreadable body."""
        source, _, path = place.partition(".")
        match source:
            case "form":
                return _value(self._call.form, path)
            case "query":
                return _value(self._call.query, path)
            case "header":
                return _header(self._call.headers, path)
            case "path":
                return self._piece(int(path))
            case "json":
                return self._in_json(place, path)
        return self._in_xml(path)

    def text(self, *places: str) -> str | None:
        """The first of the places that holds anything, as words."""
        for place in places:
            found = self.find(place)
            if found is not None:
                return found if type(found) is str else words(found)
        return None

    def _piece(self, index: int) -> str | None:
        pieces = self._call.tail.split("/") if self._call.tail else []
        return pieces[index] if -len(pieces) <= index < len(pieces) else None

    def _in_json(self, place: str, path: str) -> Scalar | None:
        value: Any = self._json
        for name in path.split("."):
            if not isinstance(value, dict):
                return None
            value = value.get(name)
        if isinstance(value, (dict, list)):
            raise MalformedPayload(f"cannot be read: {place}")
        return value  # type: ignore[no-any-return]

    def _in_xml(self, path: str) -> str | None:
        node = self._xml
        for name in path.split("."):
            if name.startswith("@"):
                return node.get(name[1:])
            found = next((child for child in node if _local(child) == name), None)
            if found is None:
                return None
            node = found
        return node.text or ""

    @cached_property
    def _json(self) -> dict[str, Any]:
        try:
            read = orjson.loads(self._call.body)
        except orjson.JSONDecodeError:
            raise MalformedPayload("the body is no JSON") from None
        if not isinstance(read, dict):
            raise MalformedPayload("the body is no JSON object")
        return read

    @cached_property
    def _xml(self) -> ElementTree.Element:
        try:
            written = self._call.body.decode("utf-8-sig")
            # As text it is parsed as such, whatever encoding it claims: what is refused here
            # cannot come back in another encoding.
            if "<!DOCTYPE" in written:
                raise MalformedPayload("a document type is not read")
            return ElementTree.fromstring(written)  # nosec B314
        except (UnicodeDecodeError, ElementTree.ParseError, ValueError):
            raise MalformedPayload("the body is no XML") from None


def _value(given: Mapping[str, str], name: str) -> str | None:
    # Asked by `get` for what is not there, werkzeug makes an error of HTTP first.
    return given[name] if name in given else None  # noqa: SIM401


def _local(node: ElementTree.Element) -> str:
    return node.tag.rpartition("}")[2]


def _header(headers: Mapping[str, str], name: str) -> str | None:
    wanted = name.lower()
    return next((value for key, value in headers.items() if key.lower() == wanted), None)
