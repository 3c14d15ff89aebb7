"""What became of the replies of staff, told in the transcripts as the outbox learns it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from core.errors import StoreUnavailable
from records.clock import utc_now
from records.fates import fate_of
from transcripts.following import FollowedLetters, Told
from worker.app import app
from worker.archive import archive
from worker.house import house

# Of what is older no provider tells any more.
_LONGEST: Final = timedelta(days=4)
_AT_ONCE: Final = 500


@app.task(name="worker.following.follow", autoretry_for=(StoreUnavailable,), max_retries=3)
def follow() -> None:
    """Look for what is new of each reply that is on its way."""
    letters = FollowedLetters(archive().database)
    told = []
    for letter in letters.open(utc_now() - _LONGEST, _AT_ONCE):
        fate = fate_of(house().database, letter.number_key, letter.key)
        if fate is not None and (fate.state != letter.state or fate.is_final):
            told.append(Told(letter.key, fate.state, fate.code, fate.is_final))
    if told:
        letters.tell(told)
