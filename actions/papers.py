"""Places for the files that citizens send, and the way to the worker that fetches them.

Here it is decided where a file belongs; what is in it is fetched and checked by worker/media.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import orjson

from core.editions import FILE
from core.errors import StoreUnavailable
from core.logs import log
from core.messages import Media
from core.privacy import Pseudonyms, Seal
from core.tasks import Tasks
from records.media import MediaStore, Promised, media_context

_LOG = log(__name__)
FETCH: Final = "worker.media.fetch"
DISCARD: Final = "worker.media.discard"
# What is told of a file shall not come before the answer to it.
_AFTER_THE_ANSWER_SECONDS: Final = 3


@dataclass(frozen=True, slots=True)
class Sent:
    """The files of one message, by the channel they came on and the message's own key."""

    channel: str
    message: str
    files: tuple[Media, ...]

    @classmethod
    def read(cls, opened: str) -> Sent:
        """What the door sealed."""
        value = orjson.loads(opened)
        return cls(value["channel"], value["message"], tuple(Media(**f) for f in value["files"]))


class Papers:
    """Places for files, and the way to the worker. Methods may raise StoreUnavailable."""

    def __init__(
        self, media: MediaStore, seal: Seal, pseudonyms: Pseudonyms, tasks: Tasks, most: int
    ) -> None:
        self._media = media
        self._seal = seal
        self._pseudonyms = pseudonyms
        self._tasks = tasks
        self._most = most

    def count(self, draft_id: str) -> int:
        """How many files there are with what is filled in."""
        return self._media.count(draft_id)

    def take(self, sent: Sent, draft_id: str, person_key: str, number_key: str) -> int:
        """Give files a place with a draft; how many found one. The others are discarded.

        Told twice, the same files have the same place.
        """
        promised = []
        for place, file in enumerate(sent.files):
            identity = self._pseudonyms.event(f"{sent.message}:file:{place}")
            told: dict[str, Any] = {"url": file.url, "content_type": file.content_type}
            sealed = self._seal.close(FILE.dumps(told), media_context(identity))
            promised.append(
                Promised(identity, person_key, number_key, draft_id, sent.channel, sealed)
            )
        placed = self._media.promise(promised, self._most)
        if placed:
            self._queue(FETCH, countdown=_AFTER_THE_ANSWER_SECONDS)
        self.discard(Sent(sent.channel, sent.message, sent.files[placed:]))
        return placed

    def discard(self, sent: Sent) -> None:
        """Have the provider forget files that nobody keeps."""
        for file in sent.files:
            self._queue(DISCARD, {"channel": sent.channel, "url": file.url})

    def _queue(self, task: str, value: dict[str, Any] | None = None, countdown: int = 0) -> None:
        try:
            self._tasks.queue(task, value, countdown)
        except StoreUnavailable:
            # What was promised a place is found by the schedule.
            _LOG.warning("task_not_queued", task=task)
