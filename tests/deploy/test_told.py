"""What chart and Compose tell each process: all it needs, in settings that there are, no secret."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from actions.registry.settings import RegistrySettings
from actions.settings import ActionsSettings, IntakeSettings
from channels.providers.smpp_ussd.settings import SmppSettings
from channels.settings import DoorSettings
from console.settings import ConsoleSettings
from core.environment import Settings
from deploy.tools.chart import render
from deploy.tools.compose import FILE, ComposeRefused, config
from handbook.settings_classes import all_settings
from records.settings import RecordsSettings
from tests.deploy.objects import EXAMPLES, container, of_kind, pods
from tests.house.test_settings import OTHERS
from tests.house.test_settings import names as names_of
from transcripts.settings import TranscriptsSettings
from worker.settings import WorkerSettings

WORKER = (DoorSettings, WorkerSettings, RegistrySettings, TranscriptsSettings)
READ: Final[dict[str, tuple[type[Settings], ...]]] = {
    "door": (DoorSettings,),
    "actions": (ActionsSettings, RegistrySettings),
    "intake": (IntakeSettings,),
    "console": (ConsoleSettings,),
    "worker": WORKER,
    "beat": (DoorSettings, WorkerSettings),
    "smpp": (DoorSettings, SmppSettings),
    "migrate": (RecordsSettings, TranscriptsSettings),
    "engine": (),
}
ENGINE: Final = {"TWIZA_ACTIONS_URL", "TWIZA_ACTIONS_TOKEN", "TWIZA_ENGINE_REDIS_URL"}
# Whatever a channel is called, its settings are these.
CHANNELS: Final = ("TWIZA_CHANNEL_USSD_", "TWIZA_CHANNEL_WHATSAPP_", "TWIZA_CHANNEL_SMS_")


def known() -> set[str]:
    """Every setting of the project."""
    return {name for one in all_settings() for name in names_of(one)} | OTHERS


def needed(role: str) -> set[str]:
    """The settings without a default that a role reads."""
    if role == "engine":
        return ENGINE
    return {
        f"{one.model_config.get('env_prefix', '')}{name}".upper()
        for one in READ[role]
        for name, field in one.model_fields.items()
        if field.is_required()
    }


def plain(told: set[str]) -> set[str]:
    """The settings that are told, whether by value or by file."""
    fields = known()
    return {name if name in fields else name.removesuffix("_FILE") for name in told}


def chart_told(example: str) -> dict[str, dict[str, str]]:
    """What each role of the chart is told, by its values."""
    objects = render(*EXAMPLES[example])
    shared = {one["metadata"]["name"]: one["data"] for one in of_kind(objects, "ConfigMap")}
    found = {}
    for role, pod in pods(objects).items():
        only = container(pod)
        told: dict[str, str] = {}
        for source in only.get("envFrom", []):
            told |= shared[source["configMapRef"]["name"]]
        found[role] = told | {one["name"]: one["value"] for one in only["env"]}
    return found


def compose_told(folder: Path) -> dict[str, dict[str, str]]:
    """What each of our services in Compose is told."""
    services = config(folder)["services"]
    return {role: services[role]["environment"] for role in READ}


def shown(pod: dict[str, Any]) -> dict[str, set[str]]:
    """The files of the Secret in a pod, and the files that its settings name."""
    (volume,) = [one for one in pod["spec"]["volumes"] if one["name"] == "secrets"]
    files = {one["path"] for one in volume["secret"]["items"]}
    named = {
        one["value"].removeprefix("/run/secrets/twiza/")
        for one in container(pod)["env"]
        if one["name"].endswith("_FILE")
    }
    return {"files": files, "named": named}


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_chart_tells_each_process_what_it_needs_in_settings_that_there_are(
    example: str,
) -> None:
    for role, told in chart_told(example).items():
        assert set() == needed(role) - plain(set(told)), role
        assert set() == plain(set(told)) - known(), role


def test_compose_tells_each_process_what_it_needs_in_settings_that_there_are(
    tmp_path: Path,
) -> None:
    for role, told in compose_told(tmp_path).items():
        assert set() == needed(role) - plain(set(told)), role
        assert set() == plain(set(told)) - known(), role


@pytest.mark.parametrize("example", EXAMPLES)
def test_secrets_are_files_of_a_secret_that_the_chart_does_not_hold(example: str) -> None:
    objects = render(*EXAMPLES[example])
    secret = {"TWIZA_VAULT_KEY", "TWIZA_REDIS_URL", "TWIZA_RECORDS_URL", "TWIZA_ACTIONS_TOKEN"}

    assert [] == of_kind(objects, "Secret")
    for role, pod in pods(objects).items():
        told = chart_told(example)[role]
        assert set() == secret & set(told), role
        assert shown(pod)["files"] == shown(pod)["named"], role


def test_no_process_is_shown_a_secret_of_another() -> None:
    there = pods(render(*EXAMPLES["production"]))
    files = {role: shown(pod)["files"] for role, pod in there.items()}
    every: set[str] = set().union(*files.values())
    holders = {name: {role for role, own in files.items() if name in own} for name in every}

    assert {"console"} == holders["TWIZA_CONSOLE_SECRET"]
    assert {"intake"} == holders["TWIZA_NOTIFY_TOKEN"]
    assert {"smpp"} == holders["TWIZA_SMPP_PASSWORD"]
    assert {"engine", "actions"} == holders["TWIZA_ACTIONS_TOKEN"]
    assert {"actions", "worker"} == holders["TWIZA_REGISTRY_CLIENT_SECRET"]
    assert {"door", "worker", "smpp"} == holders["TWIZA_CHANNEL_WHATSAPP_AUTH_TOKEN"]
    # The engine has tokens and no key, the migrations know where the tables are.
    assert {"TWIZA_ACTIONS_TOKEN", "TWIZA_ENGINE_REDIS_URL"} == files["engine"]
    assert {"TWIZA_RECORDS_URL", "TWIZA_TRANSCRIPTS_URL"} == files["migrate"]


def test_every_container_of_compose_is_read_only_with_nothing_to_become(tmp_path: Path) -> None:
    for name, one in config(tmp_path)["services"].items():
        assert one["read_only"] is True, name
        assert ["ALL"] == one["cap_drop"], name
        assert ["no-new-privileges:true"] == one["security_opt"], name
        assert int(one["mem_limit"]) > 0, name
        assert "privileged" not in one


def test_compose_opens_three_doors_to_this_host_alone(tmp_path: Path) -> None:
    project = config(tmp_path)
    open_ports = {
        name: [port["host_ip"] for port in one["ports"]]
        for name, one in project["services"].items()
        if one.get("ports")
    }

    assert {name: ["127.0.0.1"] for name in ("door", "console", "intake")} == open_ports
    # Engine and stores are on networks that lead nowhere.
    for name in ("engine", "postgresql", "redis"):
        networks = project["services"][name]["networks"]
        assert all(project["networks"][network]["internal"] for network in networks), name


def test_compose_starts_each_after_what_it_needs(tmp_path: Path) -> None:
    services = config(tmp_path)["services"]
    waits = {
        name: {other: how["condition"] for other, how in one.get("depends_on", {}).items()}
        for name, one in services.items()
    }

    assert {"postgresql": "service_healthy"} == waits["migrate"]
    assert "service_healthy" == waits["door"]["engine"]
    for name in ("door", "actions", "worker", "beat", "console", "smpp"):
        assert "service_completed_successfully" == waits[name]["migrate"], name
        assert "service_healthy" == waits[name]["redis"], name


def test_compose_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ComposeRefused, match="the address of the registry"):
        config(tmp_path, "TWIZA_DOOR_PUBLIC_URL=https://door.example.ma\n")


def test_the_compose_file_holds_no_secret() -> None:
    read = yaml.safe_load(FILE.read_text(encoding="utf-8"))

    assert all(set(one) == {"file"} for one in read["secrets"].values())
    assert all(one["file"].startswith("secrets/") for one in read["secrets"].values())
