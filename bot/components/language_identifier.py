"""Which language a message is written in, and in which letters; silent unless it is sure.

The script decides first: letters of Tifinagh are Amazigh, whatever they say. Within Arabic and
within Latin letters a small model over pieces of folded words tells the varieties apart, learnt
from the training messages by the folder each stands in. One or two words never say a language:
`oui`, `ok`, `salam` belong to everybody. Identifiers, figures, references, payloads are no words.

A sure message carries the attribute `heard`, `{"language": "ary", "script": "Latn"}`, in what Rasa
returns and keeps of it. It is no entity: it is said of the whole message.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Text

import numpy as np
import orjson
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from components.concepts import fingerprint_of
from components.folding import fold
from components.linear_decisions import LinearDecisions, Terms
from components.reference_entities import references_of
from components.sealed_values import TOKEN

HEARD = "heard"
# Modern Standard Arabic and Darija are one language here: who reads one reads the other.
ARABIC = ("ar", "ary")
AMAZIGH, TIFINAGH = "zgh", "Tfng"

_ROOT = Path(__file__).resolve().parents[2]
_TABLES = "languages.json"
_NUMBERS = "languages.npz"
# What is learnt for each script, beside the pieces: their frequencies, weights, and offsets.
_ARRAYS = ("idf", "weights", "offsets")
_LETTERS = {
    TIFINAGH: re.compile("[\u2d30-\u2d6f]"),
    "Arab": re.compile(
        "[\u0620-\u064a\u066e-\u06d3\u0750-\u077f\u08a0-\u08b4\ufb50-\ufdff\ufe70-\ufefc]"
    ),
    "Latn": re.compile("[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u1e00-\u1eff]"),
}
# One letter of Tifinagh is a sign of the Amazigh flag, in a text of any language.
_LEAST_TIFINAGH = 2
# Names and words that all four languages write.
_EVERYBODYS = frozenset(
    (
        *("rsu", "rnp", "asd", "amo", "tadamon", "tayssir", "daam", "ramed"),
        *("idcs", "cnie", "cin", "cnss", "sms", "whatsapp", "ok", "menu", "stop"),
    )
)
# Words beyond these say nothing more, and keep a flood of text from costing more than a message.
_MOST_WORDS, _LONGEST_WORD = 60, 40
# A line of examples in Rasa's training files, and a marked entity in it.
_LINE = re.compile(r"^\s+- (?!intent:)(.+)$", re.MULTILINE)
_MARK = re.compile(r"\[([^\[\]]+)\](?:\{[^{}]*\}|\([^()]*\))")

_LONGEST_PIECE = 4


class Learnt(NamedTuple):
    """For one script: the languages, and how pieces of words decide between them."""

    languages: List[Text]
    decisions: LinearDecisions


# Rasa has no kind of stage for this; an extractor may stand anywhere and need not find entities.
@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class LanguageIdentifier(GraphComponent):
    """Says which language a message is surely written in."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Settings: the folder with a folder per variety, and when a message is sure."""
        return {"folder": "data/nlu", "C": 10.0, "pieces": 20_000, "least_words": 3, "sure": 0.9}

    @staticmethod
    def fingerprint_addon(config: Dict[str, Any]) -> str | None:
        """What Rasa's training cache must also look at: which line stands in which folder."""
        folder = _ROOT / config.get("folder", LanguageIdentifier.get_default_config()["folder"])
        return fingerprint_of(folder.glob("*/*.yml")) if folder.is_dir() else None

    def __init__(
        self,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        learnt: Dict[Text, Learnt] | None = None,
    ) -> None:
        """Hold what was learnt, by script."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._learnt = learnt or {}

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageIdentifier:
        """An untrained identifier."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LanguageIdentifier:
        """The identifier as it was trained."""
        with model_storage.read_from(resource) as folder:
            tables = orjson.loads((folder / _TABLES).read_bytes())
            numbers = dict(np.load(folder / _NUMBERS, allow_pickle=False))
        learnt = {}
        for script, (languages, pieces) in tables.items():
            idf, weights, offsets = (numbers[f"{name}_{script}"] for name in _ARRAYS)
            decisions = LinearDecisions([Terms(pieces, idf)], weights, offsets.astype(np.float64))
            learnt[script] = Learnt(languages, decisions)
        return cls(config, model_storage, resource, learnt)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from every training message whose folder is known."""
        languages = lines_of(_ROOT / self._config["folder"])
        texts: Dict[str, List[List[str]]] = {}
        labels: Dict[str, List[str]] = {}
        for message in training_data.training_examples:
            text = message.get(TEXT) or ""
            script, words = script_of(text), words_of(text)
            language = languages.get(text.strip())
            if script and words and language:
                texts.setdefault(script, []).append(words)
                labels.setdefault(script, []).append(language)
        tables, numbers = {}, {}
        for script in texts:
            if script != TIFINAGH and len(set(labels[script])) > 1:
                languages, pieces, *arrays = self._learn(texts[script], labels[script])
                tables[script] = (languages, pieces)
                numbers |= {f"{n}_{script}": a for n, a in zip(_ARRAYS, arrays, strict=True)}
        with self._model_storage.write_to(self._resource) as folder:
            (folder / _TABLES).write_bytes(orjson.dumps(tables))
            np.savez_compressed(folder / _NUMBERS, **numbers)
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        """Set what is heard in every message that is sure."""
        for message in messages:
            heard = self.hear(message.get(TEXT) or "")
            if heard:
                message.set(HEARD, heard, add_to_output=True)
        return messages

    def hear(self, text: Text) -> Dict[Text, Text] | None:
        """The language and the script of a text, or None where it is not sure."""
        if text.startswith("/"):
            return None
        script = script_of(text)
        if script == TIFINAGH:
            return {"language": AMAZIGH, "script": script}
        words = words_of(text)
        if len(set(words)) < self._config["least_words"]:
            return None
        shares = self._shares(script, words)
        language = max(shares, key=lambda one: shares[one], default="")
        alike = ARABIC if language in ARABIC else (language,)
        if sum(shares.get(one, 0.0) for one in alike) < self._config["sure"]:
            return None
        return {"language": language, "script": script}

    def shares(self, text: Text) -> Dict[Text, float]:
        """How likely each language is, together 1; empty for a text of no known script."""
        script = script_of(text)
        return {AMAZIGH: 1.0} if script == TIFINAGH else self._shares(script, words_of(text))

    def _shares(self, script: Text, words: List[Text]) -> Dict[Text, float]:
        if script not in self._learnt:
            return {}
        languages, decisions = self._learnt[script]
        scores = decisions.scores([pieces_of(words)])
        likely = np.exp(scores - scores.max())
        shares = (likely / likely.sum()).tolist()
        return dict(zip(languages, shares, strict=True))

    def _learn(self, texts: List[List[Text]], labels: List[str]) -> List[Any]:
        """The languages of a script, the pieces of its words, and the arrays of _ARRAYS."""
        kind = TfidfVectorizer(
            analyzer=pieces_of, sublinear_tf=True, max_features=self._config["pieces"]
        )
        matrix = kind.fit_transform(texts)
        model = LogisticRegression(
            C=self._config["C"], class_weight="balanced", max_iter=1000, random_state=0
        ).fit(matrix, labels)
        weights, offsets, languages = model.coef_, model.intercept_, list(model.classes_)
        if len(languages) == 2:  # one row for two classes: the other is its mirror
            weights, offsets = np.vstack([-weights, weights]) / 2, np.array([-1, 1]) * offsets / 2
        pieces = sorted(kind.vocabulary_, key=kind.vocabulary_.__getitem__)
        weights = np.ascontiguousarray(weights.T, dtype=np.float32)
        return [languages, pieces, kind.idf_, weights, offsets.astype(np.float32)]


def script_of(text: Text) -> Text:
    """The script most letters of a text are of, `Arab`, `Latn` or `Tfng`; empty where none is."""
    text = TOKEN.sub(" ", text)
    counts = {script: len(letters.findall(text)) for script, letters in _LETTERS.items()}
    if counts[TIFINAGH] < _LEAST_TIFINAGH:
        counts[TIFINAGH] = 0
    most = max(counts, key=lambda script: counts[script])
    return most if counts[most] else ""


def words_of(text: Text) -> List[Text]:
    """The folded words of a text that may tell its language, in their order."""
    text = TOKEN.sub(" ", text)
    for reference in reversed(references_of(text)):
        text = f"{text[: reference['start']]} {text[reference['end'] :]}"
    words = []
    for typed in text.split()[:_MOST_WORDS]:
        word = fold(typed[:_LONGEST_WORD])
        if any(letter.isalpha() for letter in word) and word not in _EVERYBODYS:
            words.append(word)
    return words


def pieces_of(words: List[Text]) -> List[Text]:
    """Pieces of 1 to 4 letters of folded words, with a space at each word's edges."""
    pieces = []
    for word in words:
        for part in word.split():
            edged = f" {part} "
            for size in range(1, min(_LONGEST_PIECE, len(edged)) + 1):
                pieces += [edged[i : i + size] for i in range(len(edged) - size + 1)]
    return pieces


def lines_of(folder: Path) -> Dict[Text, Text]:
    """The language of every training line, by its text; empty for what several languages say.

    `folder` holds a folder for each variety, whose name begins with the code of its language.
    """
    found: Dict[Text, Text] = {}
    for path in sorted(folder.glob("*/*.yml")):
        language = path.parent.name.partition("_")[0]
        for line in _LINE.findall(path.read_text("utf-8")):
            text = _MARK.sub(r"\1", line).strip()
            found[text] = language if found.get(text, language) == language else ""
    return found
