"""One value of each kind that outlives a release, made as the service makes it.

    python -m tests.unit.kept.values > tests/unit/kept/recorded/NAME.json

writes those of the release that runs it, so that every later one is held to read them.
"""

from __future__ import annotations

import base64
import json
import sys
import tempfile
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from unittest import mock

import redis

from actions.applications.desk import Desk, Opened
from actions.applications.walk import Filled
from channels.envelope import close_message
from channels.memory import Answer, Memories, Memory, Shown
from channels.owed import Owed
from channels.rendering.menus import Choice
from channels.rendering.pages import Page
from channels.spool import Spool
from core.messages import ChannelKind, Expects
from core.outgoing import Item, Outgoing, Tap, Tappable
from core.privacy import Seal
from core.reach import Heard, Reach
from core.recorded import close_record
from core.tasks import close_task
from core.vault import Vault
from tests.builders import IDCS, KEY, NOW, NUMBER
from tests.redis_server import RedisServer
from transcripts.letters import Letter
from transcripts.turns import RecordedTurn

CONVERSATION: Final = "ussd-0123456789abcdef0123456789abcdef"
NUMBER_KEY: Final = CONVERSATION.removeprefix("ussd-")
TAPPABLE: Final = Tappable(Tap.QUICK, "Choisissez", (Item("1", "Oui"), Item("2", "Non")))
MEMORY: Final = Memory(
    session="s",
    typed="1*2",
    language="fr",
    shown=Shown(
        (Page("Menu", (Choice(1, "Demander", "/apply"),)),), expects=Expects.MENU, name="utter_menu"
    ),
    pending=["/check_registration"],
    pending_session="s",
    held=Shown((Page("Votre ménage"),), is_personal=True),
    held_session="s",
    answers={"m": Answer(("Menu",), True, 12.0)},
)
OWED: Final = Owed("cause", "sms", NUMBER, 12.5, ("Bonjour",), TAPPABLE)
SPOOLED: Final = {"message": {"channel": "sms", "message": {"number": NUMBER, "text": "salam"}}}
ASKED: Final = {"channel": "sms", "number": NUMBER, "text": "Bonjour", "cause": "c"}
TURN: Final = RecordedTurn(
    "k",
    CONVERSATION,
    NUMBER_KEY,
    "ussd",
    "ussd",
    "ussd",
    NOW,
    screens=["Menu"],
    keys=["utter_menu"],
)
LETTER: Final = Letter(
    "k", CONVERSATION, NUMBER_KEY, "sms", "sms", "twilio", NOW, text="Bonjour", settled=NOW
)
MESSAGE: Final = Outgoing(NUMBER, "Bonjour", instead="Bonjour", tappable=TAPPABLE)
DRAFT: Final = Opened(
    "d" * 24, NUMBER_KEY, "asd_child", Filled("income", {"children": "2"}, {}, ("a", "b")), "t"
)
HEARD: Final = Heard(NUMBER, ChannelKind.SMS, NOW - timedelta(hours=1))


def kept_values(store: redis.Redis, folder: Path) -> dict[str, bytes]:
    """Each kind's value as it is kept, sealed with the key of the tests."""
    seal = Seal(KEY)
    Memories(store, seal, 600).save(CONVERSATION, MEMORY)
    Reach(store, seal).heard(NUMBER_KEY, HEARD)
    token = Vault(store, seal).put(IDCS, "idcs", CONVERSATION, "19")
    Spool(str(folder), seal).append(SPOOLED)
    [spooled] = Spool(str(folder), seal).waiting()
    drafts = mock.Mock()
    Desk(drafts, mock.Mock(), seal, {}, mock.Mock()).keep(DRAFT)
    identity = token.split(":")[1]
    return {
        "memory": _got(store, f"door:{CONVERSATION}"),
        "heard": _got(store, f"reach:{NUMBER_KEY}"),
        "vault": _got(store, f"vault:{identity}"),
        "token": token.encode(),
        "spooled": spooled.read_bytes(),
        "owed": OWED.close(seal),
        "task": close_task(seal, ASKED).encode(),
        "turn": close_record(seal, TURN.to_json()),
        "letter": close_record(seal, LETTER.to_json()),
        "message": close_message(seal, NUMBER_KEY, MESSAGE, ChannelKind.SMS).sealed,
        "draft": drafts.keep.call_args.args[3],
    }


def read_recorded(path: Path) -> dict[str, bytes]:
    """The values that a release wrote."""
    found: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return {kind: base64.b64decode(value) for kind, value in found.items()}


def _got(store: redis.Redis, key: str) -> bytes:
    value = store.get(key)
    assert isinstance(value, bytes)
    return value


def main() -> None:
    """Write the values of this release."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with RedisServer(folder) as server:
            values = kept_values(server.client(), folder / "spool")
    written = {kind: base64.b64encode(value).decode() for kind, value in values.items()}
    sys.stdout.write(json.dumps(written, indent=1) + "\n")


if __name__ == "__main__":
    main()
