"""Who may reach whom in the cluster, worked out from the policies as Kubernetes does."""

from __future__ import annotations

import pytest

from deploy.tools.chart import Object, render
from tests.deploy.objects import EXAMPLES, allowed, labelled, of_kind, pods

every_example = pytest.mark.parametrize("example", EXAMPLES)
CALLS = {
    ("door", "engine"),
    ("worker", "engine"),
    ("smpp", "engine"),
    ("engine", "actions"),
}
CONTROLLER = {
    "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "ingress-nginx"}}
}
INSIDE = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "ingress-inside"}}}


def peers(example: str, way: str) -> dict[str, list[tuple[Object, set[int]]]]:
    """For each role, whom it may hear (ingress) or reach (egress), and at which ports."""
    objects = render(*EXAMPLES[example])
    policies = of_kind(objects, "NetworkPolicy")
    side = {"ingress": "from", "egress": "to"}[way]
    found: dict[str, list[tuple[Object, set[int]]]] = {}
    for name, pod in pods(objects).items():
        found[name] = []
        for rule in allowed(policies, pod, way):
            # A rule without peers or ports lets everybody through, or everywhere.
            assert rule[side], name
            ports = {port["port"] for port in rule["ports"]}
            found[name] += [(peer, ports) for peer in rule[side]]
    return found


def reached(example: str, way: str) -> set[tuple[str, str]]:
    """Which role calls which, by the peers of one way that are pods of the release."""
    all_pods = pods(render(*EXAMPLES[example]))
    pairs = set()
    for name, those in peers(example, way).items():
        for peer, ports in those:
            if set(peer) != {"podSelector"}:
                continue
            for other, pod in all_pods.items():
                if labelled(pod["metadata"]["labels"], peer["podSelector"]):
                    assert ports == {8000}
                    pairs.add((other, name) if way == "ingress" else (name, other))
    return pairs


@every_example
def test_a_process_is_called_by_those_that_need_it_and_by_no_other(example: str) -> None:
    there = set(pods(render(*EXAMPLES[example])))

    expected = {pair for pair in CALLS if set(pair) <= there}
    assert expected == reached(example, "ingress")
    assert expected == reached(example, "egress")


def test_from_outside_the_door_and_the_console_are_reached_and_the_intake_by_the_registry() -> None:
    outside = {
        name: [peer for peer, _ in those if set(peer) != {"podSelector"}]
        for name, those in peers("minimal", "ingress").items()
    }

    assert {"door", "console", "intake"} == {name for name, those in outside.items() if those}
    assert [CONTROLLER] == outside["door"] == outside["console"]
    assert [INSIDE] == outside["intake"]


def test_prometheus_reads_metrics_and_reaches_nothing_else_of_a_worker() -> None:
    monitoring = {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}
    ports = {
        name: next(ports for peer, ports in those if peer.get("namespaceSelector") == monitoring)
        for name, those in peers("production", "ingress").items()
        if name != "migrate"
    }

    assert {"worker": {8001}, "beat": {8001}} == {n: p for n, p in ports.items() if p != {8000}}


@every_example
def test_every_way_out_has_a_name(example: str) -> None:
    ways = {
        name: {port for _, ports in those for port in ports} - {53, 8000, 4318}
        for name, those in peers(example, "egress").items()
    }
    redis = {6380} if example == "production" else {6379}
    if "sentinel" in example:
        redis = {6379, 26379}

    assert redis == ways["engine"]
    assert redis | {5432} == ways["door"] == ways["beat"]
    assert redis | {5432, 443} == ways["actions"] == ways["worker"]
    assert {5432} == ways["migrate"]
    assert "smpp" not in ways or redis | {5432, 2775} == ways["smpp"]


def test_only_the_worker_reaches_the_world_and_nothing_inside_by_it() -> None:
    world = {
        name: peer["ipBlock"]
        for name, those in peers("production", "egress").items()
        for peer, _ in those
        if peer.get("ipBlock", {}).get("cidr") == "0.0.0.0/0"
    }

    assert {"worker"} == set(world)
    assert {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"} <= set(world["worker"]["except"])


@every_example
def test_only_paths_that_others_call_are_led_in(example: str) -> None:
    paths = {
        one["metadata"]["name"]: [
            path["path"] for rule in one["spec"]["rules"] for path in rule["http"]["paths"]
        ]
        for one in of_kind(render(*EXAMPLES[example]), "Ingress")
    }

    wanted = {"twiza-door": ["/channels"], "twiza-intake": ["/registry"], "twiza-console": ["/"]}
    assert {name: wanted[name] for name in paths} == paths
    assert "twiza-door" in paths
