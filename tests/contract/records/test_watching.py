"""What beat reads of the stores at each look: how much waits, and since when, and of nobody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
import redis

from core.recorded import ENGINE_STREAM, STREAM, TURN
from core.stores import open_redis
from records.database import Database
from records.outbox import Draft, Outbox
from records.tables import SubmissionRow
from tests.contract.records.conftest import HandClock
from tests.redis_server import RedisServer
from transcripts.figures import Counted, Figures, Subject, day_of, sum_up, write
from transcripts.migrate import upgrade as upgrade_transcripts
from worker.watching import FAILED, Watch

Told = dict[tuple[str, ...], float]


@dataclass
class Looking:
    """A watch over real stores, and what it tells."""

    watch: Watch

    def tell(self, name: str) -> Told:
        """The values of a metric, by its labels."""
        return {
            tuple(sample.labels.values()): sample.value
            for metric in self.watch.collect()
            if metric.name == name
            for sample in metric.samples
        }


@pytest.fixture
def looking(
    url: str, database: Database, clock: HandClock, store: redis.Redis, redis_server: RedisServer
) -> Looking:
    upgrade_transcripts(url)
    broker = redis.Redis.from_url(redis_server.url.removesuffix("/0") + "/1")
    engine = redis.Redis.from_url(redis_server.url.removesuffix("/0") + "/2")
    return Looking(Watch(broker, store, database, Figures(database), engine, clock))


def test_the_age_of_what_waits_is_told_by_channel(
    looking: Looking, database: Database, clock: HandClock
) -> None:
    assert {} == looking.tell("twiza_outbox_messages")
    outbox = Outbox(database, clock)
    outbox.put("a", "sms", [Draft(b"x")])
    clock.move(minutes=5)
    outbox.put("b", "sms", [Draft(b"x")])
    outbox.put("c", "a channel of another time", [Draft(b"x")])
    clock.move(minutes=1)

    assert {("sms", "queued"): 2, ("other", "queued"): 1} == looking.tell("twiza_outbox_messages")
    ages = looking.tell("twiza_outbox_oldest_seconds")
    assert 360 == pytest.approx(ages["sms", "queued"])
    assert 360 == pytest.approx(looking.tell("twiza_outbox_overdue_seconds")[()])


def test_what_went_waits_no_more(looking: Looking, database: Database, clock: HandClock) -> None:
    outbox = Outbox(database, clock)
    [message] = outbox.put("a", "sms", [Draft(b"x")])
    outbox.lease(1, 60)
    outbox.sent(message, "SM1")

    assert {} == looking.tell("twiza_outbox_messages")
    assert {(): 0} == looking.tell("twiza_outbox_overdue_seconds")


def test_submissions_that_wait_and_stuck_ones_are_told_apart(
    looking: Looking, database: Database, clock: HandClock
) -> None:
    with database.session() as session:
        for number, state in enumerate(("queued", "queued", "stuck", "sent")):
            session.add(
                SubmissionRow(
                    idempotency_key=str(number),
                    reference=str(number),
                    person_key="p",
                    number_key="n",
                    kind="application",
                    programme="asd",
                    sealed=b"",
                    state=state,
                    created=clock.now,
                    not_before=clock.now,
                )
            )
    clock.move(hours=1)

    waiting = looking.tell("twiza_rows_waiting")
    assert (2, 1, 0) == (
        waiting[("submissions",)],
        waiting[("submissions_stuck",)],
        waiting[("notices",)],
    )
    ages = looking.tell("twiza_rows_oldest_seconds")
    assert 3600 == pytest.approx(ages[("submissions",)])
    assert 0 == ages[("handovers",)]


def test_queues_and_streams_are_told_by_their_lengths(
    looking: Looking, redis_server: RedisServer
) -> None:
    for database, fill in _FILLED.items():
        fill(redis.Redis.from_url(redis_server.url.removesuffix("/0") + f"/{database}"))

    assert {("celery",): 2, ("reports",): 1, ("schedule",): 0} == looking.tell("twiza_queue_tasks")
    assert {("door",): 1, ("engine",): 1} == looking.tell("twiza_recorded_waiting")


_FILLED: dict[int, Callable[[redis.Redis], object]] = {
    0: lambda store: store.xadd(STREAM, {TURN: b"x"}),
    1: lambda store: (store.lpush("celery", b"x", b"y"), store.lpush("reports", b"x")),
    2: lambda store: store.xadd(ENGINE_STREAM, {"understood": b"x"}),
}


def test_drop_off_is_told_by_screen_and_screens_nobody_knows_together(
    looking: Looking, database: Database, clock: HandClock
) -> None:
    counted = {
        Subject("screens", "ussd", "", "utter_a_screen_of_another_time", "shown"): Counted(3),
        Subject("screens", "ussd", "", "utter_another_of_them", "shown"): Counted(4),
        Subject("services", "ussd", "fr", "apply", "left"): Counted(2),
        Subject("words", "", "ary_latn", "fallback"): Counted(1),
    }
    hour = clock.now.replace(minute=0, second=0, microsecond=0)
    with database.session() as session:
        write(session, hour, counted)
        sum_up(session, day_of(hour))

    assert {("ussd", "other", "shown"): 7} == looking.tell("twiza_day_screens")
    assert {("ussd", "fr", "apply", "left"): 2} == looking.tell("twiza_day_services")
    assert {("ary_latn", "fallback"): 1} == looking.tell("twiza_day_words")
    clock.move(days=1)
    assert {} == looking.tell("twiza_day_services")


def test_a_store_that_is_away_is_counted_and_hides_nothing_else(
    database: Database, store: redis.Redis, clock: HandClock
) -> None:
    away = open_redis("redis://127.0.0.1:1/0", 0.2)
    before = FAILED.labels("queues")._value.get()
    looking = Looking(Watch(away, store, database, clock=clock))

    assert {} == looking.tell("twiza_queue_tasks")
    assert before + 1 == FAILED.labels("queues")._value.get()
    assert {(): 0} == looking.tell("twiza_owed")
