"""Finding the right Python, whatever stands in the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.bin.scripts import script

bootstrap = script("bootstrap")


def put_python(path: Path, version: str) -> Path:
    """A program that says it is Python of a version."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho {version}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with an empty home and an empty PATH."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", "/bin")
    for name in ("PYENV_ROOT", "TWIZA_PYTHON", "TWIZA_PYTHON_BOT"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_a_shim_on_the_path_is_passed_over(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_python(bare / ".pyenv/shims/python3.10", "3.10")
    real = put_python(bare / ".pyenv/versions/3.10.13/bin/python3.10", "3.10")
    monkeypatch.setenv("PATH", f"{bare}/.pyenv/shims:/bin")

    assert str(real) == bootstrap.installed_python(("3.10",))


def test_a_python_that_does_not_run_is_passed_over(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = put_python(bare / "broken/python3.10", "3.10")
    broken.write_text("#!/bin/sh\nexit 127\n", encoding="utf-8")
    real = put_python(bare / "good/python3.10", "3.10")
    monkeypatch.setenv("PATH", f"{bare}/broken:{bare}/good:/bin")

    assert str(real) == bootstrap.installed_python(("3.10",))


@pytest.mark.parametrize(
    "place",
    [
        ".local/share/uv/python/cpython-3.10.19-linux-x86_64-gnu/bin/python3.10",
        ".local/share/mise/installs/python/3.10.19/bin/python3.10",
        ".asdf/installs/python/3.10.19/bin/python3.10",
    ],
)
def test_pythons_of_version_managers_are_found(bare: Path, place: str) -> None:
    real = put_python(bare / place, "3.10")

    assert str(real) == bootstrap.installed_python(("3.10",))


def test_a_named_interpreter_of_the_wrong_version_is_refused(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = put_python(bare / "python3", "3.9")
    monkeypatch.setenv("TWIZA_PYTHON_BOT", str(wrong))

    with pytest.raises(SystemExit, match=r"TWIZA_PYTHON_BOT=.* is not a Python 3\.10"):
        bootstrap.find_python(bootstrap.BOT, "uv")


def test_without_any_the_four_ways_to_get_one_are_named(bare: Path) -> None:
    with pytest.raises(SystemExit) as stopped:
        bootstrap.find_python(bootstrap.BOT, "/bin/false")

    ways = ("uv python install 3.10", "pyenv install 3.10", "brew install python@3.10", "apt inst")
    assert [] == [way for way in ways if way not in str(stopped.value)]


def test_an_environment_is_made_anew_when_its_lock_or_its_place_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "requirements.lock").write_text("flask==3.1.3", encoding="utf-8")
    monkeypatch.setattr(bootstrap, "ROOT", str(tmp_path / "one"))
    first = bootstrap.stamp(bootstrap.MAIN)
    monkeypatch.setattr(bootstrap, "ROOT", str(tmp_path / "two"))
    moved = bootstrap.stamp(bootstrap.MAIN)
    (tmp_path / "two" / "requirements.lock").write_text("flask==3.1.4", encoding="utf-8")
    changed = bootstrap.stamp(bootstrap.MAIN)

    assert 3 == len({first, moved, changed})
