"""What the container files say, by a linter and by what must never be in an image."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from deploy.images.start import ROLES
from deploy.tools.programs import programs
from deploy.tools.recipes import RECIPES, context, read
from tests.house.repository import ROOT

FORBIDDEN = (
    "sandbox",
    "tests",
    "benchmarks",
    "docs",
    "handbook",
    "supply",
    "var",
    ".state",
    ".git",
    "bin",
)
SECRET = re.compile(r"(KEY|SECRET|TOKEN|PASSWORD|CREDENTIAL)", re.IGNORECASE)
every_recipe = pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)


@every_recipe
def test_hadolint_finds_nothing(path: Path) -> None:
    done = subprocess.run(
        [programs().hadolint, "--no-color", path], check=False, capture_output=True, text=True
    )

    assert (0, "") == (done.returncode, done.stdout)


@every_recipe
def test_nothing_that_is_not_for_production_is_sent_to_the_builder(path: Path) -> None:
    sent = context(path)
    tops = {name.split("/")[0] for name in sent}

    assert "core/environment.py" in sent
    assert set() == tops & set(FORBIDDEN)
    assert [] == [name for name in sent if name.endswith((".pyc", ".mo", ".sqlite", ".env"))]
    assert [] == [name for name in sent if "/.venv/" in name or "secrets/" in name]


def test_a_secret_that_lies_about_is_not_sent_to_the_builder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("core/a.py", "core/.env", "core/.env.local", "var/secrets/vault_key", ".env"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    monkeypatch.setattr("deploy.tools.recipes.ROOT", tmp_path)
    context.cache_clear()
    try:
        assert {"core/a.py"} == context(RECIPES[-1])
    finally:
        context.cache_clear()


@every_recipe
def test_each_copied_part_is_there_and_whole_packages_are_copied(path: Path) -> None:
    sent = context(path)
    copied = {
        source
        for stage in read(path).stages
        for sources, _, other in stage.copied()
        if not other
        for source in sources
    }
    tops = {name.split("/")[0] for name in copied}

    assert set() == tops & set(FORBIDDEN)
    for source in copied:
        assert any(name == source or name.startswith(f"{source}/") for name in sent), source


@every_recipe
def test_an_image_runs_as_nobody_in_particular_from_a_pinned_base(path: Path) -> None:
    recipe = read(path)
    bases = {stage.base for stage in recipe.stages if recipe.stage(stage.base) is None}
    user, health = recipe.image.last("USER"), recipe.image.last("HEALTHCHECK")

    # Which base that is, is an argument, so that a build can name it by its digest.
    assert bases == {f"${{{name}}}" for name in recipe.arguments}
    assert all(re.search(r":\d+\.\d+-slim-\w+$", base) for base in recipe.arguments.values())
    assert user is not None
    assert "10001:10001" == user.value
    assert health is not None
    assert re.search(r'CMD \["python", ', health.value)


@every_recipe
def test_an_image_begins_with_a_process_and_no_shell(path: Path) -> None:
    image = read(path).image

    for verb in ("ENTRYPOINT", "CMD"):
        step = image.last(verb)
        assert step is not None
        assert step.value.startswith("[")
        assert "sh" not in step.words


@every_recipe
def test_no_layer_holds_a_secret_and_nothing_is_fetched_by_an_address(path: Path) -> None:
    recipe = read(path)
    steps = [step for stage in recipe.stages for step in stage.steps]

    assert [] == [
        step for step in steps if step.verb in ("ENV", "ARG") and SECRET.search(step.value)
    ]
    assert [] == [step for step in steps if step.verb == "ADD"]
    assert "://" not in path.read_text(encoding="utf-8").replace("http.client", "")


@every_recipe
def test_the_environment_is_installed_by_hashes_and_compiled(path: Path) -> None:
    runs = [step.value for stage in read(path).stages for step in stage.steps if step.verb == "RUN"]
    installs = [one for run in runs for one in run.split("&&") if "pip" in one.split()]

    assert installs
    assert all("--require-hashes" in one for one in installs)
    assert any("--compile-bytecode" in one for one in installs)
    assert any("compileall" in run for run in runs)


def test_the_table_of_roles_names_modules_that_are_in_the_image() -> None:
    sent = context(next(path for path in RECIPES if path.stem == "service"))
    for role, commands in ROLES.items():
        for command in commands("0.0.0.0:8000", []):
            ours = [
                part.split(":")[0]
                for part in command
                if part.split(".")[0]
                in ("channels", "actions", "console", "worker", "records", "transcripts")
            ]
            assert ours, role
            place = ours[0].replace(".", "/")
            assert {f"{place}.py", f"{place}/__main__.py"} & sent, role
    assert (ROOT / "deploy/images/start.py").exists()
