"""Rasa's agent with the quick processor, built from endpoints.yml."""

from __future__ import annotations

import asyncio
from pathlib import Path

import rasa
from rasa.core.agent import Agent
from rasa.core.brokers.broker import EventBroker
from rasa.core.lock_store import LockStore
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.core.tracker_store import TrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.shared.core.domain import Domain

from engine.action_calls import ActionServer
from engine.processor import QuickProcessor

# The release whose methods are overridden here. It is the last of Rasa open source.
RASA = "3.6.21"


class OtherRasa(RuntimeError):
    """Another Rasa is installed than the one whose classes are extended here."""


class QuickAgent(Agent):
    """An agent that loads its model into the quick processor and never falls back to memory."""

    def load_model(self, model_path: str | Path, fingerprint: str | None = None) -> None:
        """Load a model that `rasa train` made."""
        self.processor = QuickProcessor(
            model_path=model_path,
            tracker_store=self.tracker_store,
            lock_store=self.lock_store,
            action_endpoint=self.action_endpoint,
            generator=self.nlg,
            http_interpreter=self.http_interpreter,
        )
        self.domain = self.processor.domain
        self._set_fingerprint(fingerprint)
        self.tracker_store.domain = self.domain
        if isinstance(self.nlg, TemplatedNaturalLanguageGenerator):
            self.nlg.responses = self.domain.responses if self.domain else {}

    @staticmethod
    def _create_tracker_store(store: TrackerStore | None, domain: Domain) -> TrackerStore:
        # Stock Rasa goes on in memory where a store fails, and other engines know nothing of it.
        if store is None:
            raise ValueError("endpoints.yml names no tracker store")
        store.domain = domain
        return store


def load(model: Path, endpoints: Path) -> QuickAgent:
    """The agent of a model and an endpoints.yml. Raises OtherRasa."""
    check_rasa(rasa.__version__)
    found = AvailableEndpoints.read_endpoints(str(endpoints))
    broker = asyncio.run(EventBroker.create(found.event_broker))
    agent = QuickAgent(
        generator=found.nlg,
        tracker_store=TrackerStore.create(found.tracker_store, event_broker=broker),
        lock_store=LockStore.create(found.lock_store),
        action_endpoint=ActionServer.at(found.action),
    )
    agent.load_model(model)
    return agent


def check_rasa(version: str) -> None:
    """Raise OtherRasa for another version than the one that is extended here."""
    if version != RASA:
        raise OtherRasa(
            f"Rasa {version} is installed; bot/engine extends {RASA}. "
            "Compare what it overrides, then run bin/check --equivalence."
        )
