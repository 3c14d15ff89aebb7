"""docs/settings.md: every setting, as the code declares it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from functools import cache
from typing import Any, Final, Literal, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from core.environment import Settings
from handbook.readers import readers
from handbook.settings_classes import all_settings, prefix_of
from sandbox.house.layout import ROOT

PAGE: Final = ROOT / "docs/settings.md"
_HEAD: Final = """\
# Settings

Written by `bin/docs --write` from the settings classes: change it there.

A process reads its settings from the environment, tells all that is faulty at once, and stops. Any
setting may instead be given as `<NAME>_FILE`, the path of a file that holds the value; secrets
always should be. `.env.example` has them all with example values, and
[operating](operating.md#settings) says which belong together. *Required* ones have no default.
`<NAME>` is a channel's name in `TWIZA_CHANNELS`, in capital letters. Commands, and processes of the
sandbox, are named where no other process reads it.
"""
_TITLES: Final = {
    "core.environment": "Every process and its stores",
    "records.settings": "Records",
    "transcripts.settings": "Transcripts",
    "channels.settings": "Door and its turns",
    "channels.providers.ussd.settings": "A USSD channel",
    "channels.providers.twilio.settings": "A channel at Twilio",
    "channels.providers.smpp_ussd.settings": "A bind over SMPP",
    "actions.settings": "Actions and registry intake",
    "actions.registry.settings": "The registry",
    "worker.settings": "Worker",
    "worker.keeping.settings": "Backups and erasures",
    "console.settings": "Console",
    "sandbox.registry.settings": "Sandbox registry",
    "sandbox.phone.settings": "Sandbox phone",
    "sandbox.smsc.settings": "Sandbox SMSC",
    "sandbox.house.settings": "Sandbox house",
}
# Read by Rasa's files and by the scripts, which have no settings class.
BESIDE: Final = """\
## Engine

Read by `bot/endpoints.yml` and `bot/components/`.

| setting | type, default | what |
|---|---|---|
| `TWIZA_ACTIONS_URL` | text, required | Address of the actions' webhook |
| `TWIZA_ACTIONS_TOKEN` | secret, required | The same token as the actions' |
| `TWIZA_ENGINE_REDIS_URL` | text, required here | Redis database of its conversations and locks |
| `TWIZA_DEFAULT_LANGUAGE` | text, `ar` | Language of what is said before one is chosen |
| `LOG_LEVEL` | text, `WARNING` | Rasa's own |

## This machine

Read by `bin/run` and `bin/bootstrap`.

| setting | type, default | what |
|---|---|---|
| `REDIS_URL` | text, empty | A Redis that runs already, for `bin/run` to use instead of its own |
| `RECORDS_URL` | text, empty | A database that runs already, for `bin/run` to keep the records in |
| `TRANSCRIPTS_URL` | text, empty | The same for the transcripts; may be the same one |
| `TWIZA_PYTHON` | path, found | Interpreter of 3.11 or newer |
| `TWIZA_PYTHON_BOT` | path, found | Interpreter of 3.10 |
| `TWIZA_UV` | path, found | The uv to use |
"""
_TYPES: Final = {
    str: "text", int: "whole number", float: "number", bool: "`True` or `False`",
    SecretStr: "secret", time: "time of day",
}  # fmt: skip
_BOUNDS: Final = {"ge": "at least", "gt": "above", "le": "at most", "lt": "below"}


def written() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *_sections(), BESIDE])


def _sections() -> Iterator[str]:
    told: set[str] = set()
    module = ""
    for settings in sorted(all_settings(), key=_place):
        fields = {
            prefix + name: field
            for prefix in [prefix_of(settings)]
            for name, field in settings.model_fields.items()
            if (prefix + name).upper() not in told
        }
        told |= {name.upper() for name in fields}
        if not fields:
            continue
        if settings.__module__ != module:
            module = settings.__module__
            yield f"## {_TITLES.get(module, module)}\n"
        yield f"{settings.__doc__}\n"
        yield "| setting | type, default | read by | what |\n|---|---|---|---|"
        yield from (_row(name.upper(), field) for name, field in fields.items())
        yield ""


def _place(settings: type[Settings]) -> int:
    titled = list(_TITLES)
    return titled.index(settings.__module__) if settings.__module__ in titled else len(titled)


def _row(name: str, field: FieldInfo) -> str:
    said = str(field.description)
    kind = f"{_type(field)}, {_default(field)}"
    everybody = sorted(_read_by().get(name, ()))
    commands = [one for one in everybody if one.startswith("`bin/")]
    processes = [one for one in everybody if not one.startswith(("sandbox ", "`bin/"))]
    who = ", ".join(processes or commands or everybody) or "nobody"
    return f"| `{name}` | {kind} | {who} | {said[0].upper()}{said[1:]} |"


@cache
def _read_by() -> dict[str, set[str]]:
    """The processes that read each name."""
    found: dict[str, set[str]] = {}
    for settings in all_settings():
        for field in settings.model_fields:
            name = f"{prefix_of(settings)}{field}".upper()
            found.setdefault(name, set()).update(readers().get(settings.__name__, ()))
    return found


def _type(field: FieldInfo) -> str:
    kind: Any = field.annotation
    if get_origin(kind) is Literal:
        return " or ".join(f"`{one}`" for one in get_args(kind))
    limits = [
        f"{word} {getattr(rule, key)}"
        for rule in field.metadata
        for key, word in _BOUNDS.items()
        if getattr(rule, key, None) is not None
    ]
    return " ".join([_TYPES.get(kind, getattr(kind, "__name__", str(kind)).lower()), *limits])


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.default
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    return f"`{value}`" if value != "" else "empty"
