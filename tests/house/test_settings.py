"""Every setting is documented, by its type and in .env.example."""

from __future__ import annotations

import itertools
import re

import pytest

from core.environment import Settings
from handbook.settings_classes import CHANNELS, all_settings, prefix_of
from tests.house.repository import ROOT

# Read by Rasa's files and by the scripts, which have no settings class.
OTHERS = {
    *("TWIZA_ACTIONS_URL", "TWIZA_DEFAULT_LANGUAGE"),
    *("REDIS_URL", "RECORDS_URL", "TRANSCRIPTS_URL"),
    *("TWIZA_PYTHON", "TWIZA_PYTHON_BOT", "TWIZA_UV"),
}


def names(settings: type[Settings]) -> set[str]:
    """The environment variables that a settings class reads."""
    prefixes = [prefix_of(settings, name) for name in CHANNELS.get(settings.__name__, ("",))]
    return {f"{prefix}{name}".upper() for prefix in prefixes for name in settings.model_fields}


def documented() -> set[str]:
    """The variables of .env.example, whether by value or by file."""
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    found = re.findall(r"^#?([A-Z][A-Z0-9_]+)=", text, re.MULTILINE)
    fields = {name for settings in all_settings() for name in names(settings)}
    return {name if name in fields else name.removesuffix("_FILE") for name in found}


@pytest.mark.parametrize("settings", all_settings(), ids=lambda settings: settings.__name__)
def test_every_setting_is_in_the_example(settings: type[Settings]) -> None:
    assert set() == names(settings) - documented()


@pytest.mark.parametrize("settings", all_settings(), ids=lambda settings: settings.__name__)
def test_every_setting_says_what_it_is(settings: type[Settings]) -> None:
    assert [] == [name for name, field in settings.model_fields.items() if not field.description]


def test_the_example_names_nothing_that_is_gone() -> None:
    read = {name for settings in all_settings() for name in names(settings)}

    assert set() == documented() - read - OTHERS


def test_every_line_of_the_example_is_explained() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    setting = re.compile(r"#?[A-Z][A-Z0-9_]+=")

    bare = [
        line
        for before, line in itertools.pairwise(lines)
        if setting.match(line) and not (before.startswith("# ") or setting.match(before))
    ]

    assert [] == bare
