"""What each kind of feature is worth: the classifier trained without it, on labelled messages.

The classifier alone is measured: no short acts, no threshold. Half a minute for each row.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from components.absent_modules import answer_absent_modules

NLU = Path(__file__).resolve().parents[2] / "data" / "nlu"
# What a row leaves out, by the names of the classifier's weights.
ROWS = {
    "everything": (),
    "no concepts": ("concepts",),
    "no keys": ("keys", "key_letters"),
    "no keys, no concepts": ("keys", "key_letters", "concepts"),
    "no pieces of words": ("letters", "key_letters"),
    "words alone": ("letters", "keys", "key_letters", "concepts"),
}


def measure_parts(files: Sequence[Path]) -> list[list[str]]:
    """A head, then a row for each thing left out: its name, the accuracy of each file and of all.

    Accuracies are in per cent.
    """
    answer_absent_modules()
    from rasa.shared.nlu.training_data.loading import load_data
    from rasa.shared.nlu.training_data.message import Message

    from components.folding_tokenizer import FoldingTokenizer
    from evaluation.model import read_lines

    tokenizer = FoldingTokenizer(FoldingTokenizer.get_default_config())
    training = tokenizer.process_training_data(load_data(str(NLU)))
    read = {path.stem: read_lines(path) for path in files}
    total = sum(len(lines) for lines in read.values())
    rows = [["the classifier with", *read, "all"]]
    for name, left_out in ROWS.items():
        classifier = trained_without(left_out, training)
        right, row = 0, [name]
        for lines in read.values():
            messages = tokenizer.process([Message({"text": line["text"]}) for line in lines])
            guesses = [message.get("intent")["name"] for message in classifier.process(messages)]
            found = sum(line["intent"] == guess for line, guess in zip(lines, guesses, strict=True))
            right += found
            row.append(f"{100 * found / len(lines):.1f}")
        rows.append([*row, f"{100 * right / total:.1f}"])
    return rows


def trained_without(left_out: Sequence[str], training: Any) -> Any:
    """The classifier, trained with some kinds of features at no weight."""
    from rasa.engine.graph import ExecutionContext, GraphSchema
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.engine.storage.resource import Resource

    from components.intent_classifier import OpenSetIntentClassifier

    config = OpenSetIntentClassifier.get_default_config()
    config["weights"] = {**config["weights"], **dict.fromkeys(left_out, 0.0)}
    context = ExecutionContext(GraphSchema({}))
    with tempfile.TemporaryDirectory() as folder:
        storage, resource = LocalModelStorage(Path(folder)), Resource("intents")
        OpenSetIntentClassifier.create(config, storage, resource, context).train(training)
        return OpenSetIntentClassifier.load(config, storage, resource, context)
