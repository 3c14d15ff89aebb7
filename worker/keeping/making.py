"""Making a backup: a folder of its own, which gets its name once it is whole."""

from __future__ import annotations

import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Final

from core.environment import file_of
from core.logs import log
from records.migrate import RECORDS
from transcripts.migrate import TRANSCRIPTS
from worker.keeping.manifest import (
    NAME,
    BackupRefused,
    File,
    Manifest,
    Store,
    check_files,
    measure,
    read_manifest,
)
from worker.keeping.sealing import Lock, Recipient, seal_file
from worker.keeping.settings import KeepingSettings, MakingSettings
from worker.keeping.signing import SIGNATURE, Signer
from worker.keeping.snapshots import Snapshot, held_still

_LOG = log(__name__)
VERSION: Final = "0.1.0"
PREFIX: Final = "twiza-"
KEYS: Final = ("TWIZA_VAULT_KEY", "TWIZA_PSEUDONYM_KEY")
CHAINS: Final = {chain.name: chain.version_table for chain in (RECORDS, TRANSCRIPTS)}


def make_backup(settings: MakingSettings, into: Path) -> Path:
    """Back up everything into a new folder below `into`, and return it.

    Raises BackupRefused where it cannot be made, and StoreUnavailable; nothing is left then.
    """
    lock = Recipient(settings.backup_recipient) if settings.backup_recipient else None
    signer = Signer(settings)
    began = datetime.now(UTC)
    into.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = into / f".{PREFIX}{began:%Y%m%dT%H%M%S.%fZ}"
    unfinished.mkdir(mode=0o700)
    try:
        manifest = _fill(settings, unfinished, lock, began)
        told = manifest.model_dump_json(indent=1).encode()
        _write(unfinished / NAME, told)
        _write(unfinished / SIGNATURE, signer.sign(told))
        signer.check(unfinished)
        check_files(unfinished, manifest)
        finished = into / unfinished.name.removeprefix(".")
        unfinished.rename(finished)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    size = sum(path.stat().st_size for path in finished.iterdir())
    _LOG.info("backed_up", backup=finished.name, bytes=size, sealed=manifest.sealed)
    return finished


def drop_old(folder: Path, days: int, now: datetime) -> int:
    """Remove backups that are older than so many days, but never the newest; how many went."""
    made = sorted(path for path in folder.glob(f"{PREFIX}*") if (path / NAME).is_file())
    old = [path for path in made[:-1] if read_manifest(path).ended < now - timedelta(days=days)]
    for path in old:
        shutil.rmtree(path)
    return len(old)


def newest_backup(folder: Path) -> datetime | None:
    """When the newest backup in a folder was made, or None where there is none."""
    made = sorted(path for path in folder.glob(f"{PREFIX}*") if (path / NAME).is_file())
    return read_manifest(made[-1]).ended if made else None


def folders_of(settings: KeepingSettings) -> dict[str, Path]:
    """The folders that are backed up, by the names they have in a backup."""
    named = {"programmes": settings.programmes_folder, "dialects": settings.dialects_folder}
    found = {name: Path(folder) for name, folder in named.items() if folder}
    for folder in filter(None, settings.backup_folders.split(",")):
        path = Path(folder.strip())
        if path.name in found:
            raise BackupRefused(f"two folders to back up are called {path.name}")
        found[path.name] = path
    return found


def _fill(settings: KeepingSettings, folder: Path, lock: Lock | None, began: datetime) -> Manifest:
    urls = {"records": settings.records_url, "transcripts": settings.transcripts_url}
    stores: list[Store] = []
    with tempfile.TemporaryDirectory(prefix="twiza-backup-") as work:
        with held_still(urls) as snapshots:
            ended = datetime.now(UTC)
            audit = next(one for one in snapshots if "records" in one.names).audit()
            for one in snapshots:
                with one.copied(Path(work)) as source:
                    file = _keep(source, folder / "-".join([*one.names, _ending(one)]), lock)
                stores.append(_store(one, file))
        folders = {}
        for name, path in folders_of(settings).items():
            if path.is_dir():
                with _packed(path, Path(work)) as source:
                    folders[name] = _keep(source, folder / f"folder-{name}.tar.gz", lock)
    return Manifest(
        version=VERSION,
        began=began,
        ended=ended,
        sealed=lock is not None,
        stores=tuple(stores),
        folders=folders,
        audit_rows=audit[0],
        audit_head=audit[1],
    )


def _store(one: Snapshot, file: File) -> Store:
    heads = {name: one.head(CHAINS[name]) for name in one.names}
    if not all(heads.values()):
        raise BackupRefused(f"never migrated: {', '.join(one.names)}")
    return Store(
        kind="sqlite" if one.is_sqlite else "postgresql",
        schema_name=one.schema,
        chains=heads,
        rows=one.rows(),
        file=file,
    )


def _ending(one: Snapshot) -> str:
    return "sqlite" if one.is_sqlite else "postgresql"


def _keep(source: IO[bytes], path: Path, lock: Lock | None) -> File:
    """Write a stream into the backup, sealed where it is to be."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as target:
        if lock is None:
            shutil.copyfileobj(source, target, 1 << 20)
        else:
            seal_file(source, target, lock)
        target.flush()
        os.fsync(target.fileno())
    return measure(path)


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _packed(folder: Path, work: Path) -> Iterator[IO[bytes]]:
    """A folder as an archive, without links and without the files that keys stand in."""
    keys = {file.resolve() for name in KEYS if (file := file_of(name)) is not None}
    path = work / "folder.tar.gz"

    def wanted(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
        own = (folder / member.name).resolve()
        if not (member.isfile() or member.isdir()) or own in keys:
            return None
        member.uid = member.gid = 0
        member.uname = member.gname = ""
        return member

    with tarfile.open(path, "w:gz") as archive:
        archive.add(folder, arcname=".", filter=wanted)
    with path.open("rb") as packed:
        yield packed
    path.unlink()
