"""The witness of every client in this suite: exchanges are held against what describes them."""

from __future__ import annotations

from actions.registry.calls import Exchange
from tests.contract.registry import openapi, originals, profile

# What was found in the running test; the fixture `held` wants none.
FAULTS: list[str] = []


def hold(exchange: Exchange) -> None:
    """Hold a call and its answer; a call that is refused as faulty may be so."""
    FAULTS.extend(openapi.faults_of_answer(exchange))
    FAULTS.extend(profile.faults_of(exchange))
    if not 400 <= exchange.status < 500:
        FAULTS.extend(openapi.faults_of_request(exchange))
        FAULTS.extend(originals.faults_of(exchange))


def hold_call(exchange: Exchange) -> None:
    """Hold a call alone, where the answer is odd on purpose."""
    FAULTS.extend(openapi.faults_of_request(exchange))
    FAULTS.extend(originals.faults_of(exchange, answers_too=False))
