"""The objects of a rendered chart, and what most questions about them begin with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from deploy.tools.chart import VALUES, Object

# Each with the values files that make it, the later over the earlier.
EXAMPLES: Final[Mapping[str, tuple[Path, ...]]] = {
    name: tuple(VALUES / f"{one}.yaml" for one in name.split("+"))
    for name in ("minimal", "production", "production+sentinel", "minimal+small")
}


def of_kind(objects: tuple[Object, ...], *kinds: str) -> list[Object]:
    """The objects of some kinds."""
    return [one for one in objects if one["kind"] in kinds]


def role(one: Object) -> str:
    """Which role an object is about."""
    found: str = one["metadata"]["labels"]["app.kubernetes.io/component"]
    return found


def pods(objects: tuple[Object, ...]) -> dict[str, Object]:
    """The pod templates by their roles, of deployments and of jobs."""
    return {role(one): one["spec"]["template"] for one in of_kind(objects, "Deployment", "Job")}


def container(pod: Object) -> dict[str, Any]:
    """The one container of a pod."""
    (one,) = pod["spec"]["containers"]
    found: dict[str, Any] = one
    return found


def labelled(labels: Mapping[str, str], selector: Mapping[str, Any]) -> bool:
    """Whether a label selector selects something with these labels."""
    for name, value in selector.get("matchLabels", {}).items():
        if labels.get(name) != value:
            return False
    for rule in selector.get("matchExpressions", []):
        assert rule["operator"] == "In"
        if labels.get(rule["key"]) not in rule["values"]:
            return False
    return True


def allowed(policies: list[Object], pod: Object, way: str) -> Iterator[dict[str, Any]]:
    """The rules of a way (ingress or egress) of all policies that select a pod.

    Fails where none does: then Kubernetes would let everything through.
    """
    labels = pod["metadata"]["labels"]
    selecting = [one for one in policies if labelled(labels, one["spec"]["podSelector"])]
    assert any(way.title() in one["spec"]["policyTypes"] for one in selecting), labels
    for policy in selecting:
        yield from policy["spec"].get(way) or []
