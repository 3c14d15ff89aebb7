"""One citizen at one procedure: who they are, the draft they are in, and what it may be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from actions.applications.choices import ANYWHERE, BETWEEN, Offer, offers
from actions.applications.desk import Desk, Opened
from actions.applications.procedures import Procedure
from actions.applications.screens import RESUME, Screens
from actions.applications.walk import SKIPPED, Filled, Walk
from actions.attempts import Attempts
from actions.programmes.model import Document
from actions.programmes.questions import Question
from actions.topic import Telling
from core.messages import ChannelKind
from records.applications import Submission

_BIRTH_DATE: Final = "birth_date"


class Sitting:
    """What an action of the form works with, read anew at each message."""

    def __init__(self, telling: Telling, procedure: Procedure) -> None:
        self.telling = telling
        self.procedure = procedure
        self.desk: Desk = telling.services.desk
        self.walk = Walk(procedure.questions)
        self.screens = Screens(telling, procedure, self.walk, self.papers())
        self.idcs = telling.services.verification.verified_idcs(telling.who) or ""
        self.known_as: str = telling.tracker.get_slot("draft") or ""

    @classmethod
    def of(cls, telling: Telling) -> Sitting | None:
        """The sitting of a conversation, or None where nothing is being filled in."""
        procedure = telling.services.desk.procedures.get(
            telling.tracker.get_slot("procedure") or ""
        )
        return cls(telling, procedure) if procedure else None

    @property
    def may_go_on(self) -> bool:
        """True where whoever answers is verified, or need not be."""
        return bool(self.idcs) or not self.procedure.needs_identity

    @property
    def is_withheld(self) -> bool:
        """True where the number in the file cannot be relied on, and how to reach its owner waits.

        Whoever took over a number must not be able to put theirs into the file.
        """
        return self.procedure.kind == "contact" and bool(self.idcs) and self.telling.is_doubtful

    @property
    def declarant(self) -> str:
        """The identifier of the verified citizen; empty where nobody must be verified."""
        return self.idcs if self.procedure.needs_identity else ""

    @property
    def person_key(self) -> str:
        """The key of the verified citizen; empty where nobody must be verified."""
        return self.telling.services.pseudonyms.person(self.declarant) if self.declarant else ""

    def papers(self) -> tuple[Document, ...]:
        """The papers that the programme asks for today; none where nothing is asked for."""
        programme = self.telling.services.programmes.get(self.procedure.key)
        return programme.documents_on(self.telling.services.today()) if programme else ()

    def draft(self) -> Opened | None:
        """The draft as it is, its questions being those of today."""
        if self.procedure.needs_identity:
            found = self.desk.find(self.person_key, self.procedure.key)
        else:
            found = self.desk.named(self.known_as)
            if found and found.procedure != self.procedure.key:
                found = None
        if found is None or found.filled.open == RESUME:
            return found
        return replace(found, filled=self.walk.mended(found.filled))

    def is_resuming(self, draft: Opened) -> bool:
        """True where it must be asked whether to go on with what was begun another time."""
        if draft.filled.open == RESUME:
            return True
        return not self.known_as and draft.is_begun

    def may_be_anothers(self) -> bool:
        """True where another may call now, and the draft already says whom it is about.

        It is found again by the birth date it was given, as nobody is verified here.
        """
        if self.procedure.needs_identity:
            return False
        found = self.draft()
        is_nobodys = found is None or found.owner_key == self.telling.who.number_key
        asks = {question.key for question in self.procedure.questions}
        return not (is_nobodys and _BIRTH_DATE in asks)

    def made_lately(self) -> Submission | None:
        """What the verified citizen handed in so lately that it is not asked for again, or None.

        Whoever never saw the receipt begins anew, and would otherwise make a second request.
        """
        services = self.telling.services
        hours = services.settings.apply_again_hours
        if not hours or not self.declarant or self.procedure.kind != "application":
            return None
        since = services.clock() - timedelta(hours=hours)
        return self.desk.applications.lately(self.person_key, self.procedure.key, since)

    def begin(self) -> Opened:
        """A new draft."""
        number = "" if self.procedure.needs_identity else self.telling.who.number_key
        return self.desk.begin(self.owner(Filled()), self.procedure.key, self.walk.begin(), number)

    def keep(self, draft: Opened, filled: Filled, taken: str) -> Opened:
        """The draft after an answer, kept before anything else is asked.

        Where nobody is verified, the birth date that is given makes it the draft of somebody: what
        the same person began on this number another time comes up again, and nobody else's does.
        Dates that fit nobody are counted, so that they cannot be gone through one by one: after too
        many the draft stands apart, and neither opens nor replaces what another began.
        """
        owner, apart = self.owner(filled), self._apart(draft, filled)
        if draft.owner_key == apart:
            owner = apart
        elif owner != draft.owner_key and self._could_be_anothers(draft):
            guesses, number = self._guesses, self.telling.who.number_key
            other = self.desk.find(owner, self.procedure.key)
            if guesses.are_spent(number, ""):
                owner = apart
            elif other is not None and other.id != draft.id:
                filled, owner = replace(filled, open=RESUME), draft.owner_key
            else:
                guesses.failed(number, "")
        kept = replace(draft, filled=filled, owner_key=owner, taken=taken)
        self.desk.keep(kept)
        return kept

    @property
    def _guesses(self) -> Attempts:
        return self.telling.services.verification.guesses

    def _could_be_anothers(self, draft: Opened) -> bool:
        return not self.procedure.needs_identity and self.desk.has_others(draft)

    def _apart(self, draft: Opened, filled: Filled) -> str:
        """Whose a draft is that must not be found by its birth date."""
        born = filled.answers.get(_BIRTH_DATE)
        told = f"{self.telling.who.number_key}|{born}|{draft.id}"
        return self.telling.services.pseudonyms.person(told)

    def another(self, draft: Opened) -> Opened | None:
        """What the same person began another time, where nobody is verified."""
        return self.desk.find(self.owner(draft.filled), self.procedure.key)

    def owner(self, filled: Filled) -> str:
        """Whose draft it is: the verified person's, or who was born that day on this number."""
        if self.procedure.needs_identity:
            return self.person_key
        number = self.telling.who.number_key
        born = filled.answers.get(_BIRTH_DATE)
        return self.telling.services.pseudonyms.person(f"{number}|{born}") if born else number

    def offers(self, question: Question, filled: Filled) -> tuple[Offer, ...]:
        """What can be chosen. Raises RegistryError."""
        return offers(question, filled, self.telling, self.declarant)

    def needs_letters(self, question: Question) -> bool:
        """True where the answer is words, and this phone has keys for digits only."""
        is_words = question.type == "text" and not question.optional
        return is_words and self.telling.who.kind is ChannelKind.USSD

    def gathered(self, filled: Filled) -> Filled:
        """The open answer made of the parts that were picked."""
        values, labels = zip(*(part.split(BETWEEN, 1) for part in filled.picked), strict=True)
        return self.walk.answer(filled, ",".join(values), ", ".join(labels))

    def without_offers(self, question: Question, filled: Filled) -> Filled | None:
        """What follows where there is nothing (more) to choose; None where it can be typed."""
        if question.type == "members":
            if filled.picked:
                return self.gathered(filled)
            return self.walk.answer(filled, SKIPPED)
        if question.type != "appointment":
            return None
        if not self.declarant and len(filled.picked) < 2:
            self.telling.say("utter_no_office")
            return replace(filled, picked=(ANYWHERE,))
        self.telling.say("utter_no_appointment")
        return self.walk.answer(filled, SKIPPED)
