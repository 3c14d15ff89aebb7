"""What is kept of a conversation: its last turns, the rest as a checkpoint, no citizen's words."""

from __future__ import annotations

import base64
import json
import unittest
from typing import Any

from engine.starting import prepare

prepare()

from engine.keeping import VERSION, KeptByLater, dumps, loads  # noqa: E402
from engine.tracker import CompactTracker  # noqa: E402
from rasa.shared.core.domain import Domain  # noqa: E402
from rasa.shared.core.events import (  # noqa: E402
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.slots import CategoricalSlot, Slot, TextSlot  # noqa: E402
from rasa.shared.core.trackers import DialogueStateTracker  # noqa: E402

SLOTS: list[Slot] = [
    TextSlot("language", [], influence_conversation=False),
    TextSlot("idcs", [], influence_conversation=False),
    TextSlot("requested_slot", [], influence_conversation=False),
    CategoricalSlot("identity", [], values=["verified", "refused"]),
]
LISTEN = "action_listen"
# What engines of the first version wrote in a form, as tests/unit/kept has it for the others.
RECORDED = (
    "AVJI1bC6/EIDW1siYXBwbHkiLCJpbmZvcm0iLCJpbmZvcm0iXSwidXNzZCIsbnVsbCxbWyJhIiwxNzk1ODU3OTU2"
    "LjY3MjM1NywiYWN0aW9uX2xpc3RlbiIsbnVsbCxudWxsLGZhbHNlXSxbIngiLHsiZXZlbnQiOiJ1c2VyIiwidGlt"
    "ZXN0YW1wIjoxNzk1ODU3OTU2LjY3MjM1MzMsInRleHQiOiIvYXBwbHkiLCJwYXJzZV9kYXRhIjp7ImludGVudCI6"
    "eyJuYW1lIjoiYXBwbHkifSwiZW50aXRpZXMiOltdLCJ0ZXh0IjoiL2FwcGx5IiwibWVzc2FnZV9pZCI6bnVsbCwi"
    "bWV0YWRhdGEiOnt9fSwiaW5wdXRfY2hhbm5lbCI6InVzc2QiLCJtZXNzYWdlX2lkIjpudWxsLCJtZXRhZGF0YSI6"
    "e319XSxbInMiLDE3OTU4NTc5NTYuNjcyMzM4LCJsYW5ndWFnZSIsImZyIl0sWyJhIiwxNzk1ODU3OTU2LjY3MjM0"
    "NDIsImZvcm0iLG51bGwsbnVsbCxmYWxzZV0sWyJ4Iix7ImV2ZW50IjoiYWN0aXZlX2xvb3AiLCJ0aW1lc3RhbXAi"
    "OjE3OTU4NTc5NTYuNjcyMzQ4NywibmFtZSI6ImZvcm0ifV0sWyJzIiwxNzk1ODU3OTU2LjY3MjM5MjQsImlkY3Mi"
    "LCJbW2lkY3M6YWFhYWFhYWFhYWFhYWFhYWFhYWFhYToxOV1dIl0sWyJzIiwxNzk1ODU3OTU2LjY3NDM3MzEsInJl"
    "cXVlc3RlZF9zbG90IiwiYmlydGhfZGF0ZSJdXV0="
)


def a_tracker() -> CompactTracker:
    return CompactTracker("ussd-1", SLOTS)


def turn(text: str, *events: Event) -> list[Event]:
    name = text[1:] if text.startswith("/") else "greet"
    said = UserUttered(text, {"name": name}, [], {"text": text}, input_channel="ussd")
    return [ActionExecuted(LISTEN), said, *events]


def told(tracker: Any, *events: Event) -> Any:
    for event in events:
        tracker.update(event)
    return tracker


def again(tracker: CompactTracker) -> CompactTracker:
    """The tracker after it was kept and rebuilt."""
    kept = loads(dumps(tracker))
    assert kept is not None
    rebuilt = a_tracker()
    rebuilt.rebuild(*kept)
    return rebuilt


class WhatIsKept(unittest.TestCase):
    def test_free_words_are_left_out_and_payloads_stay(self) -> None:
        value = dumps(told(a_tracker(), *turn("je suis Zoubida"), *turn("/home")))

        self.assertNotIn(b"Zoubida", value)
        self.assertIn(b"/home", value)

    def test_what_was_before_the_session_that_runs_is_left_out(self) -> None:
        tracker = told(
            a_tracker(),
            *(ActionExecuted("action_session_start"), SessionStarted()),
            *turn("/check_registration", SlotSet("idcs", "[[idcs:old]]"), BotUttered("an answer")),
            *(ActionExecuted("action_session_start"), SessionStarted()),
            *(SlotSet("language", "fr"), *turn("/help")),
        )
        value = dumps(tracker)

        for gone in (b"check_registration", b"an answer", b"idcs:old"):
            self.assertNotIn(gone, value)
        self.assertEqual("fr", again(tracker).get_slot("language"))

    def test_a_session_whose_beginning_failed_keeps_nothing_of_the_one_before(self) -> None:
        tracker = told(a_tracker(), *turn("/check_registration", SlotSet("idcs", "[[idcs:old]]")))
        told(tracker, ActionExecuted("action_session_start"), *turn("/help"))

        self.assertIsNone(again(tracker).get_slot("idcs"))

    def test_an_erasure_begins_a_session_and_leaves_nothing_before_it(self) -> None:
        tracker = told(a_tracker(), *turn("/check_registration"), *turn("/confirm_erasure"))
        told(again(tracker), SessionStarted(), ActionExecuted(LISTEN))
        erased = told(tracker, SessionStarted(), ActionExecuted(LISTEN))
        value = dumps(erased)

        self.assertNotIn(b"check_registration", value)
        self.assertNotIn(b"confirm_erasure", value)

    def test_a_long_conversation_is_kept_in_as_little_as_a_short_one(self) -> None:
        sizes = []
        tracker = a_tracker()
        for number in range(120):
            said = BotUttered("a long answer " * 40)
            told(tracker, *turn("/help", SlotSet("idcs", "x"), ActionExecuted("utter_help"), said))
            sizes.append(len(dumps(tracker)))
            tracker = again(tracker) if number % 2 else tracker

        self.assertLess(sizes[-1], sizes[3] + 300)

    def test_a_form_that_is_asked_again_and_again_does_not_grow(self) -> None:
        tracker = told(a_tracker(), *turn("/apply"), ActionExecuted("form"), ActiveLoop("form"))
        sizes = []
        for number in range(60):
            answer = SlotSet("idcs", f"[[{number:04d}]]")
            asked = (ActionExecuted("form"), answer, SlotSet("requested_slot", "idcs"))
            tracker = again(told(tracker, *turn("/inform", *asked)))
            sizes.append(len(dumps(tracker)))

        self.assertLess(sizes[-1], sizes[14] + 50)


class WhatIsRebuilt(unittest.TestCase):
    def both(self, *turns: list[Event]) -> tuple[Any, CompactTracker]:
        """A stock tracker of the same turns, and ours, kept and rebuilt after each."""
        stock, ours = DialogueStateTracker("ussd-1", SLOTS), a_tracker()
        for events in turns:
            told(stock, *events)
            ours = again(told(ours, *events))
        rebuilt = DialogueStateTracker("ussd-1", SLOTS)
        rebuilt.recreate_from_dialogue(stock.as_dialogue())
        return rebuilt, ours

    def assert_alike(self, *turns: list[Event]) -> CompactTracker:
        stock, ours = self.both(*turns)
        self.assertEqual(stock.current_slot_values(), ours.current_slot_values())
        self.assertEqual(stock.latest_action, ours.latest_action)
        self.assertEqual(stock.active_loop_name, ours.active_loop_name)
        self.assertEqual(stock.is_active_loop_rejected, ours.is_active_loop_rejected)
        self.assertEqual(stock.latest_message.intent_name, ours.latest_message.intent_name)
        domain = Domain.from_dict({"intents": ["a", "b", "c"], "actions": ["act", "form"]})
        states = [domain.get_active_state(tracker) for tracker, _ in prior(stock)]
        self.assertEqual(states[-4:], [domain.get_active_state(t) for t, _ in prior(ours)][-4:])
        return ours

    def test_slots_the_last_action_and_the_last_states_are_as_they_were(self) -> None:
        self.assert_alike(
            turn("/a", SlotSet("language", "fr"), ActionExecuted("act"), ActionExecuted(LISTEN)),
            turn("/b", ActionExecuted("act"), SlotSet("identity", "verified")),
            turn("/c", SlotSet("language", None), ActionExecuted("act")),
            turn("/a", ActionExecuted("act"), SlotSet("language", "ar")),
        )

    def test_a_loop_that_was_rejected_turns_ago_still_is(self) -> None:
        ours = self.assert_alike(
            turn("/a", ActionExecuted("form"), ActiveLoop("form")),
            turn("/b", ActionExecutionRejected("form"), ActionExecuted("act")),
            turn("/c", ActionExecuted("act")),
            turn("/a", ActionExecuted("act")),
            turn("/b", ActionExecuted("act")),
        )

        self.assertTrue(ours.is_active_loop_rejected)

    def test_a_message_that_is_taken_back_gives_way_to_the_one_before(self) -> None:
        taken_back = (ActionExecuted("action_default_fallback"), UserUtteranceReverted())
        ours = self.assert_alike(
            turn("/a", ActionExecuted("act"), SlotSet("language", "fr")),
            turn("/b", ActionExecuted("act")),
            turn("/c", SlotSet("language", "ar"), *taken_back),
            turn("/c", SlotSet("language", "ar"), *taken_back),
        )

        self.assertEqual("fr", ours.get_slot("language"))

    def test_nothing_that_is_taken_back_takes_what_the_checkpoint_restores(self) -> None:
        tracker = told(a_tracker(), *turn("/a", SlotSet("language", "fr")))
        for _ in range(6):
            tracker = again(told(tracker, *turn("/b", ActionExecuted("act"))))
        for _ in range(6):
            tracker = again(told(tracker, UserUtteranceReverted(), ActionExecuted(LISTEN)))

        self.assertEqual("fr", tracker.get_slot("language"))

    def test_earlier_intents_and_the_channel_are_known_when_their_messages_are_gone(self) -> None:
        tracker = a_tracker()
        for name in ("/a", "/b", "/c", "/a", "/a", "/a"):
            tracker = again(told(tracker, *turn(name, ActionExecuted("act"))))

        self.assertEqual(["a", "b", "c", "a", "a", "a"], tracker.intents())
        self.assertEqual("ussd", tracker.get_latest_input_channel())

    def test_a_copy_changes_nothing_in_its_original(self) -> None:
        tracker = told(a_tracker(), *turn("/a", SlotSet("language", "fr")), ActiveLoop("form"))
        copied = told(tracker.copy(), SlotSet("language", "ar"), ActionExecutionRejected("form"))

        self.assertEqual("fr", tracker.get_slot("language"))
        self.assertFalse(tracker.is_active_loop_rejected)
        self.assertEqual("ar", copied.get_slot("language"))


class WhoWroteIt(unittest.TestCase):
    def test_a_conversation_of_a_stock_engine_goes_on(self) -> None:
        stock = told(
            DialogueStateTracker("ussd-1", SLOTS),
            *turn("/a", SlotSet("language", "fr"), ActionExecuted("act"), BotUttered("said")),
        )
        kept = loads(json.dumps(stock.as_dialogue().as_dict()).encode())
        assert kept is not None
        tracker = a_tracker()
        tracker.rebuild(*kept)

        self.assertEqual("fr", tracker.get_slot("language"))
        self.assertEqual("act", tracker.latest_action_name)

    def test_a_conversation_of_an_earlier_release_goes_on_in_its_form(self) -> None:
        kept = loads(base64.b64decode(RECORDED))
        assert kept is not None
        tracker = a_tracker()
        tracker.rebuild(*kept)

        self.assertEqual("form", tracker.active_loop_name)
        self.assertEqual("fr", tracker.get_slot("language"))
        self.assertEqual("birth_date", tracker.get_slot("requested_slot"))
        self.assertEqual(["apply", "inform", "inform"], tracker.intents())

    def test_a_later_version_is_left_to_who_reads_it(self) -> None:
        value = dumps(told(a_tracker(), *turn("/a")))

        for version in (b"\x02", b"\x1f"):
            with self.assertRaises(KeptByLater):
                loads(version + value[1:])

    def test_what_is_no_version_at_all_begins_anew(self) -> None:
        value = dumps(told(a_tracker(), *turn("/a")))
        with self.assertLogs("engine.keeping", "WARNING"):
            other = loads(b"\x7f" + value[1:])

        self.assertEqual(VERSION, value[:1])
        self.assertIsNone(other)

    def test_each_writing_has_a_stamp_of_its_own(self) -> None:
        tracker = told(a_tracker(), *turn("/a"))

        self.assertNotEqual(dumps(tracker)[:9], dumps(tracker)[:9])


def prior(tracker: Any) -> list[Any]:
    """The trackers before each action, and now, each with its own state."""
    return [(seen.copy(), hidden) for seen, hidden in tracker.generate_all_prior_trackers()]


if __name__ == "__main__":
    unittest.main()
