"""Staying in touch: what is handed in is on its way, and who agreed is told of changes.

The actions know a number by its key. The number itself, which the door left sealed for a while, is
kept here only where there will be something to tell it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from actions.conversation import Conversation
from actions.registry.port import Registry
from actions.registry.shapes import EventKind
from core.errors import StoreUnavailable
from core.identifiers import is_phone
from core.logs import log
from core.privacy import Pseudonyms, Seal
from core.reach import Reach
from core.tasks import Tasks
from records.addresses import Addresses, address_context
from records.clock import utc_now
from records.followers import Detail, Follower, Followers

_LOG = log(__name__)
# People move: where they live is asked again after that long.
_HOME_LASTS: Final = timedelta(days=90)
DRAIN = "worker.submissions.drain"
NOTE_HOME = "worker.emergencies.note_home"
UNSUBSCRIBE = "worker.notices.unsubscribe"


class Following:
    """Where people can be written to, and who wants to be. Methods may raise StoreUnavailable."""

    def __init__(
        self,
        registry: Registry,
        followers: Followers,
        addresses: Addresses,
        reach: Reach,
        seal: Seal,
        pseudonyms: Pseudonyms,
        tasks: Tasks,
    ) -> None:
        self._registry = registry
        self._followers = followers
        self._addresses = addresses
        self._reach = reach
        self._seal = seal
        self._pseudonyms = pseudonyms
        self._tasks = tasks

    def shows_number(self, who: Conversation) -> bool:
        """False for somebody on WhatsApp who shows no phone number, and is known by an id alone."""
        heard = self._reach.find(who.number_key)
        return heard is None or is_phone(heard.number)

    def handed_in(self, who: Conversation) -> None:
        """Something of this citizen was handed in: keep where to tell them, and have it sent now.

        Should the queue be down, the schedule of the worker finds it.
        """
        self._keep_number(who)
        self._queue(DRAIN)

    def verified(self, who: Conversation, idcs: str) -> None:
        """A person was verified here: where they follow changes, this is where they are told."""
        person_key = self._pseudonyms.person(idcs)
        if self._followers.used(person_key, who.number_key):
            self._keep_number(who)
            if self._followers.is_home_old(person_key, utc_now() - _HOME_LASTS):
                self._queue(NOTE_HOME, {"idcs": idcs})

    def find(self, who: Conversation, idcs: str) -> Follower | None:
        """What a person agreed to on this number, or None."""
        return self._followers.find(self._pseudonyms.person(idcs), who.number_key)

    def agree(self, who: Conversation, idcs: str, detail: Detail) -> bool:
        """Tell a person of changes on this number from now on; False where it is not known.

        Raises RegistryError.
        """
        if not self._keep_number(who):
            return False
        person_key = self._pseudonyms.person(idcs)
        known = self._followers.of(person_key)
        code = known[0].subscription if known else ""
        code = code or self._registry.subscribe(idcs, tuple(EventKind))
        self._followers.agree(person_key, who.number_key, detail, code)
        self._queue(NOTE_HOME, {"idcs": idcs})
        return True

    def end(self, who: Conversation, idcs: str) -> None:
        """Tell a person of no more changes on this number."""
        code = self._followers.end(self._pseudonyms.person(idcs), who.number_key)
        if code:
            # Until the registry knows, what it tells is about nobody who follows, and is dropped.
            self._queue(UNSUBSCRIBE, {"subscription": code})

    def _keep_number(self, who: Conversation) -> bool:
        heard = self._reach.find(who.number_key)
        if heard is None:
            return False
        sealed = self._seal.close(heard.number.encode(), address_context(who.number_key))
        self._addresses.keep(who.number_key, sealed, heard.kind.value)
        return True

    def _queue(self, task: str, value: dict[str, str] | None = None) -> None:
        try:
            self._tasks.queue(task, value)
        except StoreUnavailable:
            _LOG.warning("task_not_queued", task=task)
