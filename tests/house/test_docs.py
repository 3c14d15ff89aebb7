"""The documents say what is there: links, settings, Redis keys, commands and decisions."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from pydantic import SecretStr

from core.environment import Settings
from tests.house.repository import PACKAGES, ROOT, files
from tests.house.test_settings import CHANNELS, OTHERS, all_settings

DOCS = ROOT / "docs"
DECISIONS = sorted((DOCS / "decisions").glob("[0-9]*.md"))
PAGES = sorted(files(".md"))
LINK = re.compile(r"\]\(([^)\s]+)\)")
# A file or folder of ours, named in back-quotes; what holds a <placeholder> names none.
PATH = re.compile(
    rf"`((?:{'|'.join((*PACKAGES, 'bot', 'data', 'docs', 'tests', 'bin'))})/[\w./-]+)`"
)


def text_of(path: str) -> str:
    """A document, by its path in the repository."""
    return (ROOT / path).read_text(encoding="utf-8")


def anchors(page: Path) -> set[str]:
    """The names of a page's headings, as links write them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings
    }


def row(name: str, settings: type[Settings], field: str) -> str:
    """The line of the operator's table that a setting must have."""
    asked = settings.model_fields[field]
    default = asked.default
    if isinstance(default, SecretStr):
        default = default.get_secret_value()
    shown = "required" if asked.is_required() else f"`{default}`" if default != "" else "empty"
    said = str(asked.description)
    return f"| `{name.upper()}` | {shown} | {said[0].upper()}{said[1:]} |"


def rows() -> Iterator[str]:
    """The line of every setting; a channel's settings are named for any channel."""
    for settings in all_settings():
        prefix = str(settings.model_config.get("env_prefix", ""))
        if settings.__name__ in CHANNELS:
            prefix = "TWIZA_CHANNEL_<NAME>_"
        for field in settings.model_fields:
            yield row(prefix + field, settings, field)


def redis_prefixes() -> set[str]:
    """The first words of every Redis key in the code, up to the colon."""
    found = set()
    for package in ("core", "channels", "actions", "worker", "records"):
        for path in files(".py", below=ROOT / package):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                    key = re.fullmatch(r"([a-z]+:)(?:[a-z]+:)?", str(node.values[0].value))
                    found |= {key.group(1)} if key else set()
    endpoints = yaml.safe_load(text_of("bot/endpoints.yml"))
    return found | {
        f"{endpoints[store]['key_prefix']}:" for store in ("tracker_store", "lock_store")
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_between_documents_leads_somewhere(page: Path) -> None:
    broken = []
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        place, _, anchor = link.partition("#")
        target = (page.parent / place) if place else page
        if "://" in link:
            continue
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)

    assert [] == broken


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_file_a_document_names_exists(page: Path) -> None:
    named = PATH.findall(page.read_text(encoding="utf-8"))

    assert [] == [path for path in named if not (ROOT / path).exists()]


def test_every_setting_is_in_the_operators_table() -> None:
    written = set(text_of("docs/operating.md").splitlines())

    assert [] == sorted(set(rows()) - written)


def test_the_operators_table_names_nothing_that_is_gone() -> None:
    named = re.findall(
        r"^\| `((?:TWIZA|SANDBOX)_[A-Z_<>]+)` \|", text_of("docs/operating.md"), re.MULTILINE
    )
    read = {line.split("`")[1] for line in rows()}

    # The engine's own settings are read by Rasa's files and by bot/components.
    engine = {"TWIZA_DEFAULT_LANGUAGE"}
    assert set() == set(named) - read - OTHERS - engine


def test_the_example_shows_the_default_of_every_optional_setting() -> None:
    lines = set(text_of(".env.example").splitlines())
    missing = []
    for settings in all_settings():
        prefixes = CHANNELS.get(settings.__name__, (settings.model_config.get("env_prefix"),))
        for name, field in settings.model_fields.items():
            if field.is_required() or isinstance(field.default, SecretStr):
                continue
            wanted = {f"#{prefix}{name}".upper() + f"={field.default}" for prefix in prefixes}
            missing += sorted(wanted - lines)

    assert [] == missing


def test_every_redis_key_is_in_the_architecture() -> None:
    prefixes = redis_prefixes()
    architecture = text_of("docs/architecture.md")

    assert {"door:", "vault:", "engine:"} <= prefixes
    assert [] == [prefix for prefix in sorted(prefixes) if f"`{prefix}" not in architecture]


def test_decisions_are_numbered_dated_and_listed() -> None:
    index = text_of("docs/decisions/README.md")
    numbers = [path.name[:4] for path in DECISIONS]

    assert [f"{number:04}" for number in range(1, len(DECISIONS) + 1)] == numbers
    for path in DECISIONS:
        title, _, date = path.read_text(encoding="utf-8").splitlines()[:3]
        assert title.startswith(f"# {path.name[:4]}: ")
        assert re.fullmatch(r"Date: \d{4}-\d{2}\. Status: \w+.*", date)
        assert f"({path.name})" in index


def test_the_commands_the_readme_names_exist() -> None:
    readme = text_of("README.md")
    targets = set(re.findall(r"^([a-z]+):", text_of("Makefile"), re.MULTILINE))
    scripts = set(re.findall(r"(?<![\w/.])bin/([a-z]+)", readme))
    commands = set(re.findall(r"(?:^|`)make ([a-z]+)", readme, re.MULTILINE))

    assert {"run", "test"} <= commands <= targets
    assert {"run", "talk", "test"} <= scripts
    assert all(os.access(ROOT / "bin" / script, os.X_OK) for script in scripts)


def test_the_readme_lists_every_folder_of_the_root() -> None:
    readme = text_of("README.md")
    folders = [*PACKAGES, "bot", "data", "docs", "tests", "bin"]

    assert [] == [folder for folder in folders if f"\n{folder}/" not in readme]
