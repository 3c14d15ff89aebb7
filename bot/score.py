"""Reads a labelled file with the trained model, in the engine's own environment.

bot/.venv/bin/python bot/score.py FILE, from the root. FILE holds a JSON object a line, with "text"
and "intent". tests/understanding/test_first_call.py is its caller.
Prints JSON: the number of lines, how many were understood, and those that were not.
"""

import asyncio
import json
import logging
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

from components.absent_modules import answer_absent_modules  # noqa: E402

answer_absent_modules()

from rasa.core.agent import Agent  # noqa: E402
from rasa.utils.log_utils import configure_structlog  # noqa: E402


async def score(lines: list[dict[str, str]]) -> list[list[str]]:
    """The lines whose intent the model does not find, with what it found instead."""
    agent = Agent.load(str(ROOT / "models/twiza.tar.gz"))
    missed = []
    for line in lines:
        intent = (await agent.parse_message(line["text"]))["intent"]["name"]
        declined = line["intent"] == "out_of_scope" and intent == "nlu_fallback"
        if intent != line["intent"] and not declined:
            missed.append([line["text"], line["intent"], intent])
    return missed


configure_structlog(logging.WARNING)
LINES = [json.loads(line) for line in Path(sys.argv[1]).read_text("utf-8").splitlines()]
RESULT = {"lines": len(LINES), "missed": asyncio.run(score(LINES))}
sys.stdout.write(json.dumps(RESULT, ensure_ascii=False) + "\n")
