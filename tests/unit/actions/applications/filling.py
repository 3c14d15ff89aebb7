"""Somebody who fills in an application, action by action, as the engine would have them run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import orjson
import sqlalchemy as sa

from core.privacy import Seal
from core.vault import SHOWN, TOKEN
from records.applications import submission_context
from records.tables import SubmissionRow
from tests.builders import KEY
from tests.unit.actions.world import KHADIJA, Engine, World

PROGRAMMES: Final = Path(__file__).parents[3] / "dialogue" / "programmes"
FORM: Final = "application_form"


class Filler(Engine):
    """An engine that knows the application form; `told` is all that the last answer led to."""

    def __init__(self, world: World, kind: str = "ussd", **more: Any) -> None:
        super().__init__(world, kind, **more)
        self.slots |= dict.fromkeys(("procedure", "draft", "answer", "application", "programme"))
        self.slots["language"] = "fr"
        self.told: list[dict[str, Any]] = []

    def call(self, action: str) -> dict[str, Any]:
        """The webhook call, its responses kept whole."""
        self._action = action
        return super().call(action)

    def verified(self, idcs: str = KHADIJA) -> Filler:
        """Verified, as the identity form leaves it."""
        from actions.verification import State

        self.world.services.verification._write(self.who, State(idcs, "", self.who.session))
        return self

    def begin(self, programme: str = "winter_aid") -> Filler:
        """Ask for a programme, and have the form put its first question."""
        self.hear("apply", programme=programme)
        self.run("action_begin_application")
        return self.enter()

    def enter(self) -> Filler:
        """The form is activated."""
        self.active = FORM
        self.set_slot("requested_slot", "answer")
        return self.ask()

    def ask(self) -> Filler:
        """The form puts its question."""
        self.told = self.responses("action_ask_application_form_answer")
        if self.asked is None:
            self.active = None
        return self

    def type(self, text: str) -> Filler:
        """Answer in words or digits, sealed by the door."""
        return self.send(self.seal(text, "answer"))

    def choose(self, title: str) -> Filler:
        """Choose what the last question offered, by its title or by the name of its own button."""
        return self.send(self.offered()[title])

    def send(self, token: str) -> Filler:
        """Have the form take an answer, and put what comes next."""
        self.hear("inform", answer=token)
        self.add({"event": "action", "name": FORM, "policy": "RulePolicy", "confidence": 1.0})
        self.set_slot("answer", token)
        told = self.responses("validate_application_form")
        if self.asked is None:
            self.active = None
            self.told = told
            return self
        self.ask()
        self.told = [*told, *self.told]
        return self

    def offered(self) -> dict[str, str]:
        """The tokens of the choices by title, and of the response's own buttons by name."""
        found: dict[str, str] = {}
        for response in self.told:
            for choice in response.get("choices") or []:
                token = re.search(r"\[\[choice:[^\]]*\]\]", choice["payload"])
                assert token is not None
                found[self.opened(choice["title"])] = token.group()
            for payload in response.get("offered") or []:
                name = re.search(r"\{(\w+)\}", payload)
                if name:
                    found[name.group(1)] = response[name.group(1)]
        return found

    def opened(self, text: str) -> str:
        """A text as the citizen reads it."""
        vault = self.world.services.vault
        return TOKEN.sub(lambda m: vault.open(m.group(), SHOWN, self.conversation), text)

    def heard(self) -> list[str]:
        """The keys of all that the last answer led to."""
        return [response["response"] for response in self.told]

    def question(self) -> str:
        """The text of the question that is open."""
        asked = [one for one in self.told if one["response"] == "utter_application_question"]
        return str(asked[-1]["question"]) if asked else ""

    def lines(self) -> list[str]:
        """The summary as the citizen reads it."""
        return [
            f"{one['label']}: {self.opened(one['value'])}"
            for one in self.told
            if one["response"] == "utter_application_line"
        ]

    def responses(self, action: str) -> list[dict[str, Any]]:
        """Run an action and return its responses whole."""
        import asyncio

        result = asyncio.run(self.world.executor.run(self.call(action)))
        assert result is not None
        for event in result.events:
            if event["event"] == "slot":
                self.set_slot(event["name"], event["value"])
            elif event["event"] == "active_loop":
                self.active = event["name"]
                self.add(event)
        self.returned = result.events
        return list(result.responses)


def at_the_summary(filler: Filler) -> Filler:
    """Somebody who has answered everything."""
    filler.begin().type("2").choose("Du bois").choose("Oui").type("3/11/2026")
    filler.choose("Amina").choose("Saïd").choose("done")
    return filler.choose("skip").type("0612345678")


def handed_in(world: World) -> list[dict[str, Any]]:
    """What the registry will get."""
    with world.database.reading() as session:
        rows = session.scalars(sa.select(SubmissionRow).order_by(SubmissionRow.id)).all()
        return [
            orjson.loads(Seal(KEY).open(row.sealed, submission_context(row.idempotency_key)))
            for row in rows
        ]
