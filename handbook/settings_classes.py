"""The settings classes of the project, and the names under which their fields are read."""

from __future__ import annotations

import importlib
from typing import Final

from core.environment import Settings
from sandbox.house.layout import ROOT

PACKAGES: Final = (
    "core", "channels", "actions", "worker", "console", "transcripts", "records", "locales",
    "sandbox",
)  # fmt: skip
# Settings read under a prefix of their channel's name, with the names of channels in .env.example.
CHANNELS: Final = {"UssdSettings": ("USSD",), "TwilioSettings": ("WHATSAPP", "SMS")}


def all_settings() -> list[type[Settings]]:
    """Every settings class of the project, in the order of packages and of their files."""
    modules = ["core.environment"]
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("settings.py")):
            modules.append(".".join(path.relative_to(ROOT).with_suffix("").parts))
    for module in modules:
        importlib.import_module(module)
    found = [one for one in _below(Settings) if one.__module__ in modules]
    order = {id(one): place for place, one in enumerate(found)}
    return sorted(found, key=lambda one: (modules.index(one.__module__), order[id(one)]))


def prefix_of(settings: type[Settings], channel: str = "<NAME>") -> str:
    """What stands before a field's name in the environment."""
    if settings.__name__ in CHANNELS:
        return f"TWIZA_CHANNEL_{channel}_"
    return str(settings.model_config.get("env_prefix", ""))


def _below(settings: type[Settings]) -> list[type[Settings]]:
    children = settings.__subclasses__()
    below = [one for child in children for one in (child, *_below(child))]
    return list(dict.fromkeys(below))
