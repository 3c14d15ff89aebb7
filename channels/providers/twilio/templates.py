"""The templates that buttons and lists are sent by: one for each kind and number of choices.

Twilio shows choices to tap through a template of its Content API alone. Ours hold no words: the
words of each message fill its gaps. Within the 24 hours after a citizen's message they need no
approval. A template's name ends in a digest of what it holds, so that another version of ours finds
its own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from core.outgoing import Tap, Tappable

PREFIX: Final = "twiza_"
_LANGUAGE: Final = "fr"
_COUNTS: Final = ((Tap.QUICK, range(1, 4)), (Tap.LIST, range(4, 11)))
# Twilio fills gaps by what stands between such brackets.
_GAP: Final = "{{"


@dataclass(frozen=True, slots=True)
class Template:
    """A template as Twilio shall hold it; `gaps` are examples of what fills them.

    With a `category` it is shown to Meta, which must approve it before it can be sent.
    """

    name: str
    types: Mapping[str, Any]
    gaps: Mapping[str, str]
    language: str = _LANGUAGE
    category: str = ""


def templates() -> tuple[Template, ...]:
    """Every template that a message may need."""
    return tuple(_template(kind, count) for kind, counts in _COUNTS for count in counts)


def name_of(tappable: Tappable) -> str:
    """The name of the template of a message."""
    return _NAMES.get((tappable.kind, len(tappable.items)), "")


def filling(tappable: Tappable) -> dict[str, str]:
    """What fills the gaps of a message's template."""
    values = {"body": tappable.body}
    if tappable.kind is Tap.LIST:
        values["opener"] = tappable.opener
    for number, item in enumerate(tappable.items, 1):
        values |= {f"title{number}": item.title, f"id{number}": item.id}
    return {gap: value.replace(_GAP, "((") for gap, value in values.items()}


def _template(kind: Tap, count: int) -> Template:
    numbers = range(1, count + 1)
    gaps = {"body": "Que voulez-vous faire ?"}
    for number in numbers:
        gaps |= {f"title{number}": f"Choix {number}", f"id{number}": f"00000000.{number}"}
    if kind is Tap.QUICK:
        actions = [
            {"type": "QUICK_REPLY", "title": f"{{{{title{n}}}}}", "id": f"{{{{id{n}}}}}"}
            for n in numbers
        ]
        types: dict[str, Any] = {"twilio/quick-reply": {"body": "{{body}}", "actions": actions}}
    else:
        gaps["opener"] = "Choisir"
        items = [{"item": f"{{{{title{n}}}}}", "id": f"{{{{id{n}}}}}"} for n in numbers]
        types = {"twilio/list-picker": {"body": "{{body}}", "button": "{{opener}}", "items": items}}
    held = json.dumps([types, gaps], sort_keys=True)
    digest = hashlib.sha256(held.encode()).hexdigest()[:8]
    return Template(f"{PREFIX}{kind.value}_{count}_{digest}", types, gaps)


_NAMES: Final = {
    (kind, count): _template(kind, count).name for kind, counts in _COUNTS for count in counts
}
