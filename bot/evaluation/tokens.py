"""The folded tokens of texts, for checks that run outside the engine's Python.

`python -m evaluation.tokens`, from bot/: a JSON list of texts in, a list of their token lists out.
"""

from __future__ import annotations

import json
import sys

from components.absent_modules import answer_absent_modules


def main() -> None:
    """Read the texts from the standard input, and write their tokens to the standard output."""
    answer_absent_modules()
    from components.folding_tokenizer import tokens_of

    texts = json.load(sys.stdin)
    json.dump([[token.text for token in tokens_of(text)] for text in texts], sys.stdout)


if __name__ == "__main__":
    main()
