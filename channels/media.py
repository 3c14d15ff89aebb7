"""What a file is, by its own first bytes: what its sender says of it is not believed."""

from __future__ import annotations

from typing import Final

from core.errors import MediaRefused

_LARGEST_SEARCH: Final = 1024
_STARTS: Final = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
)
_PDF: Final = b"%PDF-"
_MARKUP: Final = (b"<", b"MZ", b"PK", b"\x7fELF")


def check_file(content: bytes) -> str:
    """The content type of a photograph or a PDF. Raises MediaRefused for anything else."""
    for start, content_type in _STARTS:
        if content.startswith(start):
            return content_type
    # Readers find the head of a PDF behind some bytes of rubbish, but not behind another format.
    if _PDF in content[:_LARGEST_SEARCH] and not content.lstrip().startswith(_MARKUP):
        return "application/pdf"
    raise MediaRefused("not_taken" if content else "empty")
