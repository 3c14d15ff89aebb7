"""Backups: `bin/backup [--into FOLDER]`, `check`, `keys`, `identity` (docs/operating.md)."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from core.environment import read_settings
from core.errors import ServiceError, SettingsFaulty
from core.logs import set_up_logs
from worker.keeping.key_export import KeysToKeep, export_keys
from worker.keeping.making import drop_old, make_backup
from worker.keeping.manifest import BackupRefused, check_files, read_manifest
from worker.keeping.sealing import Identity, Lock, Passphrase, Recipient
from worker.keeping.settings import MakingSettings, SigningSettings
from worker.keeping.signing import Signer

REFUSED: Final = 1
NOT_NOW: Final = 2


def make(given: argparse.Namespace) -> int:
    """Back up records, transcripts and folders; remove what is older than TWIZA_BACKUP_DAYS."""
    settings = read_settings(MakingSettings)
    into = given.into or settings.backup_folder
    if not into:
        raise SettingsFaulty(["TWIZA_BACKUP_FOLDER: a folder is needed, or --into"])
    made = make_backup(settings, Path(into))
    dropped = drop_old(Path(into), settings.backup_days, datetime.now(UTC))
    sys.stdout.write(f"{made}\n")
    if dropped:
        sys.stderr.write(f"{dropped} older ones removed\n")
    return 0


def check(given: argparse.Namespace) -> int:
    """Compare a backup with its checksums, and its manifest with its signature where that can be.

    For the second the pseudonym key must be among the settings.
    """
    folder = Path(given.backup)
    manifest = read_manifest(folder)
    signed = "signed by us"
    try:
        settings = read_settings(SigningSettings)
    except SettingsFaulty:
        signed = "its signature not looked at: TWIZA_PSEUDONYM_KEY is not here"
    else:
        Signer(settings).check(folder)
    check_files(folder, manifest)
    rows = sum(sum(store.rows.values()) for store in manifest.stores)
    sealed = "sealed" if manifest.sealed else "not sealed"
    at = f"{manifest.ended:%Y-%m-%d %H:%M:%S} UTC"
    sys.stdout.write(f"whole: {rows} rows of {at}, {sealed}, {signed}\n")
    return 0


def keys(given: argparse.Namespace) -> int:
    """Write the keys into a sealed file, which belongs to another place than the backups."""
    export_keys(read_settings(KeysToKeep), Path(given.file), lock_of(given))
    return 0


def identity(given: argparse.Namespace) -> int:
    """Make a private key into a file, and print its public key: the recipient."""
    private = Identity.new()
    try:
        descriptor = os.open(given.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as fault:
        raise BackupRefused(f"{given.file}: {fault.strerror}") from None
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"{private}\n")
    sys.stdout.write(f"{Identity(private).recipient}\n")
    return 0


def add_locks(parser: argparse.ArgumentParser, to_open: bool) -> None:
    """The arguments that say by what a file is sealed or opened."""
    one = parser.add_mutually_exclusive_group(required=not to_open)
    one.add_argument("--passphrase-file", type=Path, help="file whose first line is the passphrase")
    if to_open:
        one.add_argument("--identity", type=Path, help="file of the private key")
    else:
        one.add_argument("--recipient", help="a public key")


def lock_of(given: argparse.Namespace) -> Lock:
    """What the arguments name. Raises SettingsFaulty or BackupRefused."""
    try:
        if given.passphrase_file:
            lines = given.passphrase_file.read_text(encoding="utf-8").splitlines()
            return Passphrase(lines[0].strip() if lines else "")
        if getattr(given, "identity", None):
            return Identity(given.identity.read_text(encoding="ascii"))
    except OSError as fault:
        raise BackupRefused(f"{Path(fault.filename).name}: {fault.strerror}") from None
    return Recipient(given.recipient)


def run(parser: argparse.ArgumentParser, arguments: Sequence[str] | None) -> int:
    """Take one command: 0 done, 1 refused, 2 not possible now."""
    given = parser.parse_args(arguments)
    set_up_logs(parser.prog.removeprefix("bin/"), "WARNING")
    # A backup is nobody else's to read.
    before = os.umask(0o077)
    try:
        command: Callable[[argparse.Namespace], int] = given.run
        return command(given)
    except BackupRefused as refused:
        sys.stderr.write(f"refused: {refused}\n")
    except SettingsFaulty as faulty:
        sys.stderr.write(f"{faulty}\n")
    except ServiceError as failure:
        sys.stderr.write(f"not possible now: {failure}\n")
        return NOT_NOW
    except OSError as fault:
        sys.stderr.write(f"not possible now: {fault.strerror}\n")
        return NOT_NOW
    finally:
        os.umask(before)
    return REFUSED


def main(arguments: Sequence[str] | None = None) -> int:
    """`bin/backup`."""
    parser = argparse.ArgumentParser(prog="bin/backup", description=__doc__)
    parser.add_argument("--into", help="folder, in place of TWIZA_BACKUP_FOLDER")
    parser.set_defaults(run=make)
    commands = parser.add_subparsers(metavar="COMMAND")
    one = commands.add_parser("check", help=check.__doc__)
    one.add_argument("backup", help="folder of the backup")
    one.set_defaults(run=check)
    one = commands.add_parser("keys", help=keys.__doc__)
    one.add_argument("file", help="file to write")
    add_locks(one, to_open=False)
    one.set_defaults(run=keys)
    one = commands.add_parser("identity", help=identity.__doc__)
    one.add_argument("file", help="file to write")
    one.set_defaults(run=identity)
    return run(parser, arguments)


if __name__ == "__main__":
    raise SystemExit(main())
