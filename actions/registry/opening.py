"""Opening the registry that the settings name, for a process that asks it."""

from __future__ import annotations

import redis

from actions.registry.mailbox import Mailbox
from actions.registry.settings import RegistrySettings
from actions.registry.spdci import SpdciRegistry
from core.environment import read_settings
from core.privacy import Seal


def open_registry(store: redis.Redis, seal: Seal) -> SpdciRegistry:
    """The registry over HTTP. Raises SettingsFaulty."""
    settings = read_settings(RegistrySettings)
    return SpdciRegistry(settings, store, mailbox=Mailbox(store, seal))
