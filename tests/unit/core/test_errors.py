"""The drawn tree of failures is the real one, and each says what its reader needs."""

from __future__ import annotations

import inspect
import re
from http import HTTPStatus
from pathlib import Path
from typing import get_args

import pytest
import yaml

from core import errors
from core.errors import Fault, ServiceError

WORDS = Path(__file__).parents[3] / "channels" / "words.yml"
CLASSES: list[type[ServiceError]] = [
    each
    for _, each in inspect.getmembers(errors, inspect.isclass)
    if issubclass(each, ServiceError)
]


def _drawn() -> dict[str, str]:
    """The classes of the drawn tree, each with the one it stands under ("" for the root)."""
    parents: dict[str, str] = {}
    above: list[tuple[int, str]] = []
    for line in (errors.__doc__ or "").splitlines():
        match = re.match(r"(    (?:[│ ]   |├── |└── )*)([A-Z]\w+)(?:  |$)", line)
        if match is None:
            continue
        depth, name = len(match.group(1)), match.group(2)
        above = [(d, n) for d, n in above if d < depth]
        parents[name] = above[-1][1] if above else ""
        above.append((depth, name))
    return parents


def test_the_drawn_tree_is_the_tree_of_the_classes() -> None:
    real = {each.__name__: each.__mro__[1].__name__ for each in CLASSES}

    assert real | {"ServiceError": ""} == _drawn()


def test_what_is_drawn_as_retryable_is_retryable() -> None:
    drawn = set(re.findall(r"([A-Z]\w+)  .*\(retry\)", errors.__doc__ or ""))
    leaves = [each for each in CLASSES if not each.__subclasses__()]

    assert {each.__name__ for each in leaves if each.retryable} <= drawn
    assert drawn <= {each.__name__ for each in CLASSES if each.retryable}


@pytest.mark.parametrize("error", CLASSES)
def test_every_failure_has_its_four_facts(error: type[ServiceError]) -> None:
    assert isinstance(error.retryable, bool)
    assert error.fault in get_args(Fault)
    assert error.http_status in set(HTTPStatus)
    assert isinstance(error.sentence, str)


@pytest.mark.parametrize("error", CLASSES)
def test_what_a_citizen_reads_of_a_failure_is_written(error: type[ServiceError]) -> None:
    words = yaml.safe_load(WORDS.read_text(encoding="utf-8"))

    assert error.sentence == "" or words[error.sentence]


@pytest.mark.parametrize("error", CLASSES)
def test_every_failure_says_what_it_means(error: type[ServiceError]) -> None:
    assert (error.__doc__ or "").strip().endswith(".")


def test_a_refusal_carries_its_reason() -> None:
    assert "not-found" == errors.RegistryRefused("not-found").reason
    assert "63016" == errors.DeliveryRefused("63016").code
    assert ["A: missing", "B: missing"] == errors.SettingsFaulty(
        ["A: missing", "B: missing"]
    ).faults
