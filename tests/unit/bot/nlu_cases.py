"""The understanding: folding, keys, tokens, acts, entities, and the classifier saved and loaded."""

from __future__ import annotations

import random
import string
import tempfile
import time
import unittest
from pathlib import Path

from components.absent_modules import answer_absent_modules

answer_absent_modules()

from components.folding import fold, key, keys  # noqa: E402
from components.folding_tokenizer import FoldingTokenizer, tokens_of  # noqa: E402
from components.intent_classifier import OpenSetIntentClassifier  # noqa: E402
from components.phrase_entities import PhraseEntities, aliases_of  # noqa: E402
from components.reference_entities import references_of  # noqa: E402
from components.short_acts import ShortActs  # noqa: E402
from rasa.engine.graph import ExecutionContext, GraphSchema  # noqa: E402
from rasa.engine.storage.local_model_storage import LocalModelStorage  # noqa: E402
from rasa.engine.storage.resource import Resource  # noqa: E402
from rasa.shared.nlu.training_data.message import Message  # noqa: E402
from rasa.shared.nlu.training_data.training_data import TrainingData  # noqa: E402

CONTEXT = ExecutionContext(GraphSchema({}))
RSU = {"entity": "programme", "value": "rsu"}
LINES = [
    ("wach ana msejel f sijil", "check_registration"),
    ("واش راني مسجل", "check_registration"),
    ("suis-je inscrit au registre", "check_registration"),
    ("fin wslat lflous dyali", "track_benefit"),
    ("فين وصلات الفلوس ديالي", "track_benefit"),
    ("où est mon argent", "track_benefit"),
    ("chkoun rbe7 lmatch", "out_of_scope"),
    ("quel temps fait-il", "out_of_scope"),
    ("iyeh", "affirm"),
    ("إيه", "affirm"),
]


def a_message(text: str, **given: object) -> Message:
    message = Message({"text": text, **given})
    FoldingTokenizer(FoldingTokenizer.get_default_config()).process([message])
    return message


def training() -> TrainingData:
    messages = [a_message(text, intent=intent) for text, intent in LINES]
    marked = a_message("je suis au rsu ?", intent="check_registration")
    marked.set("entities", [{**RSU, "start": 11, "end": 14}])
    return TrainingData([*messages, marked])


def trained(component: type, config: dict[str, object] | None = None):  # type: ignore[no-untyped-def]
    """A component trained, saved by Rasa's storage, and loaded again."""
    settings = {**component.get_default_config(), **(config or {})}
    storage = LocalModelStorage(Path(tempfile.mkdtemp()))
    resource = Resource(component.__name__)
    component.create(settings, storage, resource, CONTEXT).train(training())
    return component.load(settings, storage, resource, CONTEXT)


class Folding(unittest.TestCase):
    def test_spellings_of_one_word_become_one(self) -> None:
        for one, other in [
            ("أسألُ", "اسال"),
            ("مدرسة", "مدرسه"),
            ("بزااااف", "بزاف"),
            ("Déjà", "deja"),
            ("٢٠٢٦", "2026"),
            ("s\u200ba\u202elam", "salam"),
            ("ѕаӏ", "sal"),
            ("МОN АRGЕΝТ", "mon argent"),
            ("dоѕѕіеr", "dossier"),
            ("𝐛𝐨𝐧ⓙⓞⓤⓡ", "bonjour"),
            ("ar\u2060ge\ufeffnt\u2069", "argent"),
            ("a\u0336r\u0337g", "arg"),
        ]:
            with self.subTest(one):
                self.assertEqual(fold(other), fold(one))

    def test_tifinagh_becomes_the_letters_the_door_writes(self) -> None:
        self.assertEqual("tasragt", fold("ⵜⴰⵙⵔⴰⴳⵜ"))

    def test_one_word_in_four_scripts_has_one_key(self) -> None:
        self.assertEqual(1, len(set(keys(fold("تسجيل tasjil tsjil ⵜⴰⵙⵊⵉⵍ")))))
        self.assertEqual(1, len(set(keys(fold("واش wach wash ouach")))))
        self.assertEqual("2026", key("2026"))

    def test_tokens_keep_the_place_of_the_word_as_typed(self) -> None:
        text = "فين  l'ARGENT؟"

        self.assertEqual(["فين", "l", "ARGENT"], [text[t.start : t.end] for t in tokens_of(text)])

    def test_unseen_signs_and_marks_do_not_break_a_word(self) -> None:
        for text in ["ar\u2060ge\ufeffnt", "ar\u00adgent", "a\u0336r\u0337g\u0338ent", "ⓐⓡⓖⓔⓝⓣ"]:
            with self.subTest(text):
                self.assertEqual(["argent"], [token.text for token in tokens_of(text)])


class Components(unittest.TestCase):
    def test_a_loaded_classifier_knows_what_it_learnt_and_what_it_is_not(self) -> None:
        classifier = trained(OpenSetIntentClassifier)
        known, foreign = a_message("wach msejel"), a_message("xyzzy plugh")
        classifier.process([known, foreign])

        self.assertEqual("check_registration", known.get("intent")["name"])
        self.assertGreater(known.get("intent")["confidence"], foreign.get("intent")["confidence"])

    def test_a_short_act_is_certain_and_left_alone(self) -> None:
        message = a_message("Iyeh !!")
        trained(ShortActs, {"intents": ["affirm"]}).process([message])
        trained(OpenSetIntentClassifier).process([message])

        self.assertEqual({"name": "affirm", "confidence": 1.0}, message.get("intent"))

    def test_a_phrase_that_was_marked_is_found_in_another_sentence(self) -> None:
        message = a_message("et le RSU alors", intent={"name": "help"})
        trained(PhraseEntities).process([message])
        [found] = message.get("entities")

        self.assertEqual(
            ("programme", "rsu", 6, 9), tuple(found[k] for k in ("entity", "value", "start", "end"))
        )

    def test_an_alias_stands_for_the_files_entity_or_for_its_name(self) -> None:
        folder = Path(tempfile.mkdtemp())
        part, own = folder / "part.toml", folder / "own.toml"
        part.write_text('entity = "whole"\naliases = [\n    "Aide É", "دعمٌ",\n]\n', "utf-8")
        own.write_text('aliases = ["a b"]\n', "utf-8")

        self.assertEqual([("aide e", "whole"), ("دعم", "whole")], list(aliases_of(part)))
        self.assertEqual([("a b", "own")], list(aliases_of(own)))

    def test_an_alias_of_a_programme_file_is_found(self) -> None:
        for text, value in [
            ("kifach ndir n AMO Achamil", "amo_achamil"),
            ("minhaty svp", "minhaty"),
        ]:
            message = a_message(text, intent={"name": "apply"})
            trained(PhraseEntities).process([message])
            with self.subTest(text):
                self.assertEqual([value], [found["value"] for found in message.get("entities")])

    def test_references_are_read_however_they_are_typed(self) -> None:
        for text, value in [
            ("ASD-7K3M-92Q1", "ASD-7K3M-92Q1"),
            ("dossier asd 7k3m 92q1 svp", "ASD-7K3M-92Q1"),
            ("rsu 2024 118823", "RSU-2024-118823"),
            ("RSU-٢٠٢٤-118823", "RSU-2024-118823"),
            ("RЅU-2024-118823", "RSU-2024-118823"),
            ("RS\u200bU-2024-\u2060118823", "RSU-2024-118823"),
        ]:
            with self.subTest(text):
                self.assertEqual([value], [found["value"] for found in references_of(text)])
        self.assertEqual([], references_of("le 12 2024 à 10 h, dossier 2024"))


class BadInput(unittest.TestCase):
    def test_anything_is_read_quickly_and_without_an_exception(self) -> None:
        classifier = trained(OpenSetIntentClassifier)
        classifier.process([a_message("warm up")])
        letters = string.ascii_letters + "اشحال٣ⵣⵓⵍ😀\u202e\u200d 'é"
        noise = random.Random(1)
        for text in [
            "x" * 10_000,
            "bla " * 2_500,
            "😀😀",
            "123456",
            "",
            "\u202e\u200b",
            '/intent{"a": "b"}',
            "".join(noise.choice(letters) for _ in range(10_000)),
        ]:
            with self.subTest(text[:20]):
                began = time.process_time()
                message = a_message(text)
                classifier.process([message])

                self.assertIn("name", message.get("intent"))
                self.assertLess(time.process_time() - began, 0.5)


if __name__ == "__main__":
    unittest.main()
