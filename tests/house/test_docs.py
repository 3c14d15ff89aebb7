"""The documents say what is there: links, settings, Redis keys, commands and decisions."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
from pathlib import Path

import pytest
import yaml
from pydantic import SecretStr

from handbook.settings_classes import CHANNELS, all_settings, prefix_of
from tests.house.repository import PACKAGES, ROOT, files

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


def test_the_example_shows_the_default_of_every_optional_setting() -> None:
    lines = set(text_of(".env.example").splitlines())
    missing = []
    for settings in all_settings():
        prefixes = [prefix_of(settings, name) for name in CHANNELS.get(settings.__name__, ("",))]
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


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_a_document_shows_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", text_of("Makefile"), re.MULTILINE))
    scripts = set(re.findall(r"(?<![\w/.])bin/([a-z][a-z-]*)(?![\w/.-]*/)", text))
    made = set(re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE))
    modules = set(re.findall(r"python -m ([a-z_]+(?:\.[a-z_]+)*)", text))

    assert set() == {name for name in scripts if not os.access(ROOT / "bin" / name, os.X_OK)}
    assert set() == made - targets
    assert set() == {name for name in modules if importlib.util.find_spec(name) is None}


def test_every_folder_of_the_root_is_explained() -> None:
    page = text_of("CONTRIBUTING.md")
    folders = [*PACKAGES, "bot", "data", "docs", "tests", "bin"]

    assert [] == [folder for folder in folders if f"\n{folder}/" not in page]
