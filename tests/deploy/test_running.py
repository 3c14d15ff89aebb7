"""From the images' trees every process starts, as nobody in particular, with nothing to write to.

What it is told is what compose.yaml tells it, with secrets that deploy/make-secrets made; only the
addresses are other ones, as all processes of this test share one network.
"""

from __future__ import annotations

import os
import runpy
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import pytest
import requests

from deploy.tools.compose import config
from deploy.tools.recipes import FOLDER, read
from tests.deploy.pod import USER, Pod, Python, why_not
from tests.end_to_end.running_house import wait_for
from tests.house.repository import ROOT
from tests.redis_server import RedisServer
from tests.servers.process import free_port

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(bool(why_not()), reason=why_not() or "it can be done"),
]

ROLES: Final = ("door", "actions", "intake", "console", "worker", "beat", "smpp", "engine")
_START_SECONDS: Final = 180.0
_SQLITE: Final = "sqlite:////var/lib/twiza/{}.sqlite"
_LOOK: Final = """
import os
writable = []
for line in open("/proc/self/mountinfo"):
    place, options = line.split()[4:6]
    if "ro" not in options.split(",") and place != "/proc":
        writable.append(place)
print(" ".join(sorted(writable)))
print(open("/proc/self/status").read())
for place in ("/srv/twiza", "/srv/twiza/core", "/opt/twiza", "/etc", "/", "/proc/sys/kernel"):
    assert not os.access(place, os.W_OK), place
"""


class Stack:
    """The pods of a deployment on one machine, by their roles."""

    def __init__(self, folder: Path, trees: dict[str, Path], pythons: dict[str, Python]) -> None:
        self.folder = folder
        self.trees = trees
        self.pythons = pythons
        self.ports = {role: free_port() for role in ROLES}
        self.pods: dict[str, Pod] = {}
        self.services: dict[str, Any] = config(folder)["services"]
        self.data, self.secrets = folder / "data", folder / "secrets"
        self.data.mkdir()
        os.chown(self.data, USER, USER)
        runpy.run_path(str(ROOT / "deploy/make-secrets"))["make"](self.secrets)

    def give(self, name: str, text: str) -> None:
        """Write a secret over the one that was made."""
        (self.secrets / name).write_text(text, encoding="ascii")

    def pod(self, role: str) -> Pod:
        """The pod of a role, told what Compose tells it; it is not started."""
        image = "engine" if role == "engine" else "service"
        recipe = read(FOLDER / f"{image}.Dockerfile").image
        told = dict(_environment(recipe.steps)) | self.services[role]["environment"]
        told |= {name: value.format(**self.ports) for name, value in _ADDRESSES.items()}
        told |= {"TWIZA_HEALTH_ADDRESS": f"127.0.0.1:{self.ports.get(role, 0)}"}
        shown = self.folder / role / "secrets"
        shown.mkdir(parents=True)
        for secret in self.services[role].get("secrets", []):
            shutil.copy(self.secrets / secret["source"], shown / Path(secret["target"]).name)
        pod = Pod(
            self.trees[image], self.pythons[image], told, self.folder / role, shown, self.data
        )
        self.pods[role] = pod
        return pod

    def start(self, role: str) -> None:
        """Start a role by the image's own entry point."""
        recipe = read(FOLDER / ("engine.Dockerfile" if role == "engine" else "service.Dockerfile"))
        entry, usual = recipe.image.last("ENTRYPOINT"), recipe.image.last("CMD")
        assert entry is not None
        assert usual is not None
        if role == "engine":
            given = ["--interface", "127.0.0.1", "--port", str(self.ports[role]), *usual.words]
        else:
            given = ["--address", f"127.0.0.1:{self.ports[role]}", *self.services[role]["command"]]
        self.pod(role).start(*entry.words, *given)

    def wait_for(self, role: str) -> None:
        """Wait until a role is healthy."""
        wait_for(f"{role} healthy", lambda: self.status(role) == 200, _START_SECONDS)

    def status(self, role: str, path: str = "/health") -> int:
        """What a role answers at a path; 0 where it does not answer."""
        pod = self.pods[role]
        assert pod.running is not None
        assert pod.running.poll() is None, f"{role} ended: {pod.log[-3000:]}"
        try:
            url = f"http://127.0.0.1:{self.ports[role]}{path}"
            return requests.get(url, timeout=5).status_code
        except requests.RequestException:
            return 0


_ADDRESSES: Final = {
    "TWIZA_ENGINE_URL": "http://127.0.0.1:{engine}",
    "TWIZA_ACTIONS_URL": "http://127.0.0.1:{actions}/webhook",
    "TWIZA_SMPP_HEALTH_ADDRESS": "127.0.0.1:{smpp}",
    "TWIZA_SMPP_HOST": "127.0.0.1",
    "TWIZA_SMPP_PORT": "1",
    "TWIZA_SMPP_SYSTEM_ID": "twiza",
    "TWIZA_SMPP_CODES": "*555#",
    "TWIZA_WORKER_METRICS_ADDRESS": "",
    "TWIZA_BEAT_METRICS_ADDRESS": "",
}


def _environment(steps: Any) -> Iterator[tuple[str, str]]:
    for step in steps:
        if step.verb == "ENV":
            for pair in step.value.split():
                name, _, value = pair.partition("=")
                yield name, value.replace("${PATH}", "/usr/local/bin:/usr/bin:/bin")


@pytest.fixture(scope="module")
def stack(
    tmp_path_factory: pytest.TempPathFactory,
    service_tree: Path,
    engine_tree: Path,
    pythons: dict[str, Python],
    redis_server: RedisServer,
) -> Iterator[Stack]:
    """Every process, up."""
    trees = {"service": service_tree, "engine": engine_tree}
    made = Stack(tmp_path_factory.mktemp("stack"), trees, pythons)
    for number, name in enumerate(("redis_url", "broker_url", "engine_redis_url")):
        made.give(name, redis_server.url.replace("/0", f"/{number}"))
    for name in ("records", "transcripts"):
        made.give(f"{name}_url", _SQLITE.format(name))
    for name in ("twilio_auth_token", "registry_client_secret"):
        made.give(name, "1234567890123456")
    made.give("smpp_password", "12345678")
    with ExitStack() as ending:
        made.pod("migrate").run("python", "start.py", "migrate")
        for role in ROLES:
            made.start(role)
            ending.callback(made.pods[role].wait)
        for pod in made.pods.values():
            ending.callback(pod.ask_to_end)
        yield made


def test_what_is_started_can_write_to_its_data_and_to_memory_alone(stack: Stack) -> None:
    looked = Pod(
        stack.trees["service"],
        stack.pythons["service"],
        {"PATH": "/opt/twiza/bin:/usr/bin"},
        stack.folder / "look",
        data=stack.data,
    )
    lines = looked.run("python", "-c", _LOOK).splitlines()
    said = dict(line.split(":", 1) for line in lines[1:] if ":" in line)

    assert ["/dev/shm", "/tmp", "/var/lib/twiza"] == lines[0].split()
    assert {str(USER)} == set(said["Uid"].split())
    assert 0 == int(said["CapEff"], 16)
    assert 0 == int(said["CapBnd"], 16)
    assert "1" == said["NoNewPrivs"].strip()


@pytest.mark.parametrize("role", [role for role in ROLES if role != "smpp"])
def test_every_process_gets_healthy(stack: Stack, role: str) -> None:
    stack.wait_for(role)


def test_a_bind_that_reaches_nobody_lives_and_takes_no_work(stack: Stack) -> None:
    wait_for("the bind", lambda: stack.status("smpp", "/alive") == 200, _START_SECONDS)

    assert 503 == stack.status("smpp")


def test_a_citizen_who_dials_is_asked_for_a_language(stack: Stack) -> None:
    for role in ("door", "engine", "actions"):
        stack.wait_for(role)
    secret = (stack.secrets / "channel_ussd_secret").read_text(encoding="ascii")
    hop = {"sessionId": "s-1", "serviceCode": "*555#", "phoneNumber": "+212661099001", "text": ""}

    def dialled() -> str:
        url = f"http://127.0.0.1:{stack.ports['door']}/channels/ussd/messages"
        return requests.post(
            url, {**hop, "networkCode": "60401"}, params={"secret": secret}, timeout=30
        ).text

    assert dialled().startswith("CON ")
    assert "Français" in dialled()


def test_every_process_ends_well_when_it_is_asked_to(stack: Stack) -> None:
    for role in ROLES:
        stack.pods[role].ask_to_end()

    assert dict.fromkeys(ROLES, 0) == {role: stack.pods[role].wait() for role in ROLES}
