"""All that is held of a citizen, opened and written down for them: one archive of JSON lines.

The worker alone opens what lies sealed. What can be opened no more says so.
"""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import orjson

from core.editions import FILE, edition_of
from core.errors import TokenRefused
from core.locked import unlock
from records.addresses import address_context
from records.applications import submission_context
from records.drafts import draft_context
from records.handovers import handover_context
from records.media import media_context
from records.notices import notice_context
from records.outbox import seal_context
from records.rights import NUMBER_COLUMNS, PERSON_COLUMNS, Rights
from transcripts.handing import said_by
from worker.archive import archive
from worker.house import house

Row = Mapping[str, Any]
# In which context each table's value is sealed.
CONTEXTS: Final[dict[str, Callable[[Row], str]]] = {
    "addresses": lambda row: address_context(row["number_key"]),
    "drafts": lambda row: draft_context(row["id"]),
    "handovers": lambda row: handover_context(row["conversation"]),
    "media": lambda row: media_context(row["id"]),
    "notices": lambda row: notice_context(row["event_key"], row["person_key"]),
    "outbox": lambda row: seal_context(row["recipient_key"]),
    "submissions": lambda row: submission_context(row["idempotency_key"]),
}
_GONE: Final = "cannot be opened any more"
# Names by which we alone know somebody: they tell a citizen nothing.
_OURS: Final = {*PERSON_COLUMNS, *NUMBER_COLUMNS, "event_key", "conversation", "sealed", "content"}
_ENDINGS: Final = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}


class Parcel:
    """What is held of a person and a number."""

    def __init__(self, person_key: str, number_key: str) -> None:
        self._person, self._number = person_key, number_key
        self._rights = Rights(house().database, house().audit)

    def content(self) -> bytes:
        """The archive, whole. Raises StoreUnavailable."""
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archived:
            tables: dict[str, Sequence[Row]] = {}
            for table, row in self._rights.rows(self._person, self._number):
                tables[table] = [*tables.get(table, ()), _opened(table, row)]
                if row.get("content"):
                    name, file = _file(row)
                    archived.writestr(f"files/{name}", file)
            tables |= self._choices()
            tables |= said_by(archive().database, self._number)
            for name, rows in tables.items():
                archived.writestr(f"{name}.jsonl", _lines(rows))
        return written.getvalue()

    def _choices(self) -> dict[str, Sequence[Row]]:
        own = house()
        number = own.numbers.find(self._number)
        consents = own.consents.history(self._number)
        noted = own.audit.of(self._person, self._number)
        chosen = {"language": number.language, "stopped": number.opted_out} if number else None
        return {
            "choices": [chosen] if chosen else [],
            "consents": [
                {"act": one.act, "text": one.text_version, "channel": one.channel, "at": one.at}
                for one in consents
            ],
            "audit": [{"event": one.event, "channel": one.channel, "at": one.at} for one in noted],
        }


def _opened(table: str, row: Row) -> Row:
    shown = {name: value for name, value in row.items() if name not in _OURS}
    sealed = row.get("sealed")
    if sealed:
        try:
            opened = house().seal.open(sealed, CONTEXTS[table](row))
        except TokenRefused:
            return {**shown, "held": _GONE}
        # The key of a file is of no use to whoever has the file.
        if table != "media":
            shown["held"] = _read(opened)
    return shown


def _file(row: Row) -> tuple[str, bytes]:
    context = media_context(row["id"])
    name = f"{row['id']}.{_ENDINGS.get(row['content_type'], 'bin')}"
    try:
        told = FILE.loads(house().seal.open(row["sealed"], context))
        return name, unlock(base64.b64decode(told["key"]), row["content"], context)
    except TokenRefused:
        return f"{name}.txt", _GONE.encode()


def _read(opened: bytes) -> Any:
    try:
        return orjson.loads(opened[1:] if edition_of(opened) else opened)
    except orjson.JSONDecodeError:
        return opened.decode(errors="replace")


def _lines(rows: Iterable[Row]) -> bytes:
    return b"".join(orjson.dumps(row, default=_written) + b"\n" for row in rows)


def _written(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
