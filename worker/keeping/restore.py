"""Restoring: `bin/restore backup FOLDER`, `keys`, `notices` (docs/runbook/restore.md)."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from core.environment import read_settings
from records.database import open_database
from records.restored import Restored
from records.settings import RecordsSettings
from worker.keeping.backup import add_locks, lock_of, run
from worker.keeping.key_export import import_keys
from worker.keeping.restoring import Outcome, Told, restore_backup
from worker.keeping.settings import RestoringSettings

_LOST = 3


def backup(given: argparse.Namespace) -> int:
    """Restore a backup; nothing else may run."""
    is_sealed = given.identity or given.passphrase_file
    told = Told(
        identity=lock_of(given) if is_sealed else None,
        erasures=None if given.without_erasures else given.erasures,
        force=given.force,
        unsigned=given.unsigned,
    )
    done = restore_backup(Path(given.folder), read_settings(RestoringSettings), told)
    sys.stdout.write("\n".join(_lines(done)) + "\n")
    return _LOST if done.lost else 0


def keys(given: argparse.Namespace) -> int:
    """Write the keys of an export into files of a folder."""
    names = import_keys(Path(given.file), Path(given.folder), lock_of(given))
    sys.stdout.write("\n".join(str(Path(given.folder) / name) for name in names) + "\n")
    return 0


def notices(given: argparse.Namespace) -> int:
    """Count the notices that a restore set aside, have them told, or drop them."""
    with closing(open_database(read_settings(RecordsSettings).records_url)) as database:
        restored = Restored(database)
        if given.what == "count":
            sys.stdout.write(f"{restored.held_notices()} held\n")
            return 0
        if not given.by:
            sys.stderr.write("--by NAME is needed: it stands in the audit\n")
            return 1
        count = restored.decide(given.what == "tell", given.by)
    sys.stdout.write(f"{count} {'queued' if given.what == 'tell' else 'dropped'}\n")
    return 0


def _lines(done: Outcome) -> list[str]:
    aside = done.aside
    lines = [
        f"restored: {done.rows} rows as they were on {done.made:%Y-%m-%d %H:%M:%S} UTC",
        f"erased again: {done.erased}",
        "set aside, because they may have gone since:",
        f"  {aside.messages:8} messages     bin/outbox list --code restored, then retry or drop",
        f"  {aside.notices:8} notices      bin/restore notices tell|drop --by NAME",
        f"  {aside.submissions:8} handed in    bin/outbox submissions, then resubmit --by NAME",
        f"  {aside.emergencies:8} emergencies  bin/emergency status KEY, then resume",
        f"not followed any more: {aside.followed} messages that were with their provider",
        *(f"folder restored: {name}" for name in done.folders),
    ]
    if done.unread:
        lines.append(f"DAMAGED: {done.unread} notes of erasures; whom they are of is not erased")
    if done.lost:
        lines.append(f"NOT HERE: keys {', '.join(done.lost)}: what they sealed cannot be opened")
    return lines


def main(arguments: Sequence[str] | None = None) -> int:
    """`bin/restore`: 3 where all is restored and keys are missing."""
    parser = argparse.ArgumentParser(prog="bin/restore", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    one = commands.add_parser("backup", help=backup.__doc__)
    one.add_argument("folder", help="folder of the backup")
    one.add_argument("--force", action="store_true", help="replace what is there; take an old one")
    one.add_argument(
        "--unsigned", action="store_true", help="take a backup whose signature is not ours"
    )
    which = one.add_mutually_exclusive_group()
    which.add_argument(
        "--erasures",
        action="append",
        type=Path,
        default=[],
        help="folder of the log of erasures, beside TWIZA_ERASURES_FOLDER; may be repeated",
    )
    which.add_argument(
        "--without-erasures", action="store_true", help="let come back who was erased since"
    )
    add_locks(one, to_open=True)
    one.set_defaults(run=backup)
    one = commands.add_parser("keys", help=keys.__doc__)
    one.add_argument("file", help="the export")
    one.add_argument("folder", help="where the files are written")
    add_locks(one, to_open=True)
    one.set_defaults(run=keys)
    one = commands.add_parser("notices", help=notices.__doc__)
    one.add_argument("what", choices=("count", "tell", "drop"))
    one.add_argument("--by", default="", help="your name, for the audit")
    one.set_defaults(run=notices)
    return run(parser, arguments)


if __name__ == "__main__":
    raise SystemExit(main())
