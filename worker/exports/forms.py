"""Lines as files: CSV and workbooks that no spreadsheet takes a formula from, and JSON lines."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

import orjson
import xlsxwriter

Line = dict[str, Any]
Parts = Iterable[Sequence[Line]]
# What makes a spreadsheet read a text as a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
# A workbook is made in memory: on the disk it would lie open.
MOST_IN_A_WORKBOOK: Final = 100_000


def as_csv(parts: Parts) -> Iterator[bytes]:
    """With the mark by which spreadsheets know UTF-8, and the names in the first line."""
    yield "\ufeff".encode()
    is_first = True
    for part in parts:
        written = io.StringIO()
        writer = csv.writer(written)
        if is_first:
            writer.writerow(part[0])
            is_first = False
        writer.writerows([_plain(value) for value in line.values()] for line in part)
        yield written.getvalue().encode()


def as_workbook(parts: Parts) -> Iterator[bytes]:
    """One sheet; texts stay texts."""
    kept = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(kept, options) as book:
        sheet, row = book.add_worksheet("Twiza"), 0
        for part in parts:
            if not row:
                sheet.write_row(0, 0, part[0])
                sheet.freeze_panes(1, 0)
            for line in part:
                row += 1
                sheet.write_row(row, 0, [_cell(value) for value in line.values()])
    yield kept.getvalue()


def as_json_lines(parts: Parts) -> Iterator[bytes]:
    """One object in each line."""
    for part in parts:
        yield b"".join(orjson.dumps(line, option=orjson.OPT_UTC_Z) + b"\n" for line in part)


FORMS: Final[dict[str, Callable[[Parts], Iterator[bytes]]]] = {
    "csv": as_csv,
    "xlsx": as_workbook,
    "jsonl": as_json_lines,
}


def _plain(value: object) -> object:
    value = _cell(value)
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return "" if value is None else value
