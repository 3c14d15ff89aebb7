"""Restoring a backup: checked whole before anything is touched, made ready, then put in place.

Ready means: on the newest step of the migrations, the audit's chain whole, what may have gone since
set aside, and who was erased since erased again. Where a step fails, nothing is left half restored.
"""

from __future__ import annotations

import shutil
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Final

from core.keys import read_keys
from core.logs import log
from records.audit import Audit
from records.database import Database, open_database
from records.migrate import RECORDS
from records.migrating import knows, upgrade_chain
from records.resealing import SealedRows
from records.restored import Restored, SetAside
from records.rights import Rights
from transcripts.migrate import TRANSCRIPTS
from transcripts.retention import Retention
from worker.keeping.erasures import Erasure, erased_since
from worker.keeping.making import folders_of
from worker.keeping.manifest import BackupRefused, File, Manifest, Store, check_files, read_manifest
from worker.keeping.sealing import Lock, open_file
from worker.keeping.settings import RestoringSettings
from worker.keeping.signing import Signer
from worker.keeping.snapshots import count_rows
from worker.keeping.targets import Target, check_alone, find_targets

_LOG = log(__name__)
_CHAINS: Final = {chain.name: chain for chain in (RECORDS, TRANSCRIPTS)}
_WAIT_SECONDS: Final = 30


@dataclass(frozen=True)
class Told:
    """What is given to a restore beside its settings.

    `erasures` are the folders of the log; None: somebody decided to do without. `force` replaces
    what is there, and takes a backup that is older than the log reaches; `unsigned` takes one that
    anybody may have written.
    """

    identity: Lock | None = None
    erasures: Sequence[Path] | None = ()
    force: bool = False
    unsigned: bool = False


@dataclass(frozen=True)
class Outcome:
    """What a restore did: how much was set aside, how many were erased again.

    `lost` are the ids of keys that something is sealed with and that are not here.
    """

    made: datetime
    rows: int
    aside: SetAside
    erased: int
    unread: int
    folders: tuple[str, ...]
    lost: tuple[str, ...]


def restore_backup(folder: Path, settings: RestoringSettings, told: Told) -> Outcome:
    """Restore a backup into the databases and folders of the settings.

    Raises BackupRefused where it must not be restored or fails, and StoreUnavailable.
    """
    manifest = read_manifest(folder)
    if told.unsigned:
        _LOG.warning("signature_not_checked", backup=folder.name)
    else:
        Signer(settings).check(folder)
    check_files(folder, manifest)
    erasures, unread = _erasures(manifest, settings, told)
    urls = {"records": settings.records_url, "transcripts": settings.transcripts_url}
    pairs = _pair(manifest, find_targets(urls))
    for _, target in pairs:
        if target.tables and not told.force:
            raise BackupRefused(f"there is something in {' and '.join(target.names)} already")
        check_alone(target)
    places = _places(manifest, settings, told)
    touched: list[Target] = []
    try:
        for store, target in pairs:
            touched.append(target)
            if target.tables:
                target.clear()
            with _opened(folder, store.file, manifest, told.identity) as source:
                target.load(source)
            _compare(store, target)
        aside, lost = _make_ready(pairs, manifest, settings, erasures)
    except BaseException:
        for target in touched:
            target.give_up()
        raise
    for _, target in pairs:
        target.finish()
    for name, place in places.items():
        with _opened(folder, manifest.folders[name], manifest, told.identity) as source:
            _unpack(source, place)
    rows = sum(sum(store.rows.values()) for store in manifest.stores)
    _LOG.info("restored", backup=folder.name, rows=rows, erased=len(erasures))
    return Outcome(
        manifest.began, rows, aside, len(erasures), unread, tuple(places), tuple(sorted(lost))
    )


def _erasures(
    manifest: Manifest, settings: RestoringSettings, told: Told
) -> tuple[list[Erasure], int]:
    """Who is to be erased again, the first before the others, and how many notes are damaged."""
    if told.erasures is None:
        return [], 0
    own = [Path(settings.erasures_folder)] if settings.erasures_folder else []
    folders = [*told.erasures, *own]
    if not folders:
        raise BackupRefused("the log of erasures is needed: who was erased since would come back")
    missing = [path.name for path in folders if not path.is_dir()]
    if missing:
        raise BackupRefused(f"no log of erasures in {', '.join(missing)}")
    age = datetime.now(UTC) - manifest.began
    if age > timedelta(days=settings.backup_days) and not told.force:
        raise BackupRefused(f"it is {age.days} days old, and the log of erasures reaches less far")
    found: list[Erasure] = []
    unread = 0
    for path in folders:
        notes, damaged = erased_since(path, manifest.began)
        found, unread = found + notes, unread + damaged
    return sorted(found, key=lambda note: note.began), unread


def _pair(manifest: Manifest, targets: list[Target]) -> list[tuple[Store, Target]]:
    """Each database of the backup with the one it goes into."""
    by_names = {frozenset(target.names): target for target in targets}
    pairs = []
    for store in manifest.stores:
        target = by_names.get(frozenset(store.chains))
        held = " and ".join(store.chains)
        if target is None or len(manifest.stores) != len(targets):
            raise BackupRefused(f"one database of the backup holds {held}, and none of yours does")
        if (store.kind, store.schema_name) != (target.kind, target.schema):
            what = f"{store.kind} {store.schema_name}".strip()
            raise BackupRefused(f"{held} were in {what}, and yours are not")
        later = [n for n, head in store.chains.items() if not knows(_CHAINS[n], head)]
        if later:
            raise BackupRefused(f"made by a later version: {' and '.join(later)} are further on")
        pairs.append((store, target))
    return pairs


def _places(manifest: Manifest, settings: RestoringSettings, told: Told) -> dict[str, Path]:
    """Which folders of the backup go where; one that the settings do not name stays packed."""
    named = folders_of(settings)
    places = {name: named[name] for name in manifest.folders if name in named}
    full = [name for name, path in places.items() if path.is_dir() and any(path.iterdir())]
    if full and not told.force:
        raise BackupRefused(f"there is something in the folder {', '.join(full)} already")
    return places


@contextmanager
def _opened(
    folder: Path, file: File, manifest: Manifest, identity: Lock | None
) -> Iterator[IO[bytes]]:
    """A file of the backup as it was before it was sealed."""
    with (folder / file.name).open("rb") as sealed:
        if not manifest.sealed:
            yield sealed
            return
        if identity is None:
            raise BackupRefused("it is sealed: --identity names the file of the private key")
        with tempfile.TemporaryFile(prefix="twiza-restore-") as opened:
            open_file(sealed, opened, identity)
            opened.seek(0)
            yield opened


def _compare(store: Store, target: Target) -> None:
    """Raise BackupRefused where a table has other rows than the backup says."""
    with (
        closing(open_database(target.working_url, _WAIT_SECONDS)) as database,
        database.reading() as session,
    ):
        rows = count_rows(session.connection())
    other = sorted(n for n in {*rows, *store.rows} if rows.get(n) != store.rows.get(n))
    if other:
        raise BackupRefused(f"other rows than were backed up: {', '.join(other)}")


def _make_ready(
    pairs: list[tuple[Store, Target]],
    manifest: Manifest,
    settings: RestoringSettings,
    erasures: list[Erasure],
) -> tuple[SetAside, set[str]]:
    opened: dict[str, Database] = {}
    try:
        for store, target in pairs:
            for name in store.chains:
                upgrade_chain(_CHAINS[name], target.working_url)
                opened[name] = open_database(target.working_url, _WAIT_SECONDS)
        records, said = opened["records"], opened["transcripts"]
        audit = Audit(records)
        verdict = audit.verify()
        if (verdict.broken_at, verdict.head) != (None, manifest.audit_head or verdict.head):
            raise BackupRefused("the chain of the audit is not the one that was backed up")
        for database in opened.values():
            Restored(database).number_further()
        aside = Restored(records).set_aside()
        for note in erasures:
            Retention(said).erase(note.number_key)
            Rights(records, audit).erase(note.person_key, note.number_key, "restore")
        counts = {"messages": aside.messages, "notices": aside.notices, "erased": len(erasures)}
        began = manifest.began.isoformat(timespec="seconds")
        audit.append("backup.restored", "", "", "", {"backup": began, **counts})
        ring = read_keys(settings.vault_key.get_secret_value(), "TWIZA_VAULT_KEY")
        used = {key_id for database in opened.values() for key_id in SealedRows(database).count()}
        lost = used - {key.id.hex() for key in ring}
        for database in opened.values():
            database.scrub()
    finally:
        for database in opened.values():
            database.close()
    return aside, lost


def _unpack(source: IO[bytes], place: Path) -> None:
    place.mkdir(parents=True, exist_ok=True)
    for path in place.iterdir():
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    with tarfile.open(fileobj=source, mode="r:gz") as archive:
        archive.extractall(place, filter="data")
