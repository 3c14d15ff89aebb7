"""Files stay short, and say nothing of the machine they were written on."""

from __future__ import annotations

import re
import statistics

import pytest

from tests.house.repository import PACKAGES, ROOT, files, sources

LONGEST = 300
MEDIAN = 130
TEXT = (".py", ".md", ".toml", ".yml", ".yaml", ".lock", ".po", ".sh", ".html", ".js", ".css")
# Written so that this file itself is clean.
PRIVATE = re.compile(r"/(?:work|root|home|Users)/[\w.]")
INDEX = re.compile(r"(?:index|find)[-_](?:url|links)|pypi\.org|pythonhosted|registry\.npmjs")


def length(path: object) -> int:
    """The number of lines of a file."""
    return len((ROOT / str(path)).read_text(encoding="utf-8").splitlines())


def test_no_python_file_is_too_long_to_read_at_once() -> None:
    long = {str(path.relative_to(ROOT)): length(path) for path in files(".py")}

    assert {} == {path: lines for path, lines in long.items() if lines > LONGEST}


def test_scripts_are_no_longer_than_modules() -> None:
    long = [path.name for path in (ROOT / "bin").iterdir() if path.is_file()]

    assert [] == [name for name in long if length(f"bin/{name}") > LONGEST]


def test_the_usual_file_is_short() -> None:
    lengths = [length(path) for path in sources() if path.name != "__init__.py"]

    assert statistics.median(lengths) <= MEDIAN


@pytest.mark.parametrize("package", PACKAGES)
def test_every_folder_of_a_package_is_a_package(package: str) -> None:
    folders = {path.parent for path in files(".py", below=ROOT / package)}

    # Alembic loads its versions by path.
    bare = [f for f in folders if not (f / "__init__.py").exists() and f.name != "versions"]
    assert [] == bare


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    named = [
        (str(path.relative_to(ROOT)), found.group())
        for path in files(*TEXT)
        if (found := PRIVATE.search(path.read_text(encoding="utf-8")))
    ]

    assert [] == named


def test_no_file_holds_what_a_merge_could_not_decide() -> None:
    # Written so that this file itself is clean.
    mark = re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE)

    assert [] == [
        str(path.relative_to(ROOT))
        for path in files(*TEXT)
        if mark.search(path.read_text(encoding="utf-8"))
    ]


def test_no_lock_or_setting_names_a_package_index() -> None:
    asked = [*files(".lock", ".toml", ".npmrc", "package-lock.json"), *files(below=ROOT / "bin")]

    named = [path for path in asked if INDEX.search(path.read_text(encoding="utf-8"))]

    assert [] == named


def test_locks_hold_hashes_and_no_address() -> None:
    locks = [path.read_text(encoding="utf-8") for path in files(".lock")]
    requirement = re.compile(r"^\S+==.*\\\n    --hash=sha256:[0-9a-f]{64}", re.MULTILINE)

    assert 6 == len(locks)
    assert all("://" not in lock for lock in locks)
    assert all(lock.count("==") and requirement.search(lock) for lock in locks)
    assert all(
        len(requirement.findall(lock)) == len(re.findall(r"^\S", lock, re.MULTILINE))
        for lock in locks
    )
