"""Filling the templates of answers; the escaping is done by the libraries that write them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

# Only templates of our own files are parsed here.
from xml.etree import ElementTree  # nosec B405

from channels.providers.ussd.places import Scalar, words

Fill = Callable[[str], Scalar | None]
PLACEHOLDER: Final = re.compile(r"\{([a-z]+(?:\.[^{}\s]+)?)\}")
# No screen shows them, and neither XML nor UTF-8 could carry them all.
_UNSENDABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def sendable(text: str) -> str:
    """The text without control characters and half characters, its lines ended by \\n alone."""
    return _UNSENDABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def join(template: str, fill: Fill) -> str:
    """A template of plain text, filled in."""
    return PLACEHOLDER.sub(lambda found: sendable(words(fill(found[1])) or ""), template)


def fill_json(value: Any, fill: Fill) -> Any:
    """A template of JSON, filled in; a value that is one placeholder keeps its kind."""
    if isinstance(value, dict):
        return {name: fill_json(inner, fill) for name, inner in value.items()}
    if isinstance(value, list):
        return [fill_json(inner, fill) for inner in value]
    if not isinstance(value, str):
        return value
    whole = PLACEHOLDER.fullmatch(value)
    echoed = fill(whole[1]) if whole else None
    return echoed if echoed is not None and not isinstance(echoed, str) else join(value, fill)


def strings_of(value: Any) -> Iterator[str]:
    """Every string in a template of JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings_of(inner)


def parse_xml(template: str) -> ElementTree.Element:
    """A template of XML as a tree. Raises ElementTree.ParseError."""
    return ElementTree.fromstring(template)  # nosec B314


def fill_xml(template: str, fill: Fill, break_tag: str, charset: str) -> str:
    """A template of XML, filled in; where a break tag is given, lines end in it."""
    root = parse_xml(template)
    for node in list(root.iter()):
        node.attrib.update({name: join(value, fill) for name, value in node.attrib.items()})
        node.text = join(node.text, fill) if node.text else None
        node.tail = join(node.tail, fill) if node.tail else None
        if break_tag and node.text and "\n" in node.text:
            node.text, *lines = node.text.split("\n")
            for place, line in enumerate(lines):
                element = ElementTree.Element(break_tag)
                element.tail = line
                node.insert(place, element)
    return str(ElementTree.tostring(root, encoding=charset, xml_declaration=True), charset)
