"""An export as a change ready to commit: a patch for `git apply`, and the changed files."""

from __future__ import annotations

import difflib
import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Final

from console.teaching.training import Addition, added, written
from transcripts.batches import BatchLine
from transcripts.reviews import marks_of

_BELOW: Final = "data/nlu"


def additions_of(lines: Sequence[BatchLine]) -> list[Addition]:
    """The lines of an export as they are to be written, each under its review."""
    return [
        Addition(
            one.review.id,
            one.review.variety,
            one.review.settled_intent,
            written(one.review.words, marks_of(one.review)),
        )
        for one in lines
    ]


def fitting(lines: Sequence[BatchLine]) -> list[Addition]:
    """The additions of those lines that break no rule."""
    return additions_of([one for one in lines if not one.fault])


def patch(changed: Mapping[str, tuple[str, str]]) -> str:
    """Changed files as a unified diff from the root of the repository."""
    pieces: list[str] = []
    for path, (before, after) in sorted(changed.items()):
        name = f"{_BELOW}/{path}"
        pieces += difflib.unified_diff(
            before.splitlines(keepends=True),
            after.splitlines(keepends=True),
            f"a/{name}",
            f"b/{name}",
        )
    return "".join(pieces)


def packed(lines: Sequence[BatchLine]) -> bytes:
    """A zip of the patch and of the files as they are after it."""
    changed = added(fitting(lines))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("training.patch", patch(changed))
        for path, (_, after) in sorted(changed.items()):
            archive.writestr(f"{_BELOW}/{path}", after)
    return out.getvalue()
