"""Are these objects what a Kubernetes of some version takes? By its own schemas, strictly.

Strictly: a field that the schema does not name is a fault. What other projects define (a
ServiceMonitor) has no schema here and is told apart, so that nobody takes it for checked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from referencing import Registry, Resource

from deploy.tools.programs import programs

_DEFINITIONS: Final = "_definitions.json"
# rbac.authorization.k8s.io/v1 stands in a file's name as rbac-v1.
_GROUP: Final = re.compile(r"^([^./]*)(?:\.[^/]*)?/")


def faults(objects: Iterable[Mapping[str, Any]], kubernetes: str) -> list[str]:
    """What is wrong with the objects, each by its kind and name; nothing where all are right."""
    found = []
    for one in objects:
        schema = _schema(one["kind"], one["apiVersion"], kubernetes)
        if schema is None:
            continue
        for fault in schema.iter_errors(one):
            place = "/".join(map(str, fault.absolute_path))
            found.append(f"{one['kind']}/{one['metadata']['name']} {place}: {fault.message}")
    return found


def unknown(objects: Iterable[Mapping[str, Any]], kubernetes: str) -> set[str]:
    """The kinds among the objects for which Kubernetes itself has no schema."""
    return {
        one["kind"]
        for one in objects
        if _schema(one["kind"], one["apiVersion"], kubernetes) is None
    }


@cache
def _schema(kind: str, version: str, kubernetes: str) -> Draft202012Validator | None:
    group = _GROUP.sub(r"\1-", version)
    path = _folder(kubernetes) / f"{kind.lower()}-{group}.json"
    if not path.exists():
        return None
    schema = json.loads(path.read_text(encoding="utf-8"))
    return Draft202012Validator(schema, registry=_definitions(kubernetes))


@cache
def _definitions(kubernetes: str) -> Registry[Any]:
    # They name themselves by the address that every schema refers to.
    content = json.loads((_folder(kubernetes) / _DEFINITIONS).read_text(encoding="utf-8"))
    return Resource.from_contents(content) @ Registry()


def _folder(kubernetes: str) -> Path:
    return programs().schemas / f"v{kubernetes}.0-local-strict"
