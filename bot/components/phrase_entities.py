"""Programmes, registers and languages, named by any of the phrases that are known for them.

The phrases are those marked in the training messages, where most of their occurrences are marked,
and, for programmes, the aliases in the programme files (actions/programmes). They are compared as
folded words, the longest first; Arabic prepositions may be glued to the first word, and a long word
that is not known as written may be known by its consonant key. A language counts where one is asked
for, and not the one that is complained about.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any, Dict, Iterator, List, Set, Text, Tuple

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.concepts import fingerprint_of
from components.folding import fold, keys
from components.folding_tokenizer import KEY, FoldingTokenizer

_FILE = "phrases.json"
_PROGRAMMES = Path(__file__).resolve().parents[2] / "actions" / "programmes"
# What is learnt from marks alone; a reference has a form of its own (reference_entities.py).
_KINDS = ("programme", "language")
_LONGEST = 6
_LEAST_KEY = 5
# The least share of a phrase's occurrences in the training messages that are marked.
_LEAST_PURITY = 0.6
_GLUED = re.compile("^[فبولك](?=ال|\\w{4})")
_ASKS_FOR_LANGUAGE = ("change_language", "talk_to_agent")
# Not understanding, not wanting: what stands before the language that is complained about.
_NEGATION = re.compile(r"^(pas|pa|comprend\w*|machi|ماشي|لا|ليس|بدل|ur|wer|(ma|ما)\w+(ch|ش))$")
_NEGATION_REACH = 4
_ALIASES = re.compile(r"^aliases\s*=\s*\[(.*?)\]", re.MULTILINE | re.DOTALL)
_ALIAS = re.compile(r'"([^"]+)"')
_ENTITY = re.compile(r'^entity\s*=\s*"([^"]+)"', re.MULTILINE)

Meaning = Tuple[str, str]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class PhraseEntities(EntityExtractorMixin, GraphComponent):
    """Finds the programmes and languages a message names."""

    @staticmethod
    def fingerprint_addon(config: dict[str, Any]) -> str | None:
        """What Rasa's training cache must also look at: the programmes' aliases."""
        return fingerprint_of(_PROGRAMMES.glob("*.toml"))

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """No settings."""
        return {}

    def __init__(
        self,
        model_storage: ModelStorage,
        resource: Resource,
        phrases: Dict[str, Meaning] | None = None,
    ) -> None:
        """Hold the phrases, folded, with what they name."""
        self._model_storage = model_storage
        self._resource = resource
        self._phrases = phrases or {}
        self._by_key = _single_keys(self._phrases)
        # The most words of a phrase that begins with a word.
        self._longest_of: Dict[str, int] = {}
        for phrase in self._phrases:
            words = phrase.split()
            known = self._longest_of.get(words[0], 0)
            self._longest_of[words[0]] = max(known, min(len(words), _LONGEST))

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> PhraseEntities:
        """An untrained extractor."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> PhraseEntities:
        """The extractor as it was trained."""
        with model_storage.read_from(resource) as folder:
            phrases = json.loads((folder / _FILE).read_text("utf-8"))
        return cls(model_storage, resource, {p: (e, v) for p, (e, v) in phrases.items()})

    def train(self, training_data: TrainingData) -> Resource:
        """Collect the marked phrases and the aliases."""
        learnt: Dict[str, Meaning] = {}
        marks: Counter[str] = Counter()
        for message in training_data.entity_examples:
            for marked in message.get(ENTITIES) or []:
                phrase = fold(message.get(TEXT)[marked["start"] : marked["end"]])
                if phrase and marked["entity"] in _KINDS:
                    learnt[phrase] = (marked["entity"], marked["value"])
                    marks[phrase] += 1
        unmarked = _occurrences_outside_marks(training_data, set(learnt))
        pure = {
            phrase: meaning
            for phrase, meaning in learnt.items()
            if marks[phrase] >= _LEAST_PURITY * (marks[phrase] + unmarked[phrase])
        }
        phrases: Dict[str, Meaning] = {**dict(_aliases()), **pure}
        with self._model_storage.write_to(self._resource) as folder:
            (folder / _FILE).write_text(json.dumps(phrases, ensure_ascii=False), "utf-8")
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        """Add what every message names to its entities."""
        for message in messages:
            tokens = message.get(TOKENS_NAMES[TEXT]) or []
            found = _asked_for(list(self._find(tokens)), message, tokens)
            if found:
                entities = message.get(ENTITIES, []) + self.add_extractor_name(found)
                message.set(ENTITIES, entities, add_to_output=True)
        return messages

    @classmethod
    def required_components(cls) -> List[type]:
        """The tokenizer whose folded words are compared."""
        return [FoldingTokenizer]

    def _find(self, tokens: List[Token]) -> Iterator[Dict[Text, Any]]:
        start = 0
        while start < len(tokens):
            length, meaning = self._longest(tokens, start)
            if meaning:
                first, last = tokens[start], tokens[start + length - 1]
                yield {
                    "entity": meaning[0],
                    "value": meaning[1],
                    "start": first.start,
                    "end": last.end,
                }
            start += max(length, 1)

    def _longest(self, tokens: List[Token], start: int) -> Tuple[int, Meaning | None]:
        first = tokens[start].text
        bare = _GLUED.sub("", first)
        most = max(self._longest_of.get(first, 0), self._longest_of.get(bare, 0))
        for length in range(min(most, len(tokens) - start), 0, -1):
            rest = "".join(f" {token.text}" for token in tokens[start + 1 : start + length])
            meaning = self._phrases.get(first + rest) or self._phrases.get(bare + rest)
            if meaning:
                return length, meaning
        return 1, self._by_key.get(tokens[start].get(KEY))


def _asked_for(
    found: List[Dict[Text, Any]], message: Message, tokens: List[Token]
) -> List[Dict[Text, Any]]:
    languages = [entity for entity in found if entity["entity"] == "language"]
    if not languages:
        return found
    others = [entity for entity in found if entity["entity"] != "language"]
    if (message.get(INTENT) or {}).get("name") not in _ASKS_FOR_LANGUAGE:
        return others
    wanted = [entity for entity in languages if not _is_complained_about(entity, tokens)]
    return others + (wanted or languages)[:1]


def _is_complained_about(entity: Dict[Text, Any], tokens: List[Token]) -> bool:
    before = [token.text for token in tokens if token.start < entity["start"]]
    return any(_NEGATION.match(word) for word in before[-_NEGATION_REACH:])


def _occurrences_outside_marks(training_data: TrainingData, phrases: Set[str]) -> Counter[str]:
    seen: Counter[str] = Counter()
    for message in training_data.intent_examples:
        text = message.get(TEXT) or ""
        for marked in message.get(ENTITIES) or []:
            # A sign no phrase spans keeps the words around a mark apart.
            blank = " | " + " " * (marked["end"] - marked["start"] - 3)
            text = text[: marked["start"]] + blank + text[marked["end"] :]
        words = [word for part in text.split("|") for word in (*fold(part).split(), "|")]
        for length in range(1, _LONGEST + 1):
            for start in range(len(words) - length + 1):
                phrase = " ".join(words[start : start + length])
                if phrase in phrases:
                    seen[phrase] += 1
    return seen


def _single_keys(phrases: Dict[str, Meaning]) -> Dict[str, Meaning]:
    by_key: Dict[str, Meaning] = {}
    ambiguous = set()
    for phrase, meaning in phrases.items():
        found = keys(phrase)
        is_long = " " not in phrase and bool(found) and len(found[0]) >= _LEAST_KEY
        if is_long and by_key.setdefault(found[0], meaning) != meaning:
            ambiguous.add(found[0])
    return {key: meaning for key, meaning in by_key.items() if key not in ambiguous}


def _aliases() -> Iterator[Tuple[str, Meaning]]:
    for path in sorted(_PROGRAMMES.glob("*.toml")):
        for alias, value in aliases_of(path):
            yield alias, ("programme", value)


def aliases_of(path: Path) -> Iterator[Tuple[str, str]]:
    """A programme file's aliases, folded, each with the value it stands for.

    Python 3.10 has no TOML reader: the list and the value are found by their names, at the
    beginning of a line. Without `entity` the value is the file's name.
    """
    text = path.read_text("utf-8")
    named = _ENTITY.search(text)
    for listed in _ALIASES.findall(text):
        for alias in _ALIAS.findall(listed):
            yield fold(alias), named.group(1) if named else path.stem
