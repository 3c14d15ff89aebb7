"""The desk: drafts opened and kept sealed, and what is handed in."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Final

from actions.applications.procedures import Procedure
from actions.applications.walk import Filled
from actions.applications.writing import Written
from core.editions import DRAFT, SUBMISSION
from core.errors import TokenRefused
from core.privacy import Seal
from core.references import new_reference
from core.short_words import ShortWords
from records.applications import Applications, HandedIn, submission_context
from records.drafts import Draft, Drafts, draft_context

_NAME_BYTES: Final = 12


@dataclass(frozen=True, slots=True)
class Opened:
    """A draft as it is worked on; `taken` names the last answer that went into it.

    `number_key` is empty where the owner is a verified person.
    """

    id: str
    owner_key: str
    procedure: str
    filled: Filled
    taken: str = ""
    number_key: str = ""

    @property
    def is_begun(self) -> bool:
        """True where there is an answer to lose."""
        return bool(self.filled.answers or self.filled.picked)


class Desk:
    """Drafts and hand-ins in plain words. Every method may raise StoreUnavailable."""

    def __init__(
        self,
        drafts: Drafts,
        applications: Applications,
        seal: Seal,
        procedures: Mapping[str, Procedure],
        short_words: ShortWords,
    ) -> None:
        self.applications = applications
        self.procedures = procedures
        self.short_words = short_words
        self._drafts = drafts
        self._seal = seal

    def find(self, owner_key: str, procedure: str) -> Opened | None:
        """The draft of an owner for a procedure."""
        return self._opened(self._drafts.find(owner_key, procedure))

    def named(self, draft_id: str) -> Opened | None:
        """The draft of that name."""
        return self._opened(self._drafts.named(draft_id)) if draft_id else None

    def of(self, owner_key: str) -> list[Opened]:
        """What an owner began and has not handed in, the last touched first."""
        opened = (self._opened(draft) for draft in self._drafts.of(owner_key))
        return [draft for draft in opened if draft and draft.is_begun]

    def has_others(self, draft: Opened) -> bool:
        """Whether somebody else began the same on the number of a draft."""
        return self._drafts.has_others(draft.number_key, draft.procedure, draft.id)

    def begin(self, owner_key: str, procedure: str, filled: Filled, number_key: str = "") -> Opened:
        """A new draft, kept in the place of any other."""
        name = secrets.token_hex(_NAME_BYTES)
        draft = Opened(name, owner_key, procedure, filled, number_key=number_key)
        self.keep(draft)
        return draft

    def keep(self, draft: Opened) -> None:
        """Keep a draft as it is now."""
        value = DRAFT.dumps({"filled": asdict(draft.filled), "taken": draft.taken})
        sealed = self._seal.close(value, draft_context(draft.id))
        self._drafts.keep(draft.id, draft.owner_key, draft.procedure, sealed, draft.number_key)

    def drop(self, draft: Opened) -> None:
        """Forget a draft."""
        self._drafts.drop(draft.id)

    def hand_in(
        self, draft: Opened, kind: str, number_key: str, person_key: str, written: Written
    ) -> str:
        """Hand a draft in, once, and return the reference the citizen is given."""
        reference = new_reference()
        value = SUBMISSION.dumps(written.value(draft.id, reference))
        return self.applications.hand_in(
            HandedIn(
                idempotency_key=draft.id,
                reference=reference,
                person_key=person_key,
                number_key=number_key,
                kind=kind,
                programme=draft.procedure,
                sealed=self._seal.close(value, submission_context(draft.id)),
                language=written.language,
            )
        )

    def _opened(self, draft: Draft | None) -> Opened | None:
        if draft is None:
            return None
        try:
            value = DRAFT.loads(self._seal.open(draft.sealed, draft_context(draft.id)))
        except TokenRefused:
            # Sealed with a key that is gone: it can be of no more use to anybody.
            return None
        filled = Filled(**{**value["filled"], "picked": tuple(value["filled"]["picked"])})
        taken, number_key = value["taken"], draft.number_key
        return Opened(draft.id, draft.owner_key, draft.procedure, filled, taken, number_key)


def changed(draft: Opened, filled: Filled, taken: str) -> Opened:
    """A draft one answer further."""
    return replace(draft, filled=filled, taken=taken)
