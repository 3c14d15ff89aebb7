"""What is read where it stands at each look at the metrics: queues, outbox, figures of the day.

One process tells it for all: beat, of which there is one. It goes on while every worker is down,
which is when it matters most. What cannot be read is not told, and counted as such.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, Final

import redis
import sqlalchemy as sa
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from channels.meters import CHANNELS, KEYS, KINDS, LANGUAGES
from channels.owed import OWED
from channels.settings import DoorSettings
from core.environment import read_settings
from core.errors import SettingsFaulty, StoreUnavailable
from core.logs import log
from core.meters import Family, Names, counters, watch
from core.recorded import ENGINE_STREAM, STREAM
from core.stores import open_redis
from core.tasks import QUEUES
from records.clock import Clock, utc_now
from records.database import Database, open_database
from records.message_tables import DEAD, is_waiting
from records.table import QUEUED
from records.tables import HandoverRow, NoticeRow, OutboxMessage, SubmissionRow
from transcripts.figures import Figures, day_of
from transcripts.journeys import services
from transcripts.settings import TranscriptsSettings
from transcripts.varieties import VARIETIES

_LOG = log(__name__)
_UNACKED: Final = "unacked"
_WAITS: Final = sa.literal("waiting", literal_execute=True)
_STUCK: Final = sa.literal("stuck", literal_execute=True)
_DROPPED: Final = Names("begun", "done", "left", "shown")
_SERVICES: Final = Names(*services())
_HOW: Final = Names("understood", "fallback")
_ROWS: Final = Names("submissions", "submissions_stuck", "notices", "handovers", "outbox_dead")

FAILED: Final = counters(
    "twiza_watch_failures_total",
    "Looks at a store that it did not answer, by what was looked for",
    what=Names("queues", "streams", "outbox", "rows", "figures"),
)
Part = Callable[[], Iterable[Family]]


class Watch(Collector):
    """Reads it all; without `figures` nothing is told of them."""

    def __init__(
        self,
        broker: redis.Redis,
        store: redis.Redis,
        database: Database,
        figures: Figures | None = None,
        engine_store: redis.Redis | None = None,
        clock: Clock = utc_now,
    ) -> None:
        self._broker = broker
        self._store = store
        self._engine_store = engine_store
        self._database = database
        self._figures = figures
        self._clock = clock

    def describe(self) -> list[Metric]:
        """Nothing: what there is to tell is known by looking alone."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Look, and tell."""
        parts: dict[str, Part] = {
            "queues": self._queues,
            "streams": self._streams,
            "outbox": self._outbox,
            "rows": self._rows,
            "figures": self._of_the_day,
        }
        for what, part in parts.items():
            try:
                yield from [family.metric for family in part()]
            except (StoreUnavailable, redis.RedisError):
                FAILED.labels(what).inc()

    def _queues(self) -> Iterator[Family]:
        told = Family("twiza_queue_tasks", "Tasks that wait in a queue", queue=Names(*QUEUES))
        for queue in QUEUES:
            told.set(self._broker.llen(queue), queue)
        yield told
        running = Family("twiza_queue_unacknowledged", "Tasks that a worker has and did not finish")
        running.set(self._broker.hlen(_UNACKED))
        yield running

    def _streams(self) -> Iterator[Family]:
        told = Family(
            "twiza_recorded_waiting",
            "Records of turns that wait to be written, by who made them",
            by=Names("door", "engine"),
        )
        told.set(self._store.xlen(STREAM), "door")
        if self._engine_store is not None:
            told.set(self._engine_store.xlen(ENGINE_STREAM), "engine")
        yield told
        owed = Family("twiza_owed", "Answers that stand in no outbox yet, and turns not yet ended")
        owed.set(self._store.hlen(OWED))
        yield owed

    def _outbox(self) -> Iterator[Family]:
        row, now = OutboxMessage, self._clock()
        labels = {"channel": CHANNELS, "state": Names("queued", "answered")}
        count = Family("twiza_outbox_messages", "Messages that hold back those behind", **labels)
        age = Family("twiza_outbox_oldest_seconds", "Age of the oldest of them", **labels)
        wanted = sa.select(row.channel, row.state, sa.func.count(), sa.func.min(row.created))
        found = wanted.where(is_waiting(row)).group_by(row.channel, row.state)
        with self._database.reading() as session:
            for channel, state, number, oldest in session.execute(found):
                count.set(number, channel, state)
                age.set(_seconds(now, oldest), channel, state)
            due = session.scalar(sa.select(sa.func.min(row.not_before)).where(row.state == QUEUED))
        overdue = Family(
            "twiza_outbox_overdue_seconds", "How long a message is due that waits most"
        )
        overdue.set(max(0.0, _seconds(now, due)))
        yield from (count, age, overdue)

    def _rows(self) -> Iterator[Family]:
        now = self._clock()
        count = Family("twiza_rows_waiting", "What waits in the records, by what it is", what=_ROWS)
        age = Family("twiza_rows_oldest_seconds", "Age of the oldest of it", what=_ROWS)
        looked: dict[str, tuple[Any, sa.ColumnElement[bool]]] = {
            "submissions": (SubmissionRow.created, SubmissionRow.state == QUEUED),
            "submissions_stuck": (SubmissionRow.created, SubmissionRow.state == _STUCK),
            "notices": (NoticeRow.created, NoticeRow.state == QUEUED),
            "handovers": (HandoverRow.created, HandoverRow.state == _WAITS),
            "outbox_dead": (OutboxMessage.settled, OutboxMessage.state == DEAD),
        }
        with self._database.reading() as session:
            for what, (moment, condition) in looked.items():
                found = sa.select(sa.func.count(), sa.func.min(moment)).where(condition)
                number, oldest = session.execute(found).one()
                count.set(number, what)
                age.set(_seconds(now, oldest), what)
        yield from (count, age)

    def _of_the_day(self) -> Iterator[Family]:
        if self._figures is None:
            return
        screens = Family(
            "twiza_day_screens",
            "Screens of today's services, shown, and those at which they were left",
            kind=KINDS,
            key=KEYS,
            what=_DROPPED,
        )
        journeys = Family(
            "twiza_day_services",
            "Services that citizens began today, and how they ended",
            kind=KINDS,
            language=LANGUAGES,
            service=_SERVICES,
            what=_DROPPED,
        )
        words = Family(
            "twiza_day_words",
            "Messages in words of today, by variety: understood or not",
            variety=Names(*VARIETIES),
            how=_HOW,
        )
        today = day_of(self._clock())
        for one in self._figures.between(today, today, ("screens", "services", "words")):
            about = one.subject
            if about.measure == "screens":
                screens.set(one.count, about.kind, about.name, about.detail)
            elif about.measure == "services":
                journeys.set(one.count, about.kind, about.language, about.name, about.detail)
            else:
                words.set(one.count, about.language, about.name)
        yield from (screens, journeys, words)


def watch_stores(settings: DoorSettings, engine_redis_url: str) -> None:
    """Have this process tell of the stores at each look at its metrics."""
    figures = None
    try:
        figures = Figures(open_database(read_settings(TranscriptsSettings).transcripts_url))
    except SettingsFaulty:
        _LOG.warning("figures_not_watched", about="TWIZA_TRANSCRIPTS_URL is not given")
    watch(
        Watch(
            open_redis(settings.broker_url),
            open_redis(settings.redis_url),
            open_database(settings.records_url),
            figures,
            open_redis(engine_redis_url) if engine_redis_url else None,
        )
    )


def _seconds(now: datetime, moment: datetime | None) -> float:
    return (now - moment).total_seconds() if moment else 0.0
