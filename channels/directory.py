"""The channels this installation serves, by name, built from the settings.

A provider is a package under `channels/providers/` with a function `build(name) -> Provider`; it is
found by the name the settings give, so adding one edits nothing here.
"""

from __future__ import annotations

from importlib import import_module

from channels.port import Provider
from core.errors import SettingsFaulty


def open_channels(named: str) -> dict[str, Provider]:
    """The channels of a `name:provider,…` list. Raises SettingsFaulty with every fault."""
    channels: dict[str, Provider] = {}
    faults: list[str] = []
    for pair in filter(None, (part.strip() for part in named.split(","))):
        name, _, provider = pair.partition(":")
        if not (name.isidentifier() and provider.isidentifier()):
            faults.append(f"TWIZA_CHANNELS: {pair!r} is not name:provider")
            continue
        try:
            package = import_module(f"channels.providers.{provider}")
        except ModuleNotFoundError:
            faults.append(f"TWIZA_CHANNELS: there is no provider {provider!r}")
            continue
        try:
            channels[name] = package.build(name)
        except SettingsFaulty as faulty:
            faults += faulty.faults
    if faults or not channels:
        raise SettingsFaulty(faults or ["TWIZA_CHANNELS: no channel is named"])
    return channels
