"""How well the language of a message is told: `-m evaluation.languages` from bot/, JSON out.

    {"n", "macro_f1", "sure", "wrong", "one_word": {"n", "heard"}, "tifinagh"}

Of the development messages of at least three words, each file's variety in its name: the macro-F1
of the likeliest of Arabic (with Darija), French and Amazigh; the shares that are surely heard, and
heard wrongly. `one_word` counts the development and training messages of one word in Arabic or
Latin letters, and how many of them say a language at all. `tifinagh` is the share of messages in
that script that are heard as Amazigh.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from components.absent_modules import answer_absent_modules

answer_absent_modules()

from rasa.engine.graph import ExecutionContext, GraphSchema  # noqa: E402
from rasa.engine.storage.local_model_storage import LocalModelStorage  # noqa: E402

from components.language_identifier import (  # noqa: E402
    AMAZIGH,
    ARABIC,
    TIFINAGH,
    LanguageIdentifier,
    lines_of,
    script_of,
)

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "models" / "twiza.tar.gz"
LEAST_WORDS = 3


def identifier(model: Path = MODEL) -> LanguageIdentifier:
    """The identifier of a trained model, without the rest of it."""
    with tempfile.TemporaryDirectory() as folder:
        storage, metadata = LocalModelStorage.from_model_archive(Path(folder), model)
        nodes = metadata.predict_schema.nodes.values()
        (node,) = [node for node in nodes if node.uses is LanguageIdentifier]
        assert node.resource is not None
        context = ExecutionContext(GraphSchema({}))
        config = {**LanguageIdentifier.get_default_config(), **node.config}
        return LanguageIdentifier.load(config, storage, node.resource, context)


def development() -> Iterator[tuple[str, str]]:
    """The development messages with the language of their variety, merged."""
    for variety in sorted(path.name for path in (ROOT / "data" / "nlu").iterdir()):
        path = ROOT / "tests" / "understanding" / f"{variety}.jsonl"
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        for line in filter(str.strip, lines):
            yield json.loads(line)["text"], merged(variety.partition("_")[0])


def merged(language: str) -> str:
    """The language, Darija and Arabic as one."""
    return ARABIC[0] if language in ARABIC else language


def measure(known: LanguageIdentifier) -> dict[str, object]:
    """The figures; see the top of this file."""
    labelled = list(development())
    long = [(text, language) for text, language in labelled if len(text.split()) >= LEAST_WORDS]
    guesses = [(language, _likeliest(known, text)) for text, language in long]
    heard = [(language, known.hear(text)) for text, language in long]
    sure = [(language, merged(one["language"])) for language, one in heard if one]
    texts = [*(text for text, _ in labelled), *lines_of(ROOT / "data" / "nlu")]
    words = [text for text in texts if len(text.split()) == 1 and script_of(text) != TIFINAGH]
    tifinagh = [known.hear(text) for text in texts if script_of(text) == TIFINAGH]
    return {
        "n": len(long),
        "macro_f1": _macro_f1(guesses),
        "sure": len(sure) / len(long),
        "wrong": sum(language != guessed for language, guessed in sure) / len(long),
        "one_word": {"n": len(words), "heard": sum(known.hear(word) is not None for word in words)},
        "tifinagh": sum(bool(one) and one["language"] == AMAZIGH for one in tifinagh)
        / len(tifinagh),
    }


def _likeliest(known: LanguageIdentifier, text: str) -> str:
    shares: Counter[str] = Counter()
    for language, share in known.shares(text).items():
        shares[merged(language)] += share  # type: ignore[assignment]
    return max(shares, key=lambda one: shares[one], default="")


def _macro_f1(guesses: list[tuple[str, str]]) -> float:
    right = Counter(language for language, guessed in guesses if language == guessed)
    either = Counter(one for pair in guesses for one in pair)
    languages = {language for language, _ in guesses}
    return sum(2 * right[one] / either[one] for one in languages) / len(languages)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(identifier())) + "\n")
