"""What the dialogues about programmes and papers share: choices whose titles the files give."""

from __future__ import annotations

from actions.programmes import Programme, load_programmes
from channels.rendering.screens import phone_text
from tests.dialogue.talk import Talk
from tests.end_to_end.words import flat

PROGRAMMES = load_programmes()
OFFERED = ("asd", "amo_tadamon", "amo_achamil", "minhaty", "rnp", "rsu")


def shown(asking: Talk, words: str) -> str:
    """Words of a file as they stand on this channel, on one line."""
    return flat(phone_text(words, asking.kind, asking.language))


def pick(asking: Talk, key: str) -> Programme:
    """Choose a programme by its short name."""
    programme = PROGRAMMES[key]
    asking.pick(shown(asking, programme.short_name(asking.language)))
    return programme


def is_told(asking: Talk, words: str) -> bool:
    """True where the last answer holds these words of a file."""
    return shown(asking, words) in asking.hears
