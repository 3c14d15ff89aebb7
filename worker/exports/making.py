"""Making an export: line by line into a sealed file, with how far it is told on the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, Final

import redis

from core.errors import StoreUnavailable
from core.exporting import MAKE_EXPORT
from core.logs import log
from core.staff_hours import MOROCCO
from core.tasks import open_task
from records.export_jobs import ExportJob, ExportJobs
from records.exported import ExportFiles
from worker.app import app
from worker.exports.forms import FORMS, MOST_IN_A_WORKBOOK
from worker.exports.sources import SOURCES, Source
from worker.house import house

_LOG = log(__name__)
_LOCK_SECONDS: Final = 3600


@app.task(
    name=MAKE_EXPORT,
    autoretry_for=(StoreUnavailable, redis.RedisError),
    retry_backoff=2,
    retry_backoff_max=60,
    max_retries=None,
)
def make(argument: str) -> None:
    """Make the export that somebody just asked for."""
    _make(int(open_task(house().seal, argument)["job"]))


@app.task(name="worker.exports.making.sweep")
def sweep() -> None:
    """Make what was asked for and nobody finished."""
    for job in ExportJobs(house().database).open():
        _make(job.id)


def _make(number: int) -> None:
    lock = house().store.lock(f"exporting:{number}", timeout=_LOCK_SECONDS)
    if not lock.acquire(blocking=False):
        return
    try:
        job = ExportJobs(house().database).find(number)
        if job is not None and job.is_open:
            _write(job)
    finally:
        if lock.owned():
            lock.release()


def _write(job: ExportJob) -> None:
    jobs, source = ExportJobs(house().database), SOURCES[job.kind]
    total = source.count(job.since, job.until)
    if job.form == "xlsx" and total > MOST_IN_A_WORKBOOK:
        jobs.failed(job.id, "too_large")
        return
    files = ExportFiles(house().database, house().seal)
    first, last = (
        f"{moment.astimezone(MOROCCO):%Y%m%d}"
        for moment in (job.since, job.until - timedelta(seconds=1))
    )
    name = f"twiza-{job.kind}-{first}-{last}.{job.form}"
    told = _Told(jobs, job, source, total)
    file_id = files.write(name, FORMS[job.form](told.parts()), house().settings.export_hours)
    if not jobs.made(job.id, file_id, told.done):
        files.drop(file_id)
    _LOG.info("exported", kind=job.kind, form=job.form, lines=told.done)


class _Told:
    """The lines of an export, and how many there were so far."""

    def __init__(self, jobs: ExportJobs, job: ExportJob, source: Source, total: int) -> None:
        self._jobs, self._job, self._source, self._total = jobs, job, source, total
        self.done = 0

    def parts(self) -> Iterator[Sequence[dict[str, Any]]]:
        """Them, part by part."""
        self._jobs.at(self._job.id, 0, self._total)
        for part in self._source.lines(self._job.since, self._job.until):
            yield part
            self.done += len(part)
            self._jobs.at(self._job.id, self.done, max(self._total, self.done))
