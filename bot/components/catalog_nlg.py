"""Say a response in the citizen's language: the words come from the catalogs in locales/.

The domain in the model holds the English source of each text, which is the key of its translations
(context = response key). So a changed translation needs no retraining, only a newly compiled
catalog; a changed English source, button or channel variant needs both.
"""

from __future__ import annotations

import gettext
import logging
import os
import re
import time
from functools import lru_cache
from pathlib import Path
from typing import Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from components.heard_language import heard_in, was_adopted

logger = logging.getLogger(__name__)

CATALOGS = Path(__file__).resolve().parents[2] / "locales"
PLACEHOLDER = re.compile(r"\{(\w+)\}")
NOTHING = "nothing"
_LOOK_AGAIN_SECONDS = 1.0
ASK_LANGUAGE = "utter_ask_language"


class PlaceholderUnfilled(KeyError):
    """A text asks for a value that neither the action nor a slot gives; the turn fails."""


class _English(gettext.NullTranslations):
    """What stands in where a catalog has no translation: the source text, and an alarm."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language

    def pgettext(self, context: str, message: str) -> str:
        logger.error("no translation in %s of %s: %s", self._language, context, message)
        return message


class Catalog:
    """One language's compiled catalog, read again soon after its file has changed."""

    def __init__(self, path: Path, look_again_seconds: float = _LOOK_AGAIN_SECONDS) -> None:
        """Read the catalog; FileNotFoundError where it was not compiled."""
        self._path = path
        self._look_again_seconds = look_again_seconds
        self._changed = 0
        self._texts = gettext.NullTranslations()
        self._read(path.stat().st_mtime_ns)

    def text(self, key: str, source: str) -> str:
        """The translation of a source text of a response key."""
        if time.monotonic() >= self._look_again_at:
            self._look_again()
        return self._texts.pgettext(key, source)

    def _look_again(self) -> None:
        self._look_again_at = time.monotonic() + self._look_again_seconds
        try:
            changed = self._path.stat().st_mtime_ns
            if changed != self._changed:
                self._read(changed)
        except FileNotFoundError:
            logger.error("%s is gone; its texts stay as they were read", self._path.name)

    def _read(self, changed: int) -> None:
        with self._path.open("rb") as compiled:
            self._texts = gettext.GNUTranslations(compiled)
        self._texts.add_fallback(_English(self._path.parents[1].name))
        self._changed = changed
        self._look_again_at = time.monotonic() + self._look_again_seconds


def read_catalogs(folder: Path = CATALOGS) -> dict[str, Catalog]:
    """Every language's compiled catalog, or a FileNotFoundError."""
    sources = sorted(folder.glob("*/LC_MESSAGES/messages.po"))
    return {path.parents[1].name: Catalog(path.with_suffix(".mo")) for path in sources}


class CatalogNaturalLanguageGenerator(TemplatedNaturalLanguageGenerator):
    """Chooses a response's variant by channel and its words by the slot `language`.

    Where the message answered was surely written in some language, the response's custom data say
    so: `heard`, with `language`, `script`, and whether it was `adopted` for want of a choice. An
    action that changes the language gives the new one as the value `said_in`: the slot follows.

    A stock generator by descent because Rasa hands the domain's responses to those alone, when it
    has loaded the model.
    """

    def __init__(
        self,
        endpoint_config: EndpointConfig | None = None,
        domain: Domain | None = None,
    ) -> None:
        """Read the catalogs; the responses come from the domain, now or with the model."""
        super().__init__(domain.responses if domain else {})
        self._catalogs = read_catalogs()
        self._default = os.environ.get("TWIZA_DEFAULT_LANGUAGE", "ar")
        if self._default not in self._catalogs:
            raise ValueError(f"TWIZA_DEFAULT_LANGUAGE={self._default}: no such catalog")

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> dict[str, Any] | None:
        """The response in the citizen's language and for the channel of the last message.

        None where the domain has no such key, as stock Rasa does. `custom` is always set: what the
        response expects, its language, its key and the form that is open. Among an action's values,
        `offered` names the payloads of the only buttons to show, `choices` are buttons in the
        citizen's words that go before them, and `expects` goes before what the response expects.
        Raises PlaceholderUnfilled.
        """
        chosen = kwargs.get("said_in") or tracker.get_slot("language")
        if chosen not in self._catalogs and self._asks_first(utter_action):
            # Nothing is said before the language is known but the question for it.
            utter_action, kwargs = ASK_LANGUAGE, {}
        # Under the REST channel `output_channel` always is its collector.
        channel = tracker.get_latest_input_channel()
        variant = _variant(self.responses.get(utter_action, []), channel)
        if variant is None:
            return None
        language = chosen if chosen in self._catalogs else self._default
        catalog = self._catalogs[language]

        def say(source: str) -> str:
            text = catalog.text(utter_action, source) if _has_words(source) else source
            return _filled(text, utter_action, kwargs, tracker)

        response = {name: value for name, value in variant.items() if name != "channel"}
        if response.get("buttons"):
            response["buttons"] = [dict(button) for button in response["buttons"]]
        if response.get("text"):
            response["text"] = say(response["text"])
        if kwargs.get("offered") is not None:
            response["buttons"] = _only(kwargs["offered"], response.get("buttons") or [])
        for button in response.get("buttons") or []:
            button["title"] = say(button["title"])
            button["payload"] = _filled(button["payload"], utter_action, kwargs, tracker)
        if kwargs.get("choices"):
            response["buttons"] = [*kwargs["choices"], *(response.get("buttons") or [])]
        response["custom"] = {
            "expects": NOTHING,
            **(response.get("custom") or {}),
            **({"expects": kwargs["expects"]} if kwargs.get("expects") else {}),
            # Empty until the citizen has chosen: the door must not take the default for a choice.
            "language": language if chosen == language else "",
            "key": utter_action,
            # What a call that breaks off can be taken up again at.
            "form": tracker.active_loop_name or "",
        }
        heard = heard_in(tracker)
        if heard:
            response["custom"]["heard"] = {**heard, "adopted": was_adopted(tracker)}
        return response

    def _asks_first(self, utter_action: str) -> bool:
        return utter_action in self.responses and ASK_LANGUAGE in self.responses


def _variant(variants: list[dict[str, Any]], channel: str | None) -> dict[str, Any] | None:
    for wanted in (channel, None):
        for variant in variants:
            if variant.get("channel") == wanted:
                return variant
    return None


def _only(payloads: list[str], buttons: list[dict[str, str]]) -> list[dict[str, str]]:
    """The buttons of these payloads, in their order."""
    return [button for payload in payloads for button in buttons if button["payload"] == payload]


@lru_cache(maxsize=4096)
def _has_words(source: str) -> bool:
    return any(map(str.isalpha, PLACEHOLDER.sub("", source)))


def _filled(text: str, key: str, given: dict[str, Any], tracker: DialogueStateTracker) -> str:
    """The text with each {name} replaced once; what a value holds is no placeholder."""

    def value(placeholder: re.Match[str]) -> str:
        name = placeholder.group(1)
        found = given.get(name)
        if found is None and name in tracker.slots:
            found = tracker.get_slot(name)
        if found is None:
            raise PlaceholderUnfilled(f"{key}: {name}")
        return str(found)

    return PLACEHOLDER.sub(value, text) if "{" in text else text
