"""What the language of a citizen's own words changes: the answer's letters, one line, the record.

The engine answers in the language chosen or, where none was, in the one it surely heard; this
decides what is said about it. A language that was chosen is never changed here: another one that is
heard is offered once, by the word that chooses it.
"""

from __future__ import annotations

from typing import Final

from channels.memory import Memory
from channels.rendering.screens import written_as
from core.errors import StoreUnavailable
from core.logs import log
from core.messages import Answered, Heard
from locales.languages import languages
from records.people import Numbers

_LOG = log(__name__)
_ADOPTED: Final = "door_language_adopted"
_OFFER: Final = "door_language_offer"
_AMAZIGH: Final = "zgh"
# Who reads one of the two reads the other.
_ARABIC: Final = frozenset({"ar", "ary"})
# The letters Amazigh can be written to a citizen in. It has no catalog in Arabic letters.
_AMAZIGH_SCRIPTS: Final = frozenset({"Latn", "Tfng"})


def listen(
    memory: Memory, answered: Answered, numbers: Numbers, number_key: str
) -> tuple[str, str] | None:
    """Remember the language of an answer, and what was heard in the message it answers.

    Returns the key and the language of a sentence of the door's own to say before the answer, or
    None. A language adopted and a script are kept with the number; where the records do not
    answer, the conversation alone remembers them.
    """
    memory.language = answered.language or memory.language
    heard = answered.heard
    if memory.language == _AMAZIGH:
        _choose_script(memory, heard, numbers, number_key)
    if heard is None or not memory.language:
        return None
    if heard.is_adopted and heard.language == memory.language:
        _keep(numbers, number_key, memory)
        return _ADOPTED, memory.written
    return _offer(memory, heard)


def on_record(numbers: Numbers, number_key: str) -> tuple[str, str]:
    """The language and the script kept with a number; empty where none is, or no record answers."""
    try:
        number = numbers.find(number_key)
    except StoreUnavailable:
        return "", ""
    return (number.language, number.script) if number else ("", "")


def _offer(memory: Memory, heard: Heard) -> tuple[str, str] | None:
    if memory.offered_session != memory.pending_session:
        memory.offered, memory.offered_session = [], memory.pending_session
    are_alike = heard.language == memory.language or {heard.language, memory.language} <= _ARABIC
    if are_alike or heard.language in memory.offered or heard.language not in languages():
        return None
    memory.offered.append(heard.language)
    return _OFFER, written_as(heard.language, heard.script)


def _choose_script(memory: Memory, heard: Heard | None, numbers: Numbers, number_key: str) -> None:
    if heard and heard.language == _AMAZIGH and heard.script in _AMAZIGH_SCRIPTS:
        if heard.script != memory.script:
            memory.script = heard.script
            _keep(numbers, number_key, memory)
    elif not memory.script:
        try:
            number = numbers.find(number_key)
        except StoreUnavailable:
            # Nobody knows whether one was chosen: it is looked up again at the next answer.
            return
        memory.script = (number.script if number else "") or languages()[_AMAZIGH].script


def _keep(numbers: Numbers, number_key: str, memory: Memory) -> None:
    script = memory.script if memory.language == _AMAZIGH else None
    try:
        numbers.choose_language(number_key, memory.language, script)
    except StoreUnavailable:
        _LOG.warning("language_not_kept")
