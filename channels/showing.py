"""What the engine said, as a citizen's screen or message. No I/O but opening sealed values."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from channels.memory import Shown
from channels.port import Capabilities
from channels.reading import SEND
from channels.rendering import pages
from channels.rendering.menus import Choice, number_choices
from channels.rendering.pages import Navigation, Page
from channels.rendering.screens import code_of, phone_text, phone_text_for_all, sms_text
from channels.rendering.shortening import shorten
from channels.rendering.tapping import tappable
from core.messages import Answered, Button, ChannelKind, Expects
from core.outgoing import Tappable
from core.privacy import mask_value
from core.vault import Vault, reveal
from locales.catalogs import Catalogs

# The response that closes an answer, and asks what comes next.
_CLOSES: Final = "utter_what_next"


class Showing:
    """Lays out replies for one kind of channel after another."""

    def __init__(self, catalogs: Catalogs, vault: Vault) -> None:
        self._catalogs = catalogs
        self._vault = vault

    def show(
        self,
        answered: Answered,
        kind: ChannelKind,
        capabilities: Capabilities,
        conversation: str,
        language: str,
        first: str = "",
        most_pages: int = 0,
    ) -> Shown:
        """The engine's answer as pages (USSD) or as one message (elsewhere).

        Values of a person's file arrive sealed and are opened here, on their way to the screen.
        `language` may name its script (zgh-Latn). `first` is a sentence of the door's own that
        goes before the answer. With `most_pages`, an answer can be sent as a message too: that is
        offered where it costs no page or there are more, and what is nobody's is cut short there.
        """
        # Before a language is chosen every name is written as its readers write it.
        written = answered.language or language or "ar"
        if code_of(language) == written:
            written = language
        values = self._vault.shown_values(_texts(answered), conversation)
        shown = Shown(
            expects=answered.expects,
            is_root=answered.is_root,
            # An answer that asks for nothing may say of somebody that no file was found.
            is_personal=bool(values) or answered.expects is Expects.NOTHING,
            ends=answered.ends,
            purpose=answered.purpose,
            form=answered.form,
        )
        most = most_pages if answered.keys[-1:] == (_CLOSES,) else 0

        def laid_out(values: Mapping[str, str]) -> Shown:
            def text(said: str) -> str:
                if not values:
                    return phone_text_for_all(said, kind, written)
                return phone_text(reveal(said, values), kind, written)

            replies = answered.replies
            paragraphs = [*filter(None, [first]), *(text(reply.text) for reply in replies)]
            buttons = [
                Button(text(button.title), button.payload)
                for reply in replies
                for button in reply.buttons
            ]
            # With values in it, it is somebody's.
            cut = pages.cut if values else pages.cut_for_all
            return self._lay_out(
                shown, paragraphs, buttons, kind, capabilities, language, most, cut
            )

        real = laid_out(values)
        if most:
            said = [reveal(reply.text, values) for reply in answered.replies[:-1]]
            real = replace(real, letter="\n".join(said))
        if not values:
            return real
        masked = laid_out({token: mask_value(value) for token, value in values.items()})
        return replace(real, masked=tuple(page.text for page in masked.pages))

    def messages(self, answered: Answered, conversation: str, language: str) -> tuple[str, ...]:
        """The texts that go out by SMS beside the answer, their sealed values opened."""
        written = answered.language or language or "ar"
        values = self._vault.shown_values(answered.messages, conversation)
        return tuple(sms_text(reveal(text, values), written) for text in answered.messages)

    def remark(
        self, key: str, shown: Shown, kind: ChannelKind, capabilities: Capabilities, language: str
    ) -> Shown:
        """The same screen under a sentence of the door's own.

        Where the page has no room for it, the sentence stands alone and 98 leads back to the page.
        """
        sentence = self.sentence(key, kind, language)
        plain = replace(shown, remark=sentence, is_behind=False)
        budget = capabilities.budget
        if budget is None or budget.holds(plain.text):
            return plain
        if not language:
            # The language menu speaks for itself where all languages at once have no room.
            return replace(shown, remark="", is_behind=False)
        more = self.sentence("door_more", kind, language)
        return replace(plain, remark=f"{sentence}\n98 {more}", is_behind=True)

    def to_tap(
        self, shown: Shown, kind: ChannelKind, capabilities: Capabilities, language: str
    ) -> Tappable | None:
        """The screen with choices to tap; None where the channel has no such or they are many."""
        if not capabilities.taps:
            return None
        opener = self.sentence("door_choose", kind, language or "ar")
        return tappable(shown.body, shown.choices, shown.name, opener)

    def sentence(self, key: str, kind: ChannelKind, language: str) -> str:
        """One of the door's sentences, in all languages where the citizen's is not known."""
        said = self._catalogs.say(code_of(language), key)
        return phone_text_for_all(said, kind, language)

    def _lay_out(
        self,
        shown: Shown,
        paragraphs: list[str],
        buttons: list[Button],
        kind: ChannelKind,
        capabilities: Capabilities,
        language: str,
        most: int,
        cut: Callable[..., tuple[Page, ...]],
    ) -> Shown:
        choices = number_choices(buttons)
        if capabilities.budget is None:
            name = secrets.token_hex(4) if choices else ""
            return replace(shown, pages=(pages.single(paragraphs, choices),), name=name)
        navigation = Navigation(
            *(self.sentence(f"door_{word}", kind, language) for word in ("more", "back", "home"))
        )
        lay = partial(
            cut,
            budget=capabilities.budget,
            navigation=navigation,
            # In a question for a number 0 is an answer.
            back=not (shown.is_root or shown.ends or shown.expects is Expects.NUMBER),
            home=not (shown.is_root or shown.ends),
        )
        laid = lay(tuple(paragraphs), choices)
        if not most:
            return replace(shown, pages=laid)
        is_long = len(laid) > most
        if is_long and not shown.is_personal:
            *said, closing = paragraphs
            behind = [self.sentence("door_rest_by_sms", kind, language), closing]
            laid, rest = shorten(said, behind, most, lambda lines: lay(tuple(lines), choices))
            return replace(shown, pages=laid, rest=rest)
        offer = Choice(len(choices) + 1, self.sentence("door_send_this", kind, language), SEND)
        offered = lay(tuple(paragraphs), (*choices, offer))
        return replace(shown, pages=offered if is_long or len(offered) == len(laid) else laid)


def _texts(answered: Answered) -> Iterator[str]:
    for reply in answered.replies:
        yield reply.text
        yield from (button.title for button in reply.buttons)
