"""What was said as it may leave the console: nothing in it identifies anybody by a number."""

from __future__ import annotations

from core.privacy import mask_text
from core.vault import TOKEN


def masked(text: str) -> str:
    """A text whose tokens say what they stand for, and in which no identifier is left."""
    return mask_text(TOKEN.sub(lambda token: f"[{token.group(1)}]", text))
