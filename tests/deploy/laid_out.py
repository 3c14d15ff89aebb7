"""An image's tree without a builder: each stage is a folder, each COPY is done, each RUN is tried.

What only a builder can do is stood in for: the environment of the engine is the one of this clone,
which is made of the same lock; that of the service is made here, of its own lock; the model is the
one that was trained here. Users and groups are the business of whoever starts it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

from deploy.tools.recipes import Recipe, Stage, context, read
from tests.house.repository import ROOT

SITE: Final = "/opt/twiza"
MODEL: Final = "models/twiza.tar.gz"
Run = Callable[[Path, list[str]], None]


class NobodyKnows(Exception):
    """A step of a recipe that cannot be tried here: say in this module what stands in for it."""


def lay_out(path: Path, into: Path, python: Path) -> tuple[Path, Stage]:
    """The tree of a recipe's image, and the stage it is; its RUN steps use that interpreter."""
    recipe = read(path)
    for stage in recipe.stages:
        _build(recipe, stage, into, python)
    return into / recipe.image.name, recipe.image


def _build(recipe: Recipe, stage: Stage, into: Path, python: Path) -> None:
    root = into / stage.name
    if recipe.stage(stage.base):
        shutil.copytree(into / stage.base, root, copy_function=os.link)
    else:
        root.mkdir(parents=True)
    here = root
    copies = iter(stage.copied())
    for step in stage.steps:
        if step.verb == "WORKDIR":
            here = root / step.value.lstrip("/")
            here.mkdir(parents=True, exist_ok=True)
        elif step.verb == "COPY":
            sources, goal, other = next(copies)
            target = root / goal.lstrip("/") if goal.startswith("/") else here / goal
            for source in sources:
                if other:
                    _copy_made(into / other / source.lstrip("/"), target)
                else:
                    _copy_ours(context(recipe.path), source, target, goal.endswith("/"))
        elif step.verb == "RUN":
            for command in step.value.split("&&"):
                _try(command.split(), here, python)


def _copy_made(source: Path, target: Path) -> None:
    if not source.exists():
        raise FileNotFoundError(f"{source} is copied and was never made")
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, copy_function=os.link, dirs_exist_ok=True)
    else:
        os.link(source, target)


def _copy_ours(sent: frozenset[str], source: str, target: Path, is_folder: bool) -> None:
    below = [name for name in sent if name == source or name.startswith(f"{source}/")]
    if not below:
        raise FileNotFoundError(f"{source} is copied, and is not sent to the builder")
    for name in below:
        inside = name.removeprefix(source).lstrip("/")
        goal = target / inside if inside else target / Path(name).name if is_folder else target
        goal.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, goal)


def _try(words: list[str], here: Path, python: Path) -> None:
    if words[0] in ("groupadd", "useradd", "install"):
        return
    if words[:3] in (["python", "-m", "pip"], ["python", "-m", "venv"], ["uv", "pip", "sync"]):
        # The interpreter that is given is this environment.
        (here / SITE.lstrip("/")).mkdir(parents=True, exist_ok=True)
        return
    if words[1:3] == ["bot/main.py", "train"]:
        (here / "models").mkdir()
        shutil.copy2(ROOT / MODEL, here / MODEL)
        return
    if words[0] != "python":
        raise NobodyKnows(" ".join(words))
    done = subprocess.run(
        [str(python), *words[1:]],
        cwd=here,
        # Else bytecode that compileall makes later would be there, dated, before it.
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
