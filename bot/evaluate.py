"""bin/evaluate: what the trained model understands of labelled messages.

    bin/evaluate [--json] [--out-of-scope] [--plots DIR] [--model FILE] FILE.jsonl…
    bin/evaluate --publish

A line of a file is {"text", "intent", "entities": [{"entity", "value"}]}. Loads the model in this
process, through Rasa's own pipeline; needs no server. `--plots` writes three pictures (SVG).
`--publish` measures the development messages of every variety, and writes the numbers and pictures
of docs/understanding.md anew; it also trains the classifier without each of its parts (minutes).
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from components.absent_modules import answer_absent_modules

if TYPE_CHECKING:
    from evaluation.scores import Line

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "understanding.md"
PICTURES = ROOT / "docs" / "pictures" / "understanding"
# In the order of the tables: a development file has the name of its variety.
VARIETIES = ("ar", "ary_arab", "ary_latn", "fr", "zgh_latn", "zgh_tfng", "zgh_arab")


def main() -> None:
    """Read the command line, evaluate, print or write."""
    parser = argparse.ArgumentParser(prog="bin/evaluate", description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--out-of-scope", action="store_true", help="add AUROC and FPR at 95 %%")
    parser.add_argument("--plots", type=Path, metavar="DIR", help="write pictures into a folder")
    parser.add_argument("--publish", action="store_true", help="write docs/understanding.md anew")
    parser.add_argument("--model", type=Path, default=ROOT / "models/twiza.tar.gz")
    given = parser.parse_args()
    if given.publish:
        given.files, given.out_of_scope, given.plots = development_files(), True, PICTURES
    if not given.files:
        parser.error("name a file of labelled messages")
    by_file, spent = measure(given.files, given.model)
    at = threshold()
    result = scored(by_file, spent, at, given.out_of_scope)
    if given.plots:
        from evaluation.page import write_pictures

        write_pictures(given.plots, by_file, at, intents())
    if given.publish:
        publish(result, given.files, at)
    sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n" if given.json else table(result))


def publish(result: Mapping[str, Any], files: Sequence[Path], at: float) -> None:
    """Write the numbers of docs/understanding.md anew, and what each part is worth."""
    from evaluation.ablation import measure_parts
    from evaluation.page import numbers, with_part, worth

    day = datetime.now(timezone.utc).date().isoformat()
    parts = worth(measure_parts(files), day)
    page = with_part(PAGE.read_text("utf-8"), "numbers", numbers(result, day, at))
    page = with_part(page, "parts", parts)
    PAGE.write_text(page, "utf-8")


def development_files() -> list[Path]:
    """The development messages of every variety: the known ones first, then any that were added."""
    folder = ROOT / "tests" / "understanding"
    known = [folder / f"{variety}.jsonl" for variety in VARIETIES]
    added = {folder / f"{path.name}.jsonl" for path in (ROOT / "data/nlu").iterdir()} - {*known}
    return [path for path in [*known, *sorted(added)] if path.exists()]


def measure(files: Sequence[Path], model: Path) -> tuple[dict[str, list[Line]], list[float]]:
    """What the model makes of each file's lines, by its stem, and each parse's milliseconds."""
    answer_absent_modules()
    from evaluation.model import guess, read_lines

    read = {path.stem: read_lines(path) for path in files}
    lines, spent = guess(model, [line for labelled in read.values() for line in labelled])
    guessed = iter(lines)
    return {stem: [next(guessed) for _ in labelled] for stem, labelled in read.items()}, spent


def scored(
    by_file: Mapping[str, Sequence[Line]], spent: list[float], at: float, with_open_set: bool
) -> dict[str, Any]:
    """The scores of every file and overall, at a threshold."""
    from evaluation import scores

    lines = [line for guessed in by_file.values() for line in guessed]
    cuts = statistics.quantiles(spent, n=20) if len(spent) > 1 else spent * 19
    result: dict[str, Any] = {
        "files": {stem: scores.summary(guessed, at) for stem, guessed in by_file.items()},
        "overall": scores.summary(lines, at),
        "per_intent": scores.intent_f1(lines, at),
        "confusions": scores.confusions(lines, at),
        "parse_ms": {"p50": round(cuts[9], 2), "p95": round(cuts[18], 2)},
    }
    if with_open_set:
        result["out_of_scope"] = scores.open_set(lines)
    return result


def threshold() -> float:
    """The fallback threshold of config.yml."""
    from rasa.shared.utils.io import read_yaml_file

    pipeline = read_yaml_file(ROOT / "config.yml")["pipeline"]
    return float(next(c["threshold"] for c in pipeline if c["name"] == "FallbackClassifier"))


def intents() -> list[str]:
    """The intents of bot/domain/intents.yml, in its order, which puts kindred ones side by side."""
    from rasa.shared.utils.io import read_yaml_file

    listed = read_yaml_file(ROOT / "bot" / "domain" / "intents.yml")["intents"]
    return [intent for intent in listed if isinstance(intent, str)]


def table(result: dict[str, Any]) -> str:
    """The result for a reader."""
    titles = ("accuracy", "macro F1", "entities", "fallback", "accepted")
    rows = [f"{'':14}" + "".join(f"{title:>9}" for title in titles) + f"{'n':>6}"]
    for name, row in [*result["files"].items(), ("overall", result["overall"])]:
        numbers = ("accuracy", "macro_f1", "entity_f1", "fallback", "accepted_accuracy")
        rows.append(f"{name:14}" + "".join(f"{row[n]:9.3f}" for n in numbers) + f"{row['n']:6}")
    rows.append(f"parse: p50 {result['parse_ms']['p50']} ms, p95 {result['parse_ms']['p95']} ms")
    if "out_of_scope" in result:
        rows.append(
            "out of scope: AUROC {auroc}, FPR at 95 % {fpr_at_95}".format(**result["out_of_scope"])
        )
    rows += [
        f"{count:4} {intent} taken for {guessed}" for intent, guessed, count in result["confusions"]
    ]
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    main()
