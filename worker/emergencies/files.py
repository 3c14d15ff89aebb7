"""The file of an emergency programme: read whole, every fault of it named at once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from actions.programmes import Programme, load_programmes
from actions.programmes.catalogue import FILES
from actions.programmes.check import text_faults, texts_of
from actions.programmes.emergency import DIAL, MOST_QUESTIONS, EmergencyPlan
from channels.port import Provider
from core.errors import SettingsFaulty
from core.messages import ChannelKind
from worker.emergencies.letter import dialled, write_letter

_LONGEST_KEY: Final = 64


@dataclass(frozen=True, slots=True)
class EmergencyFile:
    """A file without a fault; `remarks` are what its author should know."""

    programme: Programme
    plan: EmergencyPlan
    content: bytes
    remarks: tuple[str, ...]


def read_file(path: Path, channels: dict[str, Provider], folder: str) -> EmergencyFile:
    """The emergency programme in a file. Raises SettingsFaulty with every fault.

    `folder` is where the service looks for further programme files.
    """
    faults = list(_place_faults(path, folder))
    try:
        content = path.read_bytes()
        table = tomllib.loads(content.decode("utf-8"), parse_float=Decimal)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as unread:
        raise SettingsFaulty([*faults, f"{path.name}: {unread}"]) from None
    try:
        programme = Programme.model_validate({**table, "key": path.stem})
    except ValidationError as faulty:
        told = [_told(fault) for fault in faulty.errors(include_url=False, include_input=False)]
        raise SettingsFaulty([*faults, *told, *_counted(table, told)]) from None
    plan = programme.emergency
    if plan is None:
        raise SettingsFaulty([*faults, "emergency: the section [emergency] is missing"])
    faults += _content_faults(programme, plan, channels)
    if faults:
        raise SettingsFaulty(faults)
    return EmergencyFile(programme, plan, content, tuple(_remarks(plan, channels)))


def _place_faults(path: Path, folder: str) -> Iterator[str]:
    """The service reads its own folder and one more: elsewhere nobody could apply."""
    places = [FILES, *([Path(folder)] if folder else [])]
    if path.resolve().parent not in [place.resolve() for place in places]:
        yield f"{path.name}: put it into {' or '.join(map(str, reversed(places)))}"
    elif path.resolve().parent != FILES.resolve() and (FILES / path.name).exists():
        yield f"{path.name}: a programme of the service has this name"
    if len(path.stem) > _LONGEST_KEY or not path.stem.isidentifier() or not path.stem.isascii():
        yield f"{path.name}: its name must be letters, digits and _, at most {_LONGEST_KEY}"


def _told(fault: Any) -> str:
    place = ".".join(str(part) for part in fault["loc"])
    return f"{place}: {fault['msg'].removeprefix('Value error, ')}"


def _counted(table: dict[str, Any], told: list[str]) -> Iterator[str]:
    """What is asked is counted even where other faults keep it from being read."""
    asked = table.get("questions")
    count = len(asked) if isinstance(asked, list) else 0
    if not 1 <= count <= MOST_QUESTIONS and not any("asks" in one for one in told):
        yield f"questions: asks {count} questions: an emergency asks 1 to {MOST_QUESTIONS}"
    if "emergency" not in table:
        yield "emergency: the section [emergency] is missing"


def _content_faults(
    programme: Programme, plan: EmergencyPlan, channels: dict[str, Provider]
) -> Iterator[str]:
    if programme.status != "open" or programme.part_of:
        yield "status: an emergency is open and no part of another programme"
    if plan.ends <= datetime.now(UTC):
        yield f"emergency.ends: {plan.ends:%Y-%m-%d %H:%M} UTC is past"
    if not any(one.capabilities.can_send for one in channels.values()):
        yield "emergency: no channel of this service can send a message"
    says_dial = any(DIAL in words for words in plan.invitation.languages.values())
    if says_dial and not dialled(channels):
        yield f"emergency.invitation: {DIAL} stands for a USSD code, and no channel has one"
    for place, text in texts_of(programme):
        for fault in text_faults(text):
            yield f"{place}: {fault}"
    others = load_programmes().values()
    for other in others:
        if other.key != programme.key and other.means == programme.means:
            yield f"entity: {programme.means} already means {other.key}"


def _remarks(plan: EmergencyPlan, channels: dict[str, Provider]) -> Iterator[str]:
    for code in plan.invitation.languages:
        letter = write_letter(plan, code, ChannelKind.SMS, dialled(channels))
        if letter.parts > 1:
            yield f"the invitation in {code} takes {letter.parts} SMS ({len(letter.text)} letters)"
    if plan.starts <= datetime.now(UTC):
        yield "it starts as soon as it is approved"
