"""What a search asks for, in the standard's three kinds of query, as one tree of conditions.

idtype-value names one identifier. An expression holds conditions as documents do (`$and`, `$or`,
`$not`, and `{"attribute": {"lt": 5}}` with or without the `$`). A predicate is a list of pairs of
comparisons; all of the list must hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from sandbox.registry.envelope import RequestRefused

INVALID: Final = "rjct.search_criteria.invalid"
_OPERATORS: Final = {
    **{name: name for name in ("eq", "lt", "gt", "le", "ge", "in")},
    "lte": "le",
    "gte": "ge",
}
_DEEPEST: Final = 5
_MOST_VALUES: Final = 100


@dataclass(frozen=True, slots=True)
class Compare:
    """One attribute beside a value (`in`: a list of values)."""

    attribute: str
    operator: str
    value: Any


@dataclass(frozen=True, slots=True)
class Joined:
    """Conditions of which all or any must hold, or one that must not."""

    how: Literal["and", "or", "not"]
    parts: tuple[Condition, ...]


Condition = Compare | Joined


def read_query(kind: Any, query: Any) -> Condition:
    """The conditions of a query of a kind. Raises RequestRefused."""
    match kind, query:
        case "idtype-value", {"type": str(name), "value": str(value)}:
            return Compare(name, "eq", value)
        case "expression", {"value": dict(value)}:
            return _document(_inner(value), 0)
        case "predicate", [*pairs] if pairs and len(pairs) <= _MOST_VALUES:
            return Joined("and", tuple(map(_pair, pairs)))
    raise RequestRefused(INVALID)


def collection_of(query: Any) -> str:
    """The kind of records an expression names; empty where it names none."""
    value = query.get("value") if isinstance(query, dict) else None
    expression = value.get("expression") if isinstance(value, dict) else None
    named = expression.get("collection") if isinstance(expression, dict) else None
    return named if isinstance(named, str) else ""


def _inner(value: dict[str, Any]) -> Any:
    expression = value.get("expression", value)
    if isinstance(expression, dict) and isinstance(expression.get("query"), dict):
        return expression["query"]
    return expression


def _document(document: Any, depth: int) -> Condition:
    if not isinstance(document, dict) or not document or depth > _DEEPEST:
        raise RequestRefused(INVALID)
    return Joined("and", tuple(_entries(document, depth)))


def _entries(document: Mapping[str, Any], depth: int) -> Iterator[Condition]:
    for name, value in document.items():
        if name in ("$and", "$or"):
            if not isinstance(value, list) or not value:
                raise RequestRefused(INVALID)
            parts = tuple(_document(part, depth + 1) for part in value)
            yield Joined("and" if name == "$and" else "or", parts)
        elif name == "$not":
            yield Joined("not", (_document(value, depth + 1),))
        elif isinstance(value, dict):
            for operator, operand in value.items():
                yield _compare(name, operator.removeprefix("$"), operand)
        else:
            yield _compare(name, "eq", value)


def _pair(pair: Any) -> Condition:
    if not isinstance(pair, dict):
        raise RequestRefused(INVALID)
    first, condition = _comparison(pair.get("expression1")), pair.get("condition")
    second = _comparison(pair["expression2"]) if pair.get("expression2") is not None else None
    match condition, second:
        case None, None:
            return first
        case "and" | "or" as how, Compare():
            return Joined(how, (first, second))
        case "not", Compare():
            return Joined("and", (first, Joined("not", (second,))))
        case "not", None:
            return Joined("not", (first,))
    raise RequestRefused(INVALID)


def _comparison(part: Any) -> Compare:
    match part:
        case {"attribute_name": str(name), "operator": str(operator), "attribute_value": value}:
            return _compare(name, operator, value)
    raise RequestRefused(INVALID)


def _compare(name: str, operator: str, value: Any) -> Compare:
    known = _OPERATORS.get(operator)
    listed = value if isinstance(value, list) else [value]
    if known is None or (isinstance(value, list) != (known == "in")):
        raise RequestRefused(INVALID)
    if not listed or len(listed) > _MOST_VALUES:
        raise RequestRefused(INVALID)
    if not all(isinstance(one, (str, int, float)) for one in listed):
        raise RequestRefused(INVALID)
    return Compare(name, known, value)
