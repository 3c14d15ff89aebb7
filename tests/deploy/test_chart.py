"""Kubernetes takes every object of the chart, and every pod gives up what it does not need."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from deploy.tools.chart import CHART, KUBERNETES, ChartRefused, lint, notes, render
from deploy.tools.schemas import faults, unknown
from tests.deploy.objects import EXAMPLES, container, of_kind, pods, role
from tests.house.repository import ROOT

every_example = pytest.mark.parametrize("example", EXAMPLES)
ALWAYS = {"door", "engine", "actions", "worker", "beat"}


@every_example
def test_helm_finds_no_fault_and_warns_of_nothing(example: str) -> None:
    assert "0 chart(s) failed" in lint(EXAMPLES[example])


@every_example
@pytest.mark.parametrize("kubernetes", KUBERNETES)
def test_kubernetes_takes_every_object(example: str, kubernetes: str) -> None:
    objects = render(*EXAMPLES[example], kubernetes=kubernetes)

    assert [] == faults(objects, kubernetes)
    # Of another project, and asked for by name.
    assert unknown(objects, kubernetes) <= {"ServiceMonitor"}


def test_the_schemas_find_what_is_wrong() -> None:
    (account,) = of_kind(render(*EXAMPLES["minimal"]), "ServiceAccount")

    assert [] == faults([account], KUBERNETES[-1])
    assert 1 == len(faults([account | {"automount": True}], KUBERNETES[-1]))
    assert 1 == len(faults([account | {"automountServiceAccountToken": "no"}], KUBERNETES[-1]))


def test_without_values_nothing_is_installed() -> None:
    with pytest.raises(ChartRefused) as refused:
        render()

    for place in ("/channels", "/door/publicUrl", "/registry/url", "/network/redis/peers"):
        assert place in str(refused.value)


@pytest.mark.parametrize(
    "wrong",
    [
        "settings: {TWIZA_VAULT_KEY: abc}",
        "settings: {TWIZA_RECORDS_URL: sqlite}",
        "settings: {LOG_LEVEL: INFO}",
        "door: {publicUrl: 'http://door.example.ma'}",
        "door: {replica: 3}",
        "channels: [{name: ussd, provider: ussd, settings: {SECRET: abc}, secrets: [SECRET]}]",
        "smpp: {enabled: true}",
        "intake: {publicUrl: ''}",
        "door: {resources: {requests: {cpu: 1, memory: 1Gi}, limits: null}}",
    ],
)
def test_values_that_are_wrong_are_refused(wrong: str, tmp_path: Any) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(wrong, encoding="utf-8")

    with pytest.raises(ChartRefused):
        render(*EXAMPLES["minimal"], path)


@every_example
def test_every_pod_is_restricted_and_writes_to_memory_alone(example: str) -> None:
    for name, pod in pods(render(*EXAMPLES[example])).items():
        spec, only = pod["spec"], container(pod)
        assert spec["securityContext"] == {
            "runAsNonRoot": True,
            "runAsUser": 10001,
            "runAsGroup": 10001,
            "fsGroup": 10001,
            "seccompProfile": {"type": "RuntimeDefault"},
        }, name
        assert only["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }, name
        assert spec["automountServiceAccountToken"] is False
        # A Service's address would be taken for a setting.
        assert spec["enableServiceLinks"] is False
        assert not {"hostNetwork", "hostPID", "hostIPC", "initContainers"} & set(spec)
        volumes = {one["name"]: one for one in spec["volumes"]}
        assert {"secrets", "tmp"} <= set(volumes) <= {"secrets", "tmp", "spool"}
        assert "Memory" == volumes["tmp"]["emptyDir"]["medium"]


@every_example
def test_every_pod_asks_for_what_it_needs_and_gets_no_more(example: str) -> None:
    for name, pod in pods(render(*EXAMPLES[example])).items():
        resources = container(pod)["resources"]
        for kind in ("requests", "limits"):
            assert {"cpu", "memory"} <= set(resources[kind]), name


@every_example
def test_every_process_is_probed_by_a_route_that_it_has(example: str) -> None:
    # What does not answer to others says apart whether to start it anew.
    apart = {"worker", "beat", "smpp"}
    for one in of_kind(render(*EXAMPLES[example]), "Deployment"):
        only = container(one["spec"]["template"])
        alive = "/alive" if role(one) in apart else "/health"
        assert {"path": alive, "port": "http"} == only["livenessProbe"]["httpGet"]
        assert {"path": alive, "port": "http"} == only["startupProbe"]["httpGet"]
        assert {"path": "/health", "port": "http"} == only["readinessProbe"]["httpGet"]


def test_each_process_is_a_deployment_of_its_own() -> None:
    small = {role(one) for one in of_kind(render(*EXAMPLES["minimal+small"]), "Deployment")}
    whole = {role(one) for one in of_kind(render(*EXAMPLES["production"]), "Deployment")}

    assert ALWAYS == small
    assert ALWAYS | {"intake", "smpp", "console"} == whole


@every_example
def test_there_is_one_beat_and_the_old_one_ends_first(example: str) -> None:
    (beat,) = [
        one for one in of_kind(render(*EXAMPLES[example]), "Deployment") if role(one) == "beat"
    ]

    assert 1 == beat["spec"]["replicas"]
    assert "Recreate" == beat["spec"]["strategy"]["type"]


@every_example
def test_whatever_there_is_more_of_is_never_evicted_at_once(example: str) -> None:
    objects = render(*EXAMPLES[example])
    guarded = {role(one) for one in of_kind(objects, "PodDisruptionBudget")}

    assert {role(one) for one in of_kind(objects, "Deployment")} - {"beat"} == guarded


def test_what_scales_names_no_number_of_replicas_and_workers_scale_by_what_waits() -> None:
    objects = render(*EXAMPLES["production"])
    scaled = {role(one): one["spec"] for one in of_kind(objects, "HorizontalPodAutoscaler")}
    fixed = {role(one) for one in of_kind(objects, "Deployment") if "replicas" in one["spec"]}
    metrics = {name: spec["metrics"][0] for name, spec in scaled.items()}

    assert {"door", "engine", "actions", "worker"} == set(scaled)
    assert {"beat", "intake", "smpp", "console"} == fixed
    assert "twiza_queue_tasks" == metrics["worker"]["external"]["metric"]["name"]
    assert {"cpu"} == {metrics[name]["resource"]["name"] for name in set(scaled) - {"worker"}}


def test_prometheus_knows_each_process_by_the_name_that_the_alerts_use() -> None:
    objects = render(*EXAMPLES["production"])
    known = (ROOT / "deploy/watch/prometheus.yml").read_text(encoding="utf-8")
    jobs = {one["job_name"] for one in yaml.safe_load(known)["scrape_configs"]}
    given = {
        rule["replacement"]
        for monitor in of_kind(objects, "ServiceMonitor")
        for endpoint in monitor["spec"]["endpoints"]
        for rule in endpoint["relabelings"]
    }
    roles = {role(one) for one in of_kind(objects, "Service")}

    assert {"twiza-$1"} == given
    assert {f"twiza-{name}" for name in roles} == {job for job in jobs if job.startswith("twiza-")}


@every_example
def test_a_turn_may_end_before_its_process_is_killed(example: str) -> None:
    for one in of_kind(render(*EXAMPLES[example]), "Deployment"):
        spec = one["spec"]["template"]["spec"]
        called = role(one) in ("door", "engine", "actions", "intake", "console")
        # gunicorn's own twenty seconds, after five in which nobody new is sent to it.
        assert spec["terminationGracePeriodSeconds"] >= (25 if called else 15)
        assert called == ("lifecycle" in container(one["spec"]["template"]))


def test_migrations_run_before_anything_of_the_new_version() -> None:
    (job,) = of_kind(render(*EXAMPLES["minimal"]), "Job")
    policy = next(
        one
        for one in of_kind(render(*EXAMPLES["minimal"]), "NetworkPolicy")
        if role(one) == "migrate"
    )
    hook = "helm.sh/hook"

    assert "pre-install,pre-upgrade" == job["metadata"]["annotations"][hook]
    assert policy["metadata"]["annotations"][hook] == job["metadata"]["annotations"][hook]
    weights = [int(one["metadata"]["annotations"][f"{hook}-weight"]) for one in (policy, job)]
    assert weights[0] < weights[1]
    assert ["migrate"] == container(job["spec"]["template"])["args"]


@every_example
def test_images_are_named_whole_and_nothing_of_the_sandbox_is_deployed(example: str) -> None:
    objects = render(*EXAMPLES[example])

    assert "sandbox" not in str(objects).lower()
    for name, pod in pods(objects).items():
        image = container(pod)["image"]
        assert not image.endswith(":latest"), name
        assert ("@sha256:" in image) == example.startswith("production")
    assert not list(CHART.rglob("*sandbox*"))


def test_the_notes_say_where_to_go_and_warn_of_what_is_open(tmp_path: Any) -> None:
    path = tmp_path / "open.yaml"
    path.write_text("network: {enabled: false}", encoding="utf-8")
    minimal = EXAMPLES["minimal"]

    assert "https://door.example.ma/channels/ussd/messages" in notes(minimal)
    assert "WARNING" not in notes(minimal)
    assert "WARNING: no network policy" in notes([*minimal, path])
