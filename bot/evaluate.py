"""bin/evaluate: what the trained model understands of labelled messages.

    bin/evaluate [--json] [--out-of-scope] [--model FILE] FILE.jsonl…

A line of a file is {"text", "intent", "entities": [{"entity", "value"}]}. Loads the model in this
process, through Rasa's own pipeline; needs no server.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from pathlib import Path
from typing import Any

from components.absent_modules import answer_absent_modules

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Read the command line, evaluate, print."""
    parser = argparse.ArgumentParser(prog="bin/evaluate", description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--out-of-scope", action="store_true", help="add AUROC and FPR at 95 %%")
    parser.add_argument("--model", type=Path, default=ROOT / "models/twiza.tar.gz")
    given = parser.parse_args()
    result = evaluate(given.files, given.model, given.out_of_scope)
    sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n" if given.json else table(result))


def evaluate(files: list[Path], model: Path, with_open_set: bool) -> dict[str, Any]:
    """The scores of every file and overall."""
    answer_absent_modules()
    from evaluation import scores
    from evaluation.model import guess, read_lines

    by_file = {path.stem: read_lines(path) for path in files}
    lines, spent = guess(model, [line for read in by_file.values() for line in read])
    at = threshold()
    result: dict[str, Any] = {"files": {}, "overall": scores.summary(lines, at)}
    start = 0
    for stem, read in by_file.items():
        result["files"][stem] = scores.summary(lines[start : start + len(read)], at)
        start += len(read)
    result["per_intent"] = scores.intent_f1(lines, at)
    result["confusions"] = scores.confusions(lines, at)
    cuts = statistics.quantiles(spent, n=20) if len(spent) > 1 else spent * 19
    result["parse_ms"] = {"p50": round(cuts[9], 2), "p95": round(cuts[18], 2)}
    if with_open_set:
        result["out_of_scope"] = scores.open_set(lines)
    return result


def threshold() -> float:
    """The fallback threshold of config.yml."""
    from rasa.shared.utils.io import read_yaml_file

    pipeline = read_yaml_file(ROOT / "config.yml")["pipeline"]
    return float(next(c["threshold"] for c in pipeline if c["name"] == "FallbackClassifier"))


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
