"""The words of the engine: the real generator over the real domain, catalogs and trackers."""

from __future__ import annotations

import asyncio
import copy
import os
import shutil
import tempfile
import unittest
from pathlib import Path
from typing import Any

from components.absent_modules import answer_absent_modules

answer_absent_modules()

from components.catalog_nlg import (  # noqa: E402
    CATALOGS,
    Catalog,
    CatalogNaturalLanguageGenerator,
    PlaceholderUnfilled,
)
from rasa.core.nlg.generator import NaturalLanguageGenerator  # noqa: E402
from rasa.shared.core.domain import Domain  # noqa: E402
from rasa.shared.core.events import SlotSet, UserUttered  # noqa: E402
from rasa.shared.core.slots import TextSlot  # noqa: E402
from rasa.shared.core.trackers import DialogueStateTracker  # noqa: E402
from rasa.utils.endpoints import EndpointConfig  # noqa: E402

RESPONSES = Path(__file__).parents[3] / "bot" / "domain" / "responses"
DOMAIN = Domain.load([str(path) for path in sorted(RESPONSES.glob("*.yml"))])
OWN_NAMES = ["العربية", "الدارجة", "ⵜⴰⵎⴰⵣⵉⵖⵜ", "Français"]


def a_tracker(language: str | None = None, channel: str = "whatsapp", **slots: str) -> Any:
    values = {"language": language, **slots}
    tracker = DialogueStateTracker("c", [TextSlot(name, mappings=[]) for name in values])
    tracker.update(UserUttered("salam", input_channel=channel))
    for name, value in values.items():
        tracker.update(SlotSet(name, value))
    return tracker


def said(key: str, tracker: Any, nlg: Any = None, **values: Any) -> Any:
    generator = nlg or CatalogNaturalLanguageGenerator(domain=DOMAIN)
    return asyncio.run(generator.generate(key, tracker, "collector", **values))


class Languages(unittest.TestCase):
    def test_a_response_is_said_in_the_citizens_language(self) -> None:
        for language, text in (
            ("ar", "عذرا، لم نفهم."),
            ("ary", "سمحو لينا، ما فهمناش."),
            ("fr", "Désolé, nous n'avons pas compris."),
            ("zgh", "ⴰⵙⵙⵓⵔⴼ. ⴰⵔⵎ ⴷⴰⵖ."),
        ):
            with self.subTest(language):
                answer = said("utter_not_understood", a_tracker(language))

                self.assertEqual(text, answer["text"])
                self.assertEqual(language, answer["custom"]["language"])

    def test_before_a_language_is_chosen_each_is_offered_by_its_own_name(self) -> None:
        for language in (None, "ar", "ary", "fr", "zgh"):
            with self.subTest(language):
                answer = said("utter_ask_language", a_tracker(language))

                self.assertEqual(OWN_NAMES, [button["title"] for button in answer["buttons"]])

    def test_before_a_language_is_chosen_nothing_is_said_but_the_question_for_it(self) -> None:
        for language in (None, "en"):
            answer = said("utter_thanks", a_tracker(language))

            self.assertEqual("utter_ask_language", answer["custom"]["key"])
            self.assertEqual("", answer["custom"]["language"])

    def test_the_default_language_is_a_setting(self) -> None:
        os.environ["TWIZA_DEFAULT_LANGUAGE"] = "fr"
        self.addCleanup(os.environ.pop, "TWIZA_DEFAULT_LANGUAGE")

        self.assertIn("Choisissez", said("utter_thanks", a_tracker())["text"])

    def test_a_default_language_without_a_catalog_stops_the_start(self) -> None:
        os.environ["TWIZA_DEFAULT_LANGUAGE"] = "en"
        self.addCleanup(os.environ.pop, "TWIZA_DEFAULT_LANGUAGE")

        with self.assertRaises(ValueError):
            CatalogNaturalLanguageGenerator(domain=DOMAIN)

    def test_a_language_just_chosen_goes_before_the_slot(self) -> None:
        for used in ("ary", None):
            answer = said("utter_thanks", a_tracker(used), said_in="fr")

            self.assertEqual("Avec plaisir.", answer["text"])
            self.assertEqual("fr", answer["custom"]["language"])

    def test_the_door_is_told_what_was_surely_heard(self) -> None:
        heard = {"language": "fr", "script": "Latn"}
        tracker = a_tracker("fr")
        parsed: Any = {"intent": {"name": "help"}, "entities": [], "heard": heard}
        tracker.update(UserUttered("…", parsed["intent"], [], parsed, input_channel="whatsapp"))
        chosen = said("utter_thanks", tracker)["custom"]
        tracker.update(SlotSet("language", "fr"))
        adopted = said("utter_thanks", tracker)["custom"]

        self.assertEqual({**heard, "adopted": False}, chosen["heard"])
        self.assertEqual({**heard, "adopted": True}, adopted["heard"])
        self.assertNotIn("heard", said("utter_thanks", a_tracker("fr"))["custom"])


class Channels(unittest.TestCase):
    def test_a_channel_with_a_text_of_its_own_gets_it(self) -> None:
        long = said("utter_ask_idcs", a_tracker("fr", "whatsapp"))["text"]
        short = said("utter_ask_idcs", a_tracker("fr", "ussd"))["text"]

        self.assertEqual("Votre IDCS (10 chiffres) :", short)
        self.assertLess(len(short), len(long))

    def test_a_channel_without_one_gets_the_default(self) -> None:
        self.assertEqual(
            said("utter_ask_idcs", a_tracker("fr", "whatsapp")),
            said("utter_ask_idcs", a_tracker("fr", "sms")),
        )

    def test_the_door_is_told_what_is_expected(self) -> None:
        asked = said("utter_ask_idcs", a_tracker("fr", "ussd"))["custom"]
        told = said("utter_rnp_registered", a_tracker("fr", "ussd"))["custom"]

        self.assertEqual(
            {"expects": "idcs", "language": "fr", "key": "utter_ask_idcs", "form": ""}, asked
        )
        self.assertEqual(
            {"expects": "nothing", "language": "fr", "key": "utter_rnp_registered", "form": ""},
            told,
        )


class Values(unittest.TestCase):
    def test_what_the_action_gives_goes_before_the_slots(self) -> None:
        tracker = a_tracker("fr", left="9")

        self.assertIn(": 2", said("utter_wrong_code", tracker, left="2", text=None)["text"])
        self.assertIn(": 9", said("utter_wrong_code", tracker)["text"])

    def test_a_value_is_never_read_as_a_placeholder(self) -> None:
        answer = said("utter_household", a_tracker("fr"), count="{language}")

        self.assertEqual("Personnes dans le ménage : {language}", answer["text"])

    def test_a_missing_value_fails_the_turn(self) -> None:
        with self.assertRaises(PlaceholderUnfilled):
            said("utter_household", a_tracker("fr"))


class Responses(unittest.TestCase):
    def test_titles_are_translated_and_payloads_are_not(self) -> None:
        answer = said("utter_ask_consent", a_tracker("fr", "ussd"))

        self.assertEqual(["/affirm", "/deny"], [one["payload"] for one in answer["buttons"]])
        self.assertEqual({"title": "Non", "payload": "/deny"}, answer["buttons"][1])

    def test_an_action_may_offer_some_of_the_buttons_in_its_own_order(self) -> None:
        offered = ["/help", "/change_language"]
        answer = said("utter_more", a_tracker("fr"), offered=offered)

        self.assertEqual(offered, [button["payload"] for button in answer["buttons"]])
        self.assertEqual("Changer de langue", answer["buttons"][1]["title"])

    def test_an_action_may_say_what_is_expected(self) -> None:
        answer = said("utter_menu", a_tracker("fr"), expects="code")

        self.assertEqual("code", answer["custom"]["expects"])
        self.assertIs(True, answer["custom"]["root"])

    def test_what_an_action_offers_leaves_the_question_for_the_language_alone(self) -> None:
        answer = said("utter_menu", a_tracker(), offered=["/help"], expects="code")

        self.assertEqual(OWN_NAMES, [button["title"] for button in answer["buttons"]])
        self.assertEqual("menu", answer["custom"]["expects"])

    def test_the_domain_stays_as_it_was(self) -> None:
        before = copy.deepcopy(DOMAIN.responses)
        answer = said("utter_menu", a_tracker("fr"))
        answer["buttons"].clear()

        self.assertEqual(before, DOMAIN.responses)

    def test_an_unknown_key_says_nothing(self) -> None:
        self.assertIsNone(said("utter_unheard_of", a_tracker("fr")))

    def test_rasa_makes_it_by_name_and_gives_it_the_models_responses_later(self) -> None:
        named = EndpointConfig(type="components.catalog_nlg.CatalogNaturalLanguageGenerator")
        nlg: Any = NaturalLanguageGenerator.create(named, None)
        nlg.responses = DOMAIN.responses

        self.assertEqual("Avec plaisir.", said("utter_thanks", a_tracker("fr"), nlg)["text"])


class Wording(unittest.TestCase):
    def setUp(self) -> None:
        folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, folder)
        self.compiled = folder / "fr" / "LC_MESSAGES" / "messages.mo"
        self.compiled.parent.mkdir(parents=True)

    def publish(self, language: str, at: int) -> None:
        shutil.copy(CATALOGS / language / "LC_MESSAGES" / "messages.mo", self.compiled)
        os.utime(self.compiled, (at, at))

    def test_a_new_wording_is_said_without_a_restart(self) -> None:
        self.publish("fr", 1_000)
        catalog = Catalog(self.compiled, look_again_seconds=0)
        first = catalog.text("door_goodbye", "Goodbye.")
        self.publish("ary", 2_000)

        self.assertEqual("Au revoir.", first)
        self.assertEqual("بالسلامة.", catalog.text("door_goodbye", "Goodbye."))

    def test_the_last_wording_is_kept_while_its_file_is_away(self) -> None:
        self.publish("fr", 1_000)
        catalog = Catalog(self.compiled, look_again_seconds=0)
        self.compiled.unlink()

        with self.assertLogs("components.catalog_nlg", "ERROR"):
            self.assertEqual("Au revoir.", catalog.text("door_goodbye", "Goodbye."))

    def test_a_catalog_that_was_never_compiled_stops_the_start(self) -> None:
        with self.assertRaises(FileNotFoundError):
            Catalog(self.compiled)

    def test_a_text_without_a_translation_is_said_in_english_and_reported(self) -> None:
        self.publish("fr", 1_000)

        with self.assertLogs("components.catalog_nlg", "ERROR") as log:
            self.assertEqual("Fresh.", Catalog(self.compiled).text("utter_menu", "Fresh."))
        self.assertIn("no translation in fr of utter_menu", log.output[0])


if __name__ == "__main__":
    unittest.main()
