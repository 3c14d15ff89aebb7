"""An OpenAPI file as text: `{openapi} name.yaml` in a page writes its messages out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from sandbox.house.layout import ROOT

FOLDER: Final = ROOT / "docs/openapi"
_BLOCK: Final = re.compile(r"```\{openapi\} ([\w-]+\.yaml)\n```")
_METHODS: Final = ("get", "put", "post", "delete", "patch")
# What a schema may say of its values beside their type, in the order of telling.
_LIMITS: Final = {
    "const": "is",
    "format": "",
    "pattern": "pattern",
    "minimum": "at least",
    "maximum": "at most",
    "minLength": "letters at least",
    "maxLength": "letters at most",
    "minItems": "items at least",
    "maxItems": "items at most",
    "default": "else",
}
Schema = Mapping[str, Any]


def written_out(page: str) -> str:
    """A page in which `{openapi}` blocks stand for what they name."""
    return _BLOCK.sub(lambda found: written(FOLDER / found[1]), page)


def written(path: Path) -> str:
    """An OpenAPI file as Markdown."""
    return "\n".join(_Writer(path).lines())


def label(stem: str, name: str) -> str:
    """The target of a schema in the handbook."""
    return f"openapi-{stem}-{name}".lower()


class _Writer:
    def __init__(self, path: Path) -> None:
        self._stem = path.stem
        self._whole: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))

    def lines(self) -> Iterator[str]:
        info = self._whole["info"]
        yield from (info.get("summary", ""), "", info.get("description", ""), "")
        yield from (f"The file itself: [{self._stem}.yaml](/docs/openapi/{self._stem}.yaml).", "")
        for address, calls in self._whole.get("paths", {}).items():
            for method in filter(calls.__contains__, _METHODS):
                asked = [*calls.get("parameters", []), *calls[method].get("parameters", [])]
                yield from self._call(f"{method.upper()} {address}", calls[method], asked)
        for name, schema in self._whole.get("components", {}).get("schemas", {}).items():
            yield from (f"({label(self._stem, name)})=", f"### {name}", "")
            yield from self._schema(schema)

    def _call(self, title: str, call: Schema, parameters: list[Schema]) -> Iterator[str]:
        yield from (f"## `{title}`", "", call.get("summary", ""), "", call.get("description", ""))
        if parameters:
            yield from ("", "| parameter | in | is |", "|---|---|---|")
            for one in map(self._found, parameters):
                said = " ".join(filter(None, (self._type(one["schema"]), _line(one))))
                yield f"| `{one['name']}`{_star(one.get('required'))} | {one['in']} | {said} |"
        if "requestBody" in call:
            yield from ("", f"Sends: {self._content(self._found(call['requestBody']))}")
        yield from ("", "| status | then | body |", "|---|---|---|")
        for status, answer in call["responses"].items():
            told = self._found(answer)
            yield f"| {status} | {_line(told)} | {self._content(told)} |"
        yield ""

    def _schema(self, schema: Schema) -> Iterator[str]:
        yield from (schema.get("description", ""), "")
        fields = schema.get("properties")
        if not fields:
            yield from (self._type(schema), "")
            return
        required = schema.get("required", ())
        yield from ("| field | type | is |", "|---|---|---|")
        for name, field in fields.items():
            yield f"| `{name}`{_star(name in required)} | {self._type(field)} | {_line(field)} |"
        yield ""

    def _content(self, body: Schema) -> str:
        kinds = body.get("content", {})
        return ", ".join(
            f"{self._type(told['schema'])} as `{kind}`" if "schema" in told else f"`{kind}`"
            for kind, told in kinds.items()
        )

    def _type(self, schema: Schema) -> str:
        if "$ref" in schema:
            place, _, name = schema["$ref"].rpartition("/")
            stem = Path(place.partition("#")[0]).stem or self._stem
            return f"[{name}](#{label(stem, name)})" if "/schemas" in place else f"`{name}`"
        for key, word in (("allOf", " and "), ("oneOf", " or "), ("anyOf", " or ")):
            if key in schema:
                return word.join(filter(None, map(self._type, schema[key])))
        if "enum" in schema:
            return " or ".join(_value(one) for one in schema["enum"])
        kinds = schema.get("type", "")
        kind = " or ".join(kinds) if isinstance(kinds, list) else kinds
        if "items" in schema:
            kind = f"list of {self._type(schema['items'])}"
        elif "properties" in schema and not kind:
            inner = (f"`{n}`: {self._type(s)}" for n, s in schema["properties"].items())
            kind = "an object with " + ", ".join(inner)
        elif "properties" in schema:
            inner = (f"`{name}`: {self._type(s)}" for name, s in schema["properties"].items())
            kind += " with " + ", ".join(inner)
        limits = (f"{word} {_value(schema[k])}" for k, word in _LIMITS.items() if k in schema)
        return ", ".join(filter(None, (kind, *(limit.strip() for limit in limits))))

    def _found(self, given: Schema) -> Schema:
        """What a reference means, in this file or in the one beside it."""
        if "$ref" not in given:
            return given
        place, _, pointer = str(given["$ref"]).partition("#/")
        found: Any = self._whole
        if place:
            text = (FOLDER / place).read_text(encoding="utf-8")
            # What is said there of its own file is said here of another.
            found = yaml.safe_load(text.replace("'#/", f"'{place}#/"))
        for part in pointer.split("/"):
            found = found[part]
        return self._found(found)


def _value(value: object) -> str:
    said = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return f"`{said}`".replace("|", "\\|")


def _star(required: object) -> str:
    return " \\*" if required else ""


def _line(told: Schema) -> str:
    return " ".join(str(told.get("description", "")).split()).replace("|", "\\|")
