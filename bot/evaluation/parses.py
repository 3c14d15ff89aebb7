"""What the trained model makes of texts, and the time of a parse, for checks in another Python.

`python -m evaluation.parses MODEL`, from bot/: a JSON list of texts in; out, for each, its intent,
confidence, entities, and the least milliseconds of several parses, of processor time: a busy
machine changes them little.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time
from typing import Any

from components.absent_modules import answer_absent_modules

_TIMES = 5


def main() -> None:
    """Read the texts from the standard input, and write what was understood."""
    answer_absent_modules()
    from rasa.core.agent import Agent
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)
    agent = Agent.load(sys.argv[1])
    found = asyncio.run(_parse_all(agent.processor, json.load(sys.stdin)))
    json.dump(found, sys.stdout)


async def _parse_all(processor: Any, texts: list[str]) -> list[dict[str, Any]]:
    await _parse(processor, "bonjour")
    return [await _parse(processor, text) for text in texts]


async def _parse(processor: Any, text: str) -> dict[str, Any]:
    from rasa.core.channels.channel import UserMessage

    least = float("inf")
    for _ in range(_TIMES):
        began = time.process_time()
        parsed = await processor.parse_message(UserMessage(text))
        least = min(least, (time.process_time() - began) * 1000)
    return {
        "intent": parsed["intent"]["name"],
        "confidence": parsed["intent"]["confidence"],
        "entities": [[e["entity"], e["value"]] for e in parsed["entities"]],
        "least_ms": round(least, 2),
    }


if __name__ == "__main__":
    main()
