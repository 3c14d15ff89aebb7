"""What is kept of a conversation: the session that runs, without the words of citizens."""

from __future__ import annotations

import json
import unittest

from components.absent_modules import answer_absent_modules

answer_absent_modules()

from components.tracker_store import WordlessRedisTrackerStore  # noqa: E402
from rasa.shared.core.events import (  # noqa: E402
    ActionExecuted,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker  # noqa: E402


def kept(*events: Event) -> str:
    """A conversation as it is written to the store."""
    tracker = DialogueStateTracker("c", [])
    for event in events:
        tracker.update(event)
    return WordlessRedisTrackerStore.serialise_tracker(tracker)


class TrackerStoreCases(unittest.TestCase):
    def test_free_words_are_left_out_and_payloads_stay(self) -> None:
        text = kept(UserUttered("je suis Zoubida"), UserUttered("/home"))

        self.assertNotIn("Zoubida", text)
        self.assertIn("/home", text)

    def test_what_was_before_the_session_that_runs_is_left_out(self) -> None:
        text = kept(
            ActionExecuted("action_session_start"),
            SessionStarted(),
            UserUttered("/check_registration"),
            BotUttered("an old answer"),
            ActionExecuted("action_session_start"),
            SessionStarted(),
            SlotSet("language", "fr"),
            UserUttered("/help"),
        )

        self.assertNotIn("check_registration", text)
        self.assertNotIn("an old answer", text)
        self.assertEqual("action_session_start", json.loads(text)["events"][0]["name"])
        self.assertIn("/help", text)

    def test_an_erasure_begins_a_session_and_leaves_nothing_before_it(self) -> None:
        text = kept(
            UserUttered("/confirm_erasure"),
            ActionExecuted("action_erase"),
            BotUttered("It is erased."),
            SessionStarted(),
            ActionExecuted("action_listen"),
        )

        events = [event["event"] for event in json.loads(text)["events"]]
        self.assertEqual(["session_started", "action"], events)


if __name__ == "__main__":
    unittest.main()
