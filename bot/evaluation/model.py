"""The trained model in this process: labelled lines in, guesses out, with the time each took."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.utils.log_utils import configure_structlog

from evaluation.scores import Line

_FALLBACK = "nlu_fallback"


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The labelled messages of a JSON-lines file."""
    texts = path.read_text("utf-8").splitlines()
    return [json.loads(text) for text in texts if text.strip()]


def guess(model: Path, labelled: list[dict[str, Any]]) -> tuple[list[Line], list[float]]:
    """What the model makes of each message, and the milliseconds of each parse."""
    configure_structlog(logging.WARNING)
    logging.getLogger("rasa").setLevel(logging.ERROR)
    return asyncio.run(_guess(Agent.load(str(model)), labelled))


async def _guess(agent: Agent, labelled: list[dict[str, Any]]) -> tuple[list[Line], list[float]]:
    lines, spent = [], []
    assert agent.processor is not None
    for one in labelled:
        began = time.perf_counter()
        parsed = await agent.processor.parse_message(UserMessage(one["text"]))
        spent.append((time.perf_counter() - began) * 1000)
        lines.append(_line(one, parsed))
    return lines, spent


def _line(labelled: dict[str, Any], parsed: dict[str, Any]) -> Line:
    ranking = [r for r in parsed.get("intent_ranking") or [] if r["name"] != _FALLBACK]
    top = ranking[0] if ranking else {"name": "", "confidence": 0.0}
    return Line(
        intent=labelled["intent"],
        entities=frozenset((e["entity"], e["value"]) for e in labelled.get("entities") or []),
        guessed=top["name"] or "",
        confidence=top["confidence"],
        found=frozenset((e["entity"], e["value"]) for e in parsed["entities"]),
    )
