"""A USSD call among others: one that broke off can be continued, one at its limit ends politely.

Phones are shared, so the question whether to continue says nothing of what was under way, and what
was shown to the call before is never shown to this one: the engine asks its question anew, and
whoever answers is verified again where that is needed.
"""

from __future__ import annotations

from typing import Final

from channels.memory import Memory, Shown
from channels.port import Capabilities
from channels.reading import CONTINUE, START_AGAIN
from channels.rendering.menus import Choice
from channels.rendering.pages import Page
from channels.showing import Showing
from core.messages import ChannelKind, Expects

_ASKS: Final = "redial"
_NAVIGATION: Final = ("98 ", "0 ", "00 ")


def broke_off(memory: Memory, now: float, redial_seconds: float) -> bool:
    """True where the call before left a question open, not longer than so many seconds ago.

    Whoever was sent a code had to hang up to read it: that call opens at the code without a word.
    """
    is_open = bool(memory.shown.form and memory.language) and not memory.pending
    at_the_code = memory.shown.expects is Expects.CODE and not memory.shown.asks
    return is_open and not at_the_code and now - memory.heard_at <= redial_seconds


def ask_to_continue(memory: Memory, showing: Showing) -> Shown:
    """The question of the door's own with which such a call opens."""
    kind, language = ChannelKind.USSD, memory.written
    choices = (
        Choice(1, showing.sentence("door_continue", kind, language), CONTINUE),
        Choice(2, showing.sentence("door_start_again", kind, language), START_AGAIN),
    )
    asked = showing.sentence("door_redial", kind, language)
    text = "\n".join([asked, *(choice.line for choice in choices)])
    return Shown((Page(text, choices),), expects=Expects.MENU, form=memory.shown.form, asks=_ASKS)


def is_over(memory: Memory, now: float, capabilities: Capabilities, least_seconds: float) -> bool:
    """True where too little of the session is left for another answer."""
    limit = capabilities.session_seconds
    return limit > 0 and memory.began + limit - now < least_seconds


def farewell(memory: Memory, showing: Showing, capabilities: Capabilities) -> str:
    """What ends a call at its limit: how to go on, or the answer without the choices behind it."""
    kind, language, shown = ChannelKind.USSD, memory.written, memory.shown
    if shown.form or memory.pending:
        return showing.sentence("door_call_ends", kind, language)
    sentence = showing.sentence("door_call_over", kind, language)
    lines = {choice.line for choice in shown.choices}
    body = [
        line
        for line in shown.text.split("\n")
        if line not in lines and not line.startswith(_NAVIGATION)
    ]
    if shown.is_root or not body or shown.asks:
        return sentence
    whole = "\n".join([*body, sentence])
    budget = capabilities.budget
    return whole if budget is None or budget.holds(whole) else "\n".join(body)
