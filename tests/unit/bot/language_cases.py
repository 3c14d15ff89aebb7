"""Which language a message is in: learnt, saved, loaded, and adopted where none was chosen."""

from __future__ import annotations

import tempfile
import time
import unittest
from pathlib import Path
from typing import Any

from components.absent_modules import answer_absent_modules

answer_absent_modules()

from components.heard_language import HeardLanguage, heard_in, was_adopted  # noqa: E402
from components.language_identifier import LanguageIdentifier, lines_of, words_of  # noqa: E402
from rasa.engine.graph import ExecutionContext, GraphSchema  # noqa: E402
from rasa.engine.storage.local_model_storage import LocalModelStorage  # noqa: E402
from rasa.engine.storage.resource import Resource  # noqa: E402
from rasa.shared.core.domain import Domain  # noqa: E402
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered  # noqa: E402
from rasa.shared.core.slots import TextSlot  # noqa: E402
from rasa.shared.core.trackers import DialogueStateTracker  # noqa: E402
from rasa.shared.nlu.training_data.message import Message  # noqa: E402
from rasa.shared.nlu.training_data.training_data import TrainingData  # noqa: E402

CONTEXT = ExecutionContext(GraphSchema({}))
TOKEN = "[[idcs:AAAAAAAAAAAAAAAAAAAAAA:42]]"
LINES = {
    "ar": ["هل أنا مسجل في السجل", "متى أستلم الدعم الخاص بي", "أريد تغيير رقم هاتفي"],
    "ary_arab": ["واش راني مسجل ف السجل", "فوقاش غادي توصلني لفلوس", "بغيت نبدل النمرة ديالي"],
    "ary_latn": ["wach ana msejel f sijil", "fo9ach ghadi tjini lflous", "bghit nbdel nmra dyali"],
    "fr": ["suis-je inscrit au registre", "quand est-ce que je reçois l'argent", "changer mon nom"],
    "zgh_latn": [
        "is tuzmmmegh gh warra",
        "managu rad yachk wadrim inu",
        "righ ad snflgh uttun inu",
    ],
    "zgh_tfng": ["ⵉⵙ ⵜⵜⵓⵣⵎⵎⵎⵖ", "ⵎⴰⵏⴰⴳⵓ ⵔⴰⴷ ⵢⴰⵛⴽ ⵡⴰⴷⵔⵉⵎ"],
    "zgh_arab": ["ايس توزممغ غ وارا", "ماناگو راد ياشك وادريم اينو", "ريغ اد سنفلغ اوطون اينو"],
}


def identifier() -> LanguageIdentifier:
    """One that learnt the lines above, was saved by Rasa's storage, and loaded again."""
    folder = Path(tempfile.mkdtemp())
    for variety, lines in LINES.items():
        path = folder / variety / "topic.yml"
        path.parent.mkdir()
        # The first line names a programme, the second stands under every variety.
        marked = f'{lines[0]} [rsu]{{"entity": "programme", "value": "rsu"}}'
        examples = "\n".join(f"      - {line}" for line in (marked, "allo", *lines[1:]))
        path.write_text(f"nlu:\n  - intent: help\n    examples: |\n{examples}\n", "utf-8")
    texts = [text for text in lines_of(folder) if text != "allo"]
    data = TrainingData([Message({"text": text, "intent": "help"}) for text in (*texts, "allo")])
    settings = {**LanguageIdentifier.get_default_config(), "folder": str(folder), "sure": 0.5}
    storage, resource = LocalModelStorage(Path(tempfile.mkdtemp())), Resource("languages")
    LanguageIdentifier.create(settings, storage, resource, CONTEXT).train(data)
    return LanguageIdentifier.load(settings, storage, resource, CONTEXT)


class Identifying(unittest.TestCase):
    known: LanguageIdentifier

    @classmethod
    def setUpClass(cls) -> None:
        cls.known = identifier()

    def test_a_message_is_heard_in_its_language_and_its_letters(self) -> None:
        for text, language, script in [
            ("quand est-ce que je reçois mon argent", "fr", "Latn"),
            ("wach ghadi tjini lflous dyali", "ary", "Latn"),
            ("managu rad yachk uttun inu", "zgh", "Latn"),
            ("ماناگو راد سنفلغ اينو", "zgh", "Arab"),
            ("هل أنا مسجل وأريد تغيير رقم", "ar", "Arab"),
            ("واش بغيت نبدل النمرة ديالي", "ary", "Arab"),
        ]:
            with self.subTest(text):
                self.assertEqual({"language": language, "script": script}, self.known.hear(text))

    def test_letters_of_tifinagh_are_amazigh_whatever_they_say(self) -> None:
        for text in ("ⴰⵣⵓⵍ", "ⵜⴰⴱⵔⴰⵜ ⵏⵏⵓⵏ RSU", "ⵢⴰⵀ 😀"):
            with self.subTest(text):
                self.assertEqual({"language": "zgh", "script": "Tfng"}, self.known.hear(text))

    def test_the_sign_of_the_flag_is_no_message_in_tifinagh(self) -> None:
        heard = self.known.hear("quand est-ce que je reçois mon argent ⵣ") or {}

        self.assertEqual("fr", heard.get("language"))
        self.assertIsNone(self.known.hear("ⵣ"))

    def test_one_or_two_words_never_say_a_language(self) -> None:
        for text in (
            "oui",
            "ok",
            "merci",
            "نعم",
            "yah",
            "changer mon",
            "oui oui oui oui",
            "ok RSU",
        ):
            with self.subTest(text):
                self.assertIsNone(self.known.hear(text))

    def test_what_is_no_word_is_not_counted(self) -> None:
        for text in (
            f"{TOKEN} {TOKEN} changer mon",
            "changer mon 12 1980 ٣",
            "changer ASD-7K3M-92Q1 mon",
            "changer mon RSU RNP IDCS",
            '/choose_language{"language": "fr"} changer mon nom',
            "😀 😀 😀",
            "Быть или не быть",
            "",
        ):
            with self.subTest(text):
                self.assertIsNone(self.known.hear(text))
        self.assertEqual(["changer", "nom"], words_of(f"changer {TOKEN} nom"))

    def test_what_is_heard_is_said_of_the_message_and_is_no_entity(self) -> None:
        sure, unsure = (Message({"text": text}) for text in ("changer mon nom", "oui"))
        self.known.process([sure, unsure])

        told = sure.as_dict(only_output_properties=True)
        self.assertEqual({"language": "fr", "script": "Latn"}, told["heard"])
        self.assertIsNone(sure.get("entities"))
        self.assertIsNone(unsure.get("heard"))

    def test_a_line_that_several_varieties_have_teaches_nothing(self) -> None:
        folder = Path(tempfile.mkdtemp())
        for variety in ("fr", "ary_latn"):
            (folder / variety).mkdir()
            (folder / variety / "a.yml").write_text(
                f"      - allo\n      - {variety} va\n", "utf-8"
            )

        self.assertEqual({"allo": "", "fr va": "fr", "ary_latn va": "ary"}, lines_of(folder))

    def test_anything_is_read_quickly(self) -> None:
        for text in ("x" * 10_000, "mot " * 2_500, "ⵣ" * 10_000, "asd-1a2b " * 1_000):
            began = time.process_time()
            self.known.hear(text)
            self.assertLess(time.process_time() - began, 0.05, text[:10])


def a_tracker(
    heard: dict[str, str] | None, language: str | None = None, intent: str = "help"
) -> Any:
    """A conversation at the moment after a message, before the first action."""
    tracker = DialogueStateTracker("c", [TextSlot("language", mappings=[])])
    if language:
        tracker.update(SlotSet("language", language))
    tracker.update(ActionExecuted("action_listen"))
    parsed: Any = {
        "intent": {"name": intent},
        "entities": [],
        **({"heard": heard} if heard else {}),
    }
    tracker.update(UserUttered("…", {"name": intent}, [], parsed))
    return tracker


FRENCH = {"language": "fr", "script": "Latn"}


class Adopting(unittest.TestCase):
    def predict(self, tracker: Any) -> Any:
        storage = LocalModelStorage(Path(tempfile.mkdtemp()))
        policy = HeardLanguage.load(
            HeardLanguage.get_default_config(), storage, Resource("p"), CONTEXT
        )
        return policy.predict_action_probabilities(tracker, Domain.empty())

    def test_where_none_was_chosen_the_language_heard_is_adopted(self) -> None:
        tracker = a_tracker(FRENCH)
        predicted = self.predict(tracker)
        tracker.update_with_events(predicted.events, Domain.empty())

        self.assertEqual("fr", tracker.get_slot("language"))
        self.assertEqual(0.0, predicted.max_confidence)
        self.assertTrue(was_adopted(tracker))

    def test_a_language_that_was_chosen_stays(self) -> None:
        tracker = a_tracker(FRENCH, language="ary")

        self.assertEqual([], self.predict(tracker).events)
        self.assertEqual(FRENCH, heard_in(tracker))
        self.assertFalse(was_adopted(tracker))

    def test_nothing_is_adopted_of_a_message_that_is_not_sure(self) -> None:
        self.assertEqual([], self.predict(a_tracker(None)).events)

    def test_who_asks_for_a_language_is_not_given_the_one_they_ask_in(self) -> None:
        self.assertEqual([], self.predict(a_tracker(FRENCH, intent="change_language")).events)

    def test_it_speaks_before_the_first_action_only(self) -> None:
        tracker = a_tracker(FRENCH)
        tracker.update(ActionExecuted("action_open"))

        self.assertEqual([], self.predict(tracker).events)


if __name__ == "__main__":
    unittest.main()
