"""The command line of the comparison."""

from __future__ import annotations

import argparse
import asyncio
import itertools
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.starting import log_as_json, prepare

prepare()

from equivalence.dialogues import Citizen, read_sentences  # noqa: E402
from equivalence.engines import Clock, Engine, Outcome  # noqa: E402

_SHOWN = 300
_LINES = 5


async def compare(given: argparse.Namespace) -> int:
    """Hold the dialogues; 1 where one turn differs."""
    stock, ours = Engine.stock(given.model), Engine.ours(given.model, given.redis_port)
    sentences = read_sentences(given.data)
    clock, real = Clock(), time.time
    turns = differing = 0
    time.time = clock  # type: ignore[assignment]
    try:
        for number in range(given.seed, given.seed + given.dialogues):
            citizen = Citizen(number, stock.domain, sentences)
            held = await hold(number, citizen, (stock, ours), clock, given.turns)
            turns += held
            differing += held < given.turns
    finally:
        time.time = real
    print(f"{turns} turns in {given.dialogues} dialogues, {differing} dialogues differ", flush=True)
    return 1 if differing else 0


async def hold(
    number: int, citizen: Citizen, engines: tuple[Engine, Engine], clock: Clock, turns: int
) -> int:
    """Hold one dialogue; how many turns it had until the engines differed, or all."""
    replies: list[dict[str, Any]] = []
    said: list[str] = []
    for turn in range(turns):
        clock.now += citizen.silence()
        message = {
            "text": citizen.message(replies),
            "sender_id": f"{citizen.channel}-{number}",
            "input_channel": citizen.channel,
            "metadata": citizen.metadata(),
        }
        said.append(message["text"])
        began = clock.now
        outcomes: list[Outcome] = []
        for engine in engines:
            clock.now = began
            outcomes.append(await engine.turn(f"{number} {turn}", dict(message)))
        if outcomes[0] != outcomes[1]:
            tell(number, said, *outcomes)
            return turn
        replies = outcomes[0]["replies"]
    return turns


def tell(number: int, said: list[str], stock: Outcome, ours: Outcome) -> None:
    """Print where two outcomes differ."""
    print(f"dialogue {number} differs at turn {len(said) - 1}, after {said[-4:]}")
    for path, one, other in itertools.islice(differences(stock, ours), _LINES):
        print(f"  {path}: stock {str(one)[:_SHOWN]}\n  {path}: ours  {str(other)[:_SHOWN]}")


def differences(one: Any, other: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Where two values differ, as deep down as can be told."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in sorted({*one, *other}):
            yield from differences(one.get(name), other.get(name), f"{path}.{name}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for place, pair in enumerate(zip(one, other, strict=True)):
            yield from differences(*pair, f"{path}[{place}]")
    elif one != other:
        yield path, one, other


def read_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m equivalence")
    parser.add_argument("--redis-port", type=int, required=True)
    parser.add_argument("--dialogues", type=int, default=20)
    parser.add_argument("--turns", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--model", type=Path, default=Path("models/twiza.tar.gz"))
    parser.add_argument("--data", type=Path, default=Path("data/nlu"))
    return parser.parse_args()


if __name__ == "__main__":
    log_as_json()
    sys.exit(asyncio.run(compare(read_arguments())))
