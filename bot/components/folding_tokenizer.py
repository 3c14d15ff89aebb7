"""The tokenizer: words as they are written everywhere, each with its consonant key.

A token's text is the folded word (components/folding.py), its place is that of the word as typed,
and its property `key` the consonants that all scripts share.
"""

from __future__ import annotations

import re
from typing import Any, Dict, List, Text

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from components.folding import SIGNS, fold, key

KEY = "key"
# A flood of words must not cost more than a message; a message of ten SMS has about 200.
_MOST_WORDS = 250
# Letters and digits of any script, circled ones too, with the signs that stand on or between them.
_MARKS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_TYPED = re.compile(f"(?:[^\\W_]|[\u249c-\u24e9{_MARKS}{SIGNS}])+")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class FoldingTokenizer(Tokenizer):
    """Splits a message of any script into folded words with keys."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Rasa's settings of any tokenizer; intents are never split here."""
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    def tokenize(self, message: Message, attribute: Text) -> List[Token]:
        """The tokens of one attribute of a message, in their order."""
        return tokens_of(message.get(attribute) or "")


def tokens_of(text: str) -> List[Token]:
    """The tokens of a text, up to the most that a message has."""
    found: List[Token] = []
    for typed in _TYPED.finditer(text):
        for word in fold(typed.group()).split():
            found.append(Token(word, typed.start(), typed.end(), data={KEY: key(word)}))
        if len(found) >= _MOST_WORDS:
            break
    return found
