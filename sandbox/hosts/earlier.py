"""The release before: its code from the history, its model, and what it is set by otherwise."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import tarfile
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import yaml

from sandbox.house.layout import ROOT
from sandbox.house.processes import child_environment

if TYPE_CHECKING:
    from sandbox.hosts.plan import Plan

# The last before values said their edition (core/editions.py).
COMMIT: Final = "f44a66cb1a5603e0c84205bb13aee203c335c5f4"
_MODEL: Final = Path("models/twiza.tar.gz")
_DOMAIN: Final = "components/domain_provider/domain.yml"
_TRAINING: Final = (
    *("--config", "config.yml", "--data", "data", "--domain", "bot/domain"),
    *("--out", "models/aside", "--fixed-model-name", "twiza"),
)
_MOST_TRAINING_SECONDS: Final = 600
_ENVIRONMENTS: Final = (".venv", "bot/.venv")
_LOCKS: Final = ("requirements.lock", "bot/requirements.lock")
_PINNED: Final = re.compile(r"^([\w.-]+)==(\S+)", re.MULTILINE)
# Of it the later model knows nothing.
_SLOT: Final[dict[str, Any]] = {
    "type": "text",
    "influence_conversation": False,
    "mappings": [
        {"type": "from_intent", "intent": intent, "value": "yes"}
        for intent in ("check_registration", "apply", "affirm")
    ],
}


class NoEarlier(RuntimeError):
    """The release before cannot be had here; the text says why."""


def earlier_tree(folder: Path) -> Path:
    """The code of the release before, in a folder, with our environments. Raises NoEarlier."""
    folder.mkdir(parents=True)
    packed = subprocess.run(
        ["git", "archive", COMMIT], cwd=ROOT, capture_output=True, check=False, timeout=60
    )
    if packed.returncode:
        raise NoEarlier(f"the history does not reach back to {COMMIT[:8]}")
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        archive.extractall(folder, filter="data")
    others = [name for lock in _LOCKS for name in _otherwise(folder / lock, ROOT / lock)]
    if others:
        raise NoEarlier(f"other releases of libraries are installed: {', '.join(sorted(others))}")
    for name in _ENVIRONMENTS:
        (folder / name).symlink_to(ROOT / name)
    (folder / _MODEL).parent.mkdir()
    with_further_slot(_model_of(folder), folder / _MODEL)
    python = str(ROOT / ".venv/bin/python")
    subprocess.run([python, "-m", "locales.compile"], cwd=folder, check=True, timeout=120)
    return folder


def _model_of(folder: Path) -> Path:
    """A model that the code of a folder reads: ours, or with other components its own."""
    if _components(folder) == _components(ROOT):
        return ROOT / _MODEL
    command = [str(ROOT / "bot/.venv/bin/python"), "bot/main.py", "train", *_TRAINING]
    cache = {"RASA_CACHE_DIRECTORY": str(folder / "models/cache")}
    ran = subprocess.run(
        command,
        cwd=folder,
        env=child_environment(cache),
        capture_output=True,
        text=True,
        check=False,
        timeout=_MOST_TRAINING_SECONDS,
    )
    if ran.returncode:
        raise NoEarlier(f"its model cannot be trained: {ran.stdout[-500:]}{ran.stderr[-500:]}")
    return folder / "models/aside/twiza.tar.gz"


def _components(folder: Path) -> dict[str, bytes]:
    found = (folder / "bot/components").glob("**/*.py")
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def earlier_settings(plan: Plan, tree: Path) -> dict[str, str]:
    """What the code of an earlier tree reads under names that are no more; nothing for our own."""
    if tree.resolve() == ROOT:
        return {}
    redis = urlsplit(plan.layout.redis_url(2))
    return {
        "TWIZA_REDIS_HOST": redis.hostname or "",
        "TWIZA_REDIS_PORT": str(redis.port),
        "TWIZA_REDIS_DB": redis.path.strip("/"),
        "TWIZA_ACTIONS_TOKEN": plan.secrets.read("actions_token"),
    }


def with_further_slot(model: Path, written: Path) -> None:
    """A model as it was before a slot was taken from it: conversations that it kept hold that."""
    with tarfile.open(model) as given, tarfile.open(written, "w:gz") as made:
        for member in given.getmembers():
            content = given.extractfile(member)
            value = content.read() if content else b""
            if member.name.lstrip("/") == _DOMAIN:
                value = _with_slot(value)
                member.size = len(value)
            made.addfile(member, io.BytesIO(value))


def _with_slot(domain: bytes) -> bytes:
    # Only written into: read and written anew by another library, a title No would be a false.
    heading, named = b"\nslots:\n", {"of_the_release_before": _SLOT}
    slot = textwrap.indent(yaml.safe_dump(named), "  ").encode()
    before, found, after = (b"\n" + domain).partition(heading)
    return (before + found + slot + after).removeprefix(b"\n")


def _otherwise(earlier: Path, ours: Path) -> list[str]:
    """The packages that both name, in different releases."""
    then, now = (dict(_PINNED.findall(lock.read_text("utf-8"))) for lock in (earlier, ours))
    return [name for name, release in then.items() if now.get(name, release) != release]


def forget(tree: Path) -> None:
    """Remove a tree again."""
    shutil.rmtree(tree, ignore_errors=True)
