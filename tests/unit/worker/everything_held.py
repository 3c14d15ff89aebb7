"""A citizen of whom every store holds something, and all that the stores hold, byte by byte."""

from __future__ import annotations

import base64
import secrets
from dataclasses import asdict
from pathlib import Path
from typing import Final

import orjson
import redis
import sqlalchemy as sa

from channels.spool import Spool
from core.locked import lock
from core.messages import ChannelKind
from core.recorded import STREAM, TURN, close_record
from core.staffed import Staffed
from core.vault import Vault
from records.clock import utc_now
from records.drafts import Drafts, draft_context
from records.exported import ExportFiles
from records.handovers import Asked, Handovers, handover_context
from records.media import MediaStore, Promised, media_context
from records.rights_requests import EXPORT, STAFF, Entered, RightsRequests
from records.takeovers import Takeovers
from tests.builders import IDCS, NUMBER, an_inbound
from tests.contract.transcripts.conftest import a_letter, a_turn
from tests.unit.worker.citizens import follows, hands_in, hears
from tests.unit.worker.workshop import Workshop
from transcripts.remarks import Remarks
from transcripts.store import Transcripts
from transcripts.tables import ConversationRow, ReviewRow

SAID: Final = "Zoubida Tazrouti attend son allocation"
SHOWN: Final = "Bonjour Zoubida, votre dossier avance"
LETTER: Final = "Chère Zoubida, écrivez-nous"
NOTE: Final = "Rappeler Tazrouti jeudi"
PAPER: Final = b"%PDF-1.7 of Zoubida Tazrouti"
WORDS: Final = ("Zoubida", "zoubida", "Tazrouti", "tazrouti", NUMBER, NUMBER[1:], IDCS)


def fill(shop: Workshop) -> tuple[str, str]:
    """Leave something of the citizen in every store; the keys of person and number."""
    number, person = follows(shop), shop.pseudonyms.person(IDCS)
    number, person = shop.pseudonyms.number(NUMBER), number
    conversation, own = f"whatsapp-{number}", shop.house.house()
    hands_in(shop)
    hears(shop, ChannelKind.WHATSAPP)
    shop.deliver(SHOWN, channel="sms")
    _said(shop, number)
    _sealed(shop, person, number, conversation)
    own.audit.append("disclosure.registration", person, number, "whatsapp", {})
    asked = Entered(EXPORT, number, person, STAFF, "letter", "1")
    RightsRequests(shop.database).enter(asked, 10)
    ExportFiles(shop.database, shop.seal).write("conversations.csv", [SAID.encode()], 24)
    Vault(own.store, own.seal).put(IDCS, "idcs", conversation, "19")
    Staffed(own.store).begin(conversation, 1)
    for key in (f"door:{conversation}", f"verification:{conversation}", f"came:{number}:1"):
        own.store.set(key, shop.seal.close(NUMBER.encode(), key))
    engine = shop.archive.archive().engine_store
    engine.set(f"engine:tracker:{conversation}", orjson.dumps({"text": SAID}))
    spool = Spool(shop.app.settings.spool_folder, shop.seal)
    message = asdict(an_inbound(SAID, channel="whatsapp"))
    spool.append({"message": {"channel": "whatsapp", "message": message}})
    spool.append({"record": a_turn("disk", said=SAID, number_key=number).to_json().decode()})
    return person, number


def _said(shop: Workshop, number: str) -> None:
    kept = Transcripts(shop.database)
    kept.record([a_turn("t1", said=SAID, screens=[SHOWN], number_key=number)])
    kept.keep_letters([a_letter("l1", text=LETTER, number_key=number)])
    with shop.database.reading() as session:
        row = session.scalars(sa.select(ConversationRow.id)).one()
    Remarks(shop.database).note(row, "1", NOTE)
    Remarks(shop.database).label(row, "tazrouti", "1")
    with shop.database.session() as session:
        session.add(
            ReviewRow(
                mark="a-mark",
                conversation_id=row,
                turn_key="t1",
                at=utc_now(),
                words=SAID,
                language="fr",
                variety="fr",
                intent="track_benefit",
                reason="unsure",
                doubt=0.4,
            )
        )
    waits = close_record(shop.seal, a_turn("t2", said=SAID, number_key=number).to_json())
    shop.archive.archive().store.xadd(STREAM, {TURN: waits})


def _sealed(shop: Workshop, person: str, number: str, conversation: str) -> None:
    value = orjson.dumps({"filled": {"answers": {"name": "Zoubida Tazrouti"}}})
    draft = secrets.token_hex(16)
    sealed = shop.seal.close(value, draft_context(draft))
    Drafts(shop.database).keep(draft, person, "asd", sealed)
    name = secrets.token_hex(16)
    media = MediaStore(shop.database)
    media.promise([Promised(name, person, number, draft, "whatsapp", b"x")], 5)
    key, locked = lock(PAPER, media_context(name))
    told = orjson.dumps({"key": base64.b64encode(key).decode()})
    media.keep(
        name, "application/pdf", len(PAPER), shop.seal.close(told, media_context(name)), locked
    )
    sealed = shop.seal.close(NUMBER.encode(), handover_context(conversation))
    asked = Asked(number, conversation, "whatsapp", "fr", "track_benefit", "asd", sealed)
    one = Handovers(shop.database).ask(asked)
    Takeovers(shop.database).claim(one.id, "1")
    Takeovers(shop.database).hand_back(one.id, "1", NOTE)


def files_of(folder: Path) -> bytes:
    """Every file below a folder, the log of writes and free pages of a database included."""
    return b"\n".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def rows_of(shop: Workshop) -> dict[str, str]:
    """Every table as text, those behind the search included."""
    with shop.database.engine.connect() as connection:
        names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {
            name: repr(connection.exec_driver_sql(f'SELECT * FROM "{name}"').all())
            for name in names.scalars().all()
        }


def redis_of(url: str) -> dict[bytes, bytes]:
    """Every key of every database of a Redis, with its value as it lies there."""
    found: dict[bytes, bytes] = {}
    for number in range(16):
        store = redis.Redis.from_url(f"{url.removesuffix('/0')}/{number}")
        for key in store.scan_iter():
            found[f"{number} ".encode() + key] = store.dump(key) or b""
        store.close()
    return found
