"""How sure the engine must be before it acts on words that undo or allow something."""

from __future__ import annotations

from typing import Final

# An agreement, a refusal, a cancellation must have been said, not guessed: a button is certain,
# words nearly so.
SURE: Final = 0.8
