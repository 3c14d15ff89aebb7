"""One exchange with Redis at each end of a turn, and nobody's work written over."""

from __future__ import annotations

import asyncio
import json
import os
import time
import unittest
from typing import Any

import redis
from engine.script import Script
from engine.starting import prepare

prepare()

from components.event_broker import TurnBroker  # noqa: E402
from engine.conversation_lock import ConversationLock  # noqa: E402
from engine.exchange import STREAM, TOLD, running  # noqa: E402
from engine.tracker_store import CompactTrackerStore  # noqa: E402
from rasa.core.lock_store import LockError, LockStore  # noqa: E402
from rasa.core.tracker_store import TrackerStore  # noqa: E402
from rasa.shared.core.domain import Domain  # noqa: E402
from rasa.shared.core.events import (  # noqa: E402
    ActionExecuted,
    ActiveLoop,
    SlotSet,
    UserUttered,
)
from rasa.utils.endpoints import EndpointConfig  # noqa: E402

PORT = int(os.environ["REDIS_PORT"])
WHERE = {"key_prefix": "engine", "record_exp": 60}
PLACE = f"redis://127.0.0.1:{PORT}/2"
DOMAIN = Domain.from_dict(
    {
        "slots": {"language": {"type": "text", "mappings": []}},
        "forms": {"form": {"required_slots": ["language"]}},
    }
)
NAME = "ussd-1"


def understood(turn: str) -> dict[str, Any]:
    """What Rasa publishes of a message whose turn the door named."""
    parsed = {"intent": {"name": "greet", "confidence": 1.0}}
    named = {"metadata": {"turn": turn}, "parse_data": parsed}
    return {"sender_id": NAME, "event": "user", **named}


class Exchanges(unittest.IsolatedAsyncioTestCase):
    def setUp(self) -> None:
        self.redis = redis.Redis(port=PORT, db=2)
        self.redis.flushdb()
        self.addCleanup(self.redis.close)
        lock = EndpointConfig(PLACE, type="engine.conversation_lock.ConversationLock", **WHERE)
        store = EndpointConfig(PLACE, type="engine.tracker_store.CompactTrackerStore", **WHERE)
        # As Rasa makes them from endpoints.yml.
        self.lock: Any = LockStore.create(lock)
        self.store: Any = TrackerStore.create(store, DOMAIN)
        self.assertIs(ConversationLock, type(self.lock))
        self.assertIs(CompactTrackerStore, type(self.store))

    async def turn(self, language: str) -> None:
        async with self.lock.lock(NAME):
            await self.say(language)

    async def say(self, language: str) -> None:
        tracker = await self.store.get_or_create_tracker(NAME, append_action_listen=False)
        said = UserUttered("/a", {"name": "a"}, [])
        for event in (ActionExecuted("action_listen"), said, SlotSet("language", language)):
            tracker.update(event)
        await self.store.save(tracker)

    async def language(self) -> str | None:
        tracker = await self.store.retrieve(NAME)
        found: str | None = tracker.get_slot("language") if tracker else None
        return found

    async def test_a_turn_is_read_with_its_lock_and_written_with_its_release(self) -> None:
        await self.turn("fr")
        before = int(self.redis.info("commandstats")["cmdstat_evalsha"]["calls"])
        async with self.lock.lock(NAME):
            await self.say("ar")
            is_locked, kept = self.redis.exists(f"engine:lock:{NAME}"), await self.language()
        calls = int(self.redis.info("commandstats")["cmdstat_evalsha"]["calls"]) - before

        self.assertEqual((1, "fr"), (is_locked, kept))
        self.assertEqual("ar", await self.language())
        self.assertEqual(0, self.redis.exists(f"engine:lock:{NAME}"))
        self.assertEqual(2, calls)
        self.assertLess(50, self.redis.ttl(f"engine:tracker:{NAME}"))

    async def test_what_was_understood_is_told_with_what_is_kept_and_only_then(self) -> None:
        broker = await TurnBroker.from_endpoint_config(EndpointConfig(PLACE))
        self.addCleanup(broker._store.close)
        async with self.lock.lock(NAME):
            await self.hear(broker)
            self.assertEqual(0, self.redis.xlen(STREAM))
        [(_, told)] = self.redis.xrange(STREAM)

        self.assertEqual("a-turn", json.loads(told[TOLD.encode()])["key"])
        with self.assertRaises(LockError):
            async with self.lock.lock(NAME):
                await self.hear(broker)
                self.redis.delete(f"engine:tracker:{NAME}")
        self.assertEqual(1, self.redis.xlen(STREAM))

    async def hear(self, broker: TurnBroker) -> None:
        await self.say("fr")
        broker.publish(understood("a-turn"))
        broker.publish({"sender_id": NAME, "event": "action", "name": "action_listen"})

    async def test_a_conversation_goes_on_under_a_model_that_has_other_slots_and_forms(
        self,
    ) -> None:
        kept: dict[str, Any] = {}
        for name in ("form", "gone"):
            tracker = await self.store.get_or_create_tracker(name, append_action_listen=False)
            said = UserUttered("/a", {"name": "a"}, [])
            asked = (SlotSet("requested_slot", "language"), SlotSet("no_more", "x"))
            for event in (ActionExecuted("action_listen"), said, ActiveLoop(name), *asked):
                tracker.update(event)
            await self.store.save(tracker)
            kept[name] = await self.store.retrieve(name)

        self.assertEqual("form", kept["form"].active_loop_name)
        self.assertIsNone(kept["gone"].active_loop_name)
        self.assertNotIn("no_more", kept["form"].slots)

    async def test_octets_that_are_no_conversation_begin_it_anew_and_are_gone(self) -> None:
        for octets in (b"\x01" + b"12345678" + b'[["a"],', b"{}", b"\xff" * 20, b"\x01"):
            self.redis.set(f"engine:tracker:{NAME}", octets)
            with self.assertLogs("engine.keeping", "ERROR") as logged:
                await self.turn("fr")

            self.assertEqual("fr", await self.language())
            self.assertNotIn('"a"', str(logged.output))

    async def test_a_turn_that_fails_leaves_the_conversation_as_it_was(self) -> None:
        await self.turn("fr")
        with self.assertRaises(ZeroDivisionError):
            async with self.lock.lock(NAME):
                await self.say("ar")
                _ = 1 / 0

        self.assertEqual("fr", await self.language())
        self.assertEqual(0, self.redis.exists(f"engine:lock:{NAME}"))
        self.assertIsNone(running.get())

    async def test_two_turns_of_a_conversation_follow_each_other(self) -> None:
        inside: list[str] = []

        async def turn(language: str) -> None:
            async with self.lock.lock(NAME):
                inside.append(f"{language} in")
                await asyncio.sleep(0)
                await self.say(language)
                inside.append(f"{language} out")

        await asyncio.gather(turn("fr"), turn("ar"), turn("zgh"))

        self.assertEqual([name.replace("out", "in") for name in inside[1::2]], inside[::2], inside)

    async def test_who_waits_as_long_as_a_lock_lasts_gives_up(self) -> None:
        self.redis.set(f"engine:lock:{NAME}", "somebody")
        with self.assertRaises(LockError):
            async with self.lock.lock(NAME, lock_lifetime=0.1):
                self.fail("locked twice")

        self.assertEqual(b"somebody", self.redis.get(f"engine:lock:{NAME}"))

    async def test_a_dead_engine_shuts_nobody_out_for_long(self) -> None:
        self.lock._conversations.lock(NAME, 50)
        began = time.monotonic()
        await self.turn("fr")

        self.assertLess(time.monotonic() - began, 5)
        self.assertEqual("fr", await self.language())

    async def test_a_turn_that_outlives_its_lock_does_not_write_over_another(self) -> None:
        await self.turn("fr")
        with self.assertRaises(LockError):
            async with self.lock.lock(NAME):
                self.redis.delete(f"engine:lock:{NAME}")
                await asyncio.create_task(self.turn("ar"))
                await self.say("zgh")

        self.assertEqual("ar", await self.language())

    async def test_what_is_erased_during_a_turn_is_not_brought_back(self) -> None:
        await self.turn("fr")
        with self.assertRaises(LockError):
            async with self.lock.lock(NAME):
                self.redis.delete(f"engine:tracker:{NAME}")
                await self.say("ar")

        self.assertIsNone(await self.language())

    async def test_a_redis_that_forgot_its_scripts_is_told_them_again(self) -> None:
        await self.turn("fr")
        self.redis.script_flush()
        await self.turn("ar")

        self.assertEqual("ar", await self.language())

    async def test_after_a_lost_connection_the_next_turn_is_kept(self) -> None:
        await self.turn("fr")
        self.redis.client_kill_filter(_type="normal", skipme=True)
        await self.turn("ar")

        self.assertEqual("ar", await self.language())

    async def test_an_answer_that_comes_too_late_is_taken_for_no_other(self) -> None:
        impatient = redis.Redis(port=PORT, db=2, socket_timeout=0.2)
        self.addCleanup(impatient.close)
        script = Script(impatient, "return {KEYS[1], ARGV[1]}")
        script(["a"], ["1"])
        self.redis.client_pause(600)
        with self.assertRaises(redis.TimeoutError):
            script(["a"], ["2"])
        await asyncio.sleep(0.7)

        self.assertEqual([b"a", b"3"], script(["a"], ["3"]))

    async def test_what_redis_refuses_is_raised_and_the_next_answer_is_its_own(self) -> None:
        refused = Script(self.redis, "return redis.call('nothing')")
        with self.assertRaises(redis.ResponseError):
            refused([], [])

        self.assertEqual(b"a", Script(self.redis, "return KEYS[1]")(["a"], []))

    async def test_names_of_conversations_are_known(self) -> None:
        await self.turn("fr")

        self.assertEqual([NAME], list(await self.store.keys()))


if __name__ == "__main__":
    unittest.main()
