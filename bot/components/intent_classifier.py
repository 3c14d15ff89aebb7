"""The intent classifier: one linear decision per intent, and a score that knows what it is not.

Every intent is learnt against all others (a linear SVM over TF-IDF features), and messages of
another world are an intent of their own, `out_of_scope`. Words are mended before they are looked
at (components/spelling.py), and every message is learnt with slips as well. The confidence is not a
share among intents, which is high for anything that must be something. It is how far the best
decision stands above that of `out_of_scope`, plus how far above its next rival, squashed into 0..1:
a message that resembles nothing scores low, and so does one that resembles two things, so that
FallbackClassifier's threshold acts on a real open-set score.
"""

from __future__ import annotations

import gzip
import math
from pathlib import Path
from random import Random
from typing import Any, Dict, List, Text, Type

import numpy as np
import orjson
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import TOKENS_NAMES
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import FeatureUnion
from sklearn.svm import LinearSVC

from components import intent_features as features
from components.concepts import LEXICON, Concepts, fingerprint_of
from components.folding_tokenizer import FoldingTokenizer
from components.linear_decisions import LinearDecisions, Terms
from components.spelling import Spelling, misspelt

_TABLES = "tables.json.gz"
_NUMBERS = "numbers.npz"
# Words beyond these say nothing more, and keep a flood of text from costing more than a message.
_MOST_WORDS = 120
_MOST_LETTERS = 40
# Of pieces of words, only those that two messages have.
_RARE = ("letters", "key_letters")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class OpenSetIntentClassifier(IntentClassifier, GraphComponent):
    """Ranks the intents of a message by linear decisions against all others."""

    @classmethod
    def required_components(cls) -> List[Type]:
        """The tokenizer whose words and keys are read."""
        return [FoldingTokenizer]

    @staticmethod
    def fingerprint_addon(config: dict[str, Any]) -> str | None:
        """What Rasa's training cache must also look at: the lexicon."""
        return fingerprint_of(LEXICON.glob("*.tsv"))

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Settings: the SVM's `C`, each feature's weight, and how a gap becomes a confidence."""
        return {
            "C": 0.3,
            "weights": {
                "words": 1.0,
                "letters": 1.0,
                "keys": 1.0,
                "key_letters": 1.0,
                "concepts": 2.0,
            },
            "out_of_scope": "out_of_scope",
            "midpoint": 1.12,
            "slope": 3.0,
            "ranking_length": 5,
        }

    def __init__(
        self,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        learnt: Dict[Text, Any] | None = None,
    ) -> None:
        """Hold what was learnt: the features, the decisions and the lexicon."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._learnt = learnt

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> OpenSetIntentClassifier:
        """An untrained classifier."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> OpenSetIntentClassifier:
        """The classifier as it was trained."""
        with model_storage.read_from(resource) as folder:
            tables = orjson.loads(gzip.decompress((folder / _TABLES).read_bytes()))
            numbers = dict(np.load(folder / _NUMBERS, allow_pickle=False))
        kinds = [
            Terms(tables["terms"][name], numbers[f"idf_{name}"], config["weights"][name])
            for name in features.KINDS
        ]
        learnt = {
            "decisions": LinearDecisions(kinds, numbers["decisions"], numbers["offsets"]),
            "concepts": Concepts.of(tables["concepts"]),
            "spelling": Spelling(tables["frequencies"]),
            "intents": tables["intents"],
        }
        return cls(config, model_storage, resource, learnt)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from every message that has an intent."""
        concepts = Concepts.read()
        examples = [message for message in training_data.intent_examples if message.get(TEXT)]
        texts = [_words(message) for message in examples]
        spelling = Spelling.learn(texts, concepts.forms())
        documents = [features.document_of(text, spelling, concepts) for text in texts]
        union = _features(self._config["weights"]).fit(documents)
        # Each message stands again with a slip that is mended, and with one that could not be.
        chance = Random(0)
        for known in (spelling, None):
            slips = [misspelt(text, chance) for text in texts]
            documents += [features.document_of(slip, known, concepts) for slip in slips]
        matrix = union.transform(documents).astype(np.float32)
        intents = np.array([message.get(INTENT) for message in examples] * 3)
        svm = LinearSVC(C=self._config["C"], random_state=0).fit(matrix, intents)
        with self._model_storage.write_to(self._resource) as folder:
            self._keep(folder, union, concepts, spelling, svm)
        return self._resource

    def _keep(
        self,
        folder: Path,
        union: FeatureUnion,
        concepts: Concepts,
        spelling: Spelling,
        svm: LinearSVC,
    ) -> None:
        """Write what was learnt as numbers and JSON, which load fast and can do nothing else."""
        kinds = dict(union.transformer_list)
        tables = {
            "terms": {name: _terms(kind) for name, kind in kinds.items()},
            "concepts": concepts.tables(),
            "frequencies": spelling.frequencies,
            "intents": list(svm.classes_),
        }
        numbers = {f"idf_{name}": kind.idf_ for name, kind in kinds.items()}
        numbers["decisions"] = np.ascontiguousarray(svm.coef_.T, dtype=np.float16)
        numbers["offsets"] = svm.intercept_.astype(np.float32)
        (folder / _TABLES).write_bytes(gzip.compress(orjson.dumps(tables), mtime=0))
        np.savez_compressed(folder / _NUMBERS, **numbers)

    def process(self, messages: List[Message]) -> List[Message]:
        """Set the intent and the ranking of every message."""
        for message in messages:
            if (message.get(INTENT) or {}).get(PREDICTED_CONFIDENCE_KEY) == 1.0:
                continue  # a short act, known exactly
            ranking = self._rank(message)
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def _rank(self, message: Message) -> List[Dict[Text, Any]]:
        assert self._learnt is not None
        words, other = _words(message), self._config["out_of_scope"]
        if all(len(word) == 1 and word.isalpha() for word in words):
            # Nothing, or single letters that are no short act: they say nothing.
            return [{INTENT_NAME_KEY: other, PREDICTED_CONFIDENCE_KEY: 1.0}]
        spelling, concepts = self._learnt["spelling"], self._learnt["concepts"]
        document = features.document_of(words, spelling, concepts)
        grams = [grams_of(document) for grams_of in features.KINDS.values()]
        scores = self._learnt["decisions"].scores(grams)
        intents: List[str] = self._learnt["intents"]
        outside = max(float(scores[intents.index(other)]) if other in intents else -1.0, -1.0)
        order = np.argsort(-scores)
        ranking = []
        for rank, place in enumerate(order[: self._config["ranking_length"]]):
            rival = float(scores[order[1 if rank == 0 else 0]])
            margin = float(scores[place]) - rival
            gap = margin if intents[place] == other else float(scores[place]) - outside
            confidence = _squash(gap + margin, self._config["midpoint"], self._config["slope"])
            ranking.append({INTENT_NAME_KEY: intents[place], PREDICTED_CONFIDENCE_KEY: confidence})
        return ranking


def _words(message: Message) -> List[str]:
    return [
        token.text[:_MOST_LETTERS]
        for token in (message.get(TOKENS_NAMES[TEXT]) or [])[:_MOST_WORDS]
    ]


def _features(weights: Dict[Text, float]) -> FeatureUnion:
    """The kinds of features, to be fitted."""
    found = []
    for name, grams_of in features.KINDS.items():
        given = {"min_df": 2} if name in _RARE else {}
        found.append((name, TfidfVectorizer(analyzer=grams_of, sublinear_tf=True, **given)))
    return FeatureUnion(found, transformer_weights=weights)


def _terms(kind: TfidfVectorizer) -> List[Text]:
    """The terms of a fitted kind, each at its place."""
    return sorted(kind.vocabulary_, key=kind.vocabulary_.__getitem__)


def _squash(gap: float, midpoint: float, slope: float) -> float:
    return 1.0 / (1.0 + math.exp(-slope * (gap - midpoint)))
