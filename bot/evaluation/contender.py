"""One model scored for a comparison: `python -m evaluation.contender MODEL THRESHOLD FILE…`.

Run from bot/. Writes the scores of bin/evaluate as JSON, and beside them the share of right answers
among the accepted where the threshold lets 5 % of the in-scope messages fall back: by that number,
`accepted_at_5`, models whose confidences mean different things can be compared.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Sequence
from pathlib import Path

from evaluate import measure, scored
from evaluation.scores import OUT_OF_SCOPE, Line, summary

_ASKED = 0.05


def main() -> None:
    """Score the model of the command line."""
    model, threshold, files = Path(sys.argv[1]), float(sys.argv[2]), map(Path, sys.argv[3:])
    by_file, spent = measure(list(files), model)
    lines = [line for guessed in by_file.values() for line in guessed]
    result = scored(by_file, spent, threshold, with_open_set=True)
    result["accepted_at_5"] = summary(lines, _bar(lines))["accepted_accuracy"]
    result["peak_memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    json.dump(result, sys.stdout)


def _bar(lines: Sequence[Line]) -> float:
    inside = sorted(line.confidence for line in lines if line.intent != OUT_OF_SCOPE)
    return inside[int(_ASKED * len(inside))] if inside else 0.0


if __name__ == "__main__":
    main()
