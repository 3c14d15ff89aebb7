"""The recipes of the images, read: stages, their steps, and which files may go into them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

from docker.utils import exclude_paths
from dockerfile_parse import DockerfileParser

from deploy.tools.programs import ROOT

FOLDER: Final = ROOT / "deploy" / "images"
RECIPES: Final = tuple(sorted(FOLDER.glob("*.Dockerfile")))


@dataclass(frozen=True, slots=True)
class Step:
    """An instruction and what it says, its lines joined."""

    verb: str
    value: str

    @property
    def words(self) -> list[str]:
        """What it says as a list: of an exec form its parts, else its words."""
        if self.value.startswith("["):
            read: list[str] = json.loads(self.value)
            return read
        return self.value.split()


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage: its name, what it builds on, and its steps."""

    name: str
    base: str
    steps: tuple[Step, ...]

    def last(self, verb: str) -> Step | None:
        """The step of that verb that counts: the last one."""
        return next((step for step in reversed(self.steps) if step.verb == verb), None)

    def copied(self) -> list[tuple[list[str], str, str]]:
        """Each COPY: its sources, its goal, and the stage it takes from (empty: the repository)."""
        found = []
        for step in self.steps:
            if step.verb != "COPY":
                continue
            options = [word for word in step.words if word.startswith("--")]
            *sources, goal = [word for word in step.words if not word.startswith("--")]
            froms = [option.removeprefix("--from=") for option in options]
            found.append((sources, goal, froms[0] if froms else ""))
        return found


@dataclass(frozen=True, slots=True)
class Recipe:
    """A container file: the arguments before its first stage, and its stages in their order."""

    path: Path
    arguments: dict[str, str]
    stages: tuple[Stage, ...]
    _by_name: dict[str, Stage] = field(default_factory=dict)

    @property
    def image(self) -> Stage:
        """The stage that becomes the image: the last."""
        return self.stages[-1]

    def stage(self, name: str) -> Stage | None:
        """The stage of a name, or None where it is an image from elsewhere."""
        return next((stage for stage in self.stages if stage.name == name), None)


@cache
def read(path: Path) -> Recipe:
    """The recipe in a container file."""
    parser = DockerfileParser(fileobj=BytesIO(path.read_bytes()))
    arguments: dict[str, str] = {}
    stages: list[tuple[str, str, list[Step]]] = []
    for one in parser.structure:
        step = Step(one["instruction"], one["value"])
        if step.verb == "FROM":
            base, _, name = step.words
            stages.append((name, base, []))
        elif stages and step.verb != "COMMENT":
            stages[-1][2].append(step)
        elif step.verb == "ARG":
            name, _, value = step.value.partition("=")
            arguments[name] = value
    made = tuple(Stage(name, base, tuple(steps)) for name, base, steps in stages)
    return Recipe(path, arguments, made)


@cache
def context(path: Path) -> frozenset[str]:
    """The files that a build sends to the builder, by their paths in the repository.

    As the `.dockerignore` beside the container file says, by the rules of Docker's own client.
    """
    rules = path.with_name(f"{path.name}.dockerignore").read_text(encoding="utf-8").splitlines()
    kept = [rule for rule in rules if rule and not rule.startswith("#")]
    found = exclude_paths(str(ROOT), kept)
    return frozenset(one for one in found if (ROOT / one).is_file())
