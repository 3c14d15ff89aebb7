"""The keys of sealed values: `bin/keys list`, `rotate`, `rewrap`, `retire ID`.

A rotation puts a new key in front, which seals from then on, and wraps what is sealed under it;
nothing stops and nobody waits. The old key goes on opening until it is retired, which is refused
while anything still needs it.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import Final

import sqlalchemy as sa
from redis import RedisError

from core.environment import file_of, read_settings
from core.errors import ServiceError, SettingsFaulty
from core.keys import LOOK_SECONDS, KeyRing, new_key, open_ring
from core.privacy import Seal
from core.stores import open_redis
from records.audit import Audit
from records.database import open_database
from records.key_file import NAME, change_keys
from records.resealing import SealedRows, SealedTexts, count_tasks
from records.settings import KeysSettings
from records.tables import AuditRow

DONE: Final = 0
REFUSED: Final = 1
UNREADABLE: Final = 2
_STORE_SECONDS: Final = 10.0
# What was sealed with the old key while the first walk went on is found by the next.
_WALKS_AT_MOST: Final = 5


class Keys:
    """The ring of the settings and everything that is sealed with it."""

    def __init__(self, settings: KeysSettings) -> None:
        self.ring: KeyRing = open_ring(settings.vault_key.get_secret_value(), NAME)
        self._seal = Seal(self.ring)
        self._database = open_database(settings.records_url)
        self._rows = SealedRows(self._database)
        self._store = open_redis(settings.redis_url, _STORE_SECONDS)
        self._texts = SealedTexts(self._store)
        self._broker = open_redis(settings.broker_url, _STORE_SECONDS)

    def close(self) -> None:
        """Close every connection."""
        self._database.close()
        self._store.close()
        self._broker.close()

    def used(self) -> dict[str, Counter[str]]:
        """How many values there are under each key, by where they lie."""
        return {
            "records": self._rows.count(),
            "redis": self._texts.count(),
            "tasks": count_tasks(self._broker),
        }

    def rewrap(self) -> tuple[int, int]:
        """Wrap all that is kept under the first key: how many, and how many nobody can open."""
        total = 0
        for _ in range(_WALKS_AT_MOST):
            walked = self._rows.rewrap(self._seal), self._texts.rewrap(self._seal)
            done, unknown = (sum(each) for each in zip(*walked, strict=True))
            total += done
            if not done:
                break
        self._note("keys.rewrap", {"values": total, "unknown": unknown})
        return total, unknown

    def rotate(self) -> tuple[int, int]:
        """Seal with a new key from now on, and wrap what was sealed before."""
        key = new_key()
        change_keys(lambda keys: (key, *keys))
        self._note("keys.rotate", {"key": key.id.hex()})
        # Until then a process may still seal with the key that was first.
        time.sleep(2 * LOOK_SECONDS)
        return self.rewrap()

    def retire(self, key_id: str) -> str:
        """Forget a key; why that is refused, or an empty text."""
        ids = [key.id.hex() for key in self.ring.keys]
        if key_id not in ids:
            return f"no key is called {key_id}"
        if key_id == ids[0]:
            return f"{key_id} seals; rotate first"
        needed = {place: counted[key_id] for place, counted in self.used().items()}
        if any(needed.values()):
            still = ", ".join(f"{place} {count}" for place, count in needed.items() if count)
            return f"{key_id} is still needed: {still}"
        change_keys(lambda keys: tuple(key for key in keys if key.id.hex() != key_id))
        self._note("keys.retire", {"key": key_id})
        return ""

    def changed(self) -> datetime | None:
        """When the keys were rotated last, or their file was written; None: nobody knows."""
        rotated = sa.select(sa.func.max(AuditRow.at)).where(AuditRow.event == "keys.rotate")
        with self._database.reading() as session:
            moment = session.scalar(rotated)
        file = file_of(NAME)
        if moment is not None or file is None:
            return moment
        return datetime.fromtimestamp(file.stat().st_mtime, UTC)

    def _note(self, event: str, detail: dict[str, str | int | bool | None]) -> None:
        Audit(self._database).append(event, "", "", "", detail)


def _list(keys: Keys) -> int:
    used = keys.used()
    ids = [key.id.hex() for key in keys.ring.keys]
    lost = sorted({key_id for counted in used.values() for key_id in counted} - set(ids))
    print(f"{'key':10}" + "".join(f"{place:>10}" for place in used))
    for key_id in [*ids, *lost]:
        counts = "".join(f"{counted[key_id]:>10}" for counted in used.values())
        what = "seals" if key_id == ids[0] else "opens" if key_id in ids else "is not here"
        print(f"{key_id:10}{counts}  {what}")
    return UNREADABLE if lost else DONE


def _tell(done: int, unknown: int) -> int:
    print(f"{done} values wrapped anew")
    if unknown:
        print(f"{unknown} values are sealed with a key that is not here", file=sys.stderr)
    return UNREADABLE if unknown else DONE


def main(arguments: Sequence[str] | None = None) -> int:
    """`bin/keys`: 0 where it is done, 1 where it is refused, 2 where something can't be opened."""
    parser = argparse.ArgumentParser(prog="bin/keys", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="the keys, and how much is sealed with each")
    commands.add_parser("rotate", help="a new key, and all that is kept wrapped with it")
    commands.add_parser("rewrap", help="wrap all that is kept with the key that stands first")
    command = commands.add_parser("retire", help="forget a key that nothing needs any more")
    command.add_argument("id", help="as `list` shows it")
    chosen = parser.parse_args(arguments)
    try:
        with closing(Keys(read_settings(KeysSettings))) as keys:
            if chosen.command == "list":
                return _list(keys)
            if chosen.command != "retire":
                return _tell(*(keys.rotate() if chosen.command == "rotate" else keys.rewrap()))
            refused = keys.retire(chosen.id)
    except (ServiceError, RedisError) as failure:
        print(failure, file=sys.stderr)
        return REFUSED if isinstance(failure, SettingsFaulty) else UNREADABLE
    if refused:
        print(refused, file=sys.stderr)
    return REFUSED if refused else DONE


if __name__ == "__main__":
    raise SystemExit(main())
