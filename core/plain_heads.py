"""The head of a call, read at one look where it is as plain as nearly all are.

gunicorn looks at each line of a head in ten steps of Python: that takes as long as many an answer.
What could be read in two ways, or asks for more than an answer, is gunicorn's to read as ever: a
header twice, folded or with an underscore, one that a proxy sets, an expectation, another method.
"""

from __future__ import annotations

import re
from typing import Any, Final

from gunicorn.http.body import LengthReader
from gunicorn.http.message import Request
from gunicorn.http.parser import RequestParser

# RFC 9112: an origin-form of RFC 3986 without a fragment, then fields of visible ASCII. One that
# begins with two slashes is left out, for libraries take it for a host.
_HEAD: Final = re.compile(
    rb"(?:GET|POST) /(?!/)[!\"$-~]* HTTP/1\.1\r\n(?:[A-Za-z0-9-]+:[ -~]*\r\n)*\r\n"
)
_OFF: Final = "off"
_EXPECTATION: Final = "EXPECT"


class PlainRequest(Request):
    """gunicorn's request; a plain head is read at once."""

    def parse(self, unreader: Any) -> bytes:
        """Read the head, and return what came behind it. Raises what gunicorn raises."""
        data: bytes = unreader.read()
        if not data:
            raise StopIteration
        head = _HEAD.match(data)
        if head is not None and self._takes(head.group()):
            return data[head.end() :]
        unreader.unread(data)
        rest: bytes = super().parse(unreader)
        return rest

    def _takes(self, head: bytes) -> bool:
        """Whether the head is read; one beyond a limit is gunicorn's to refuse."""
        line, *fields = head[:-4].decode("ascii").split("\r\n")
        if self.cfg.proxy_protocol != _OFF or len(fields) > self.limit_request_fields:
            return False
        if len(line) > self.limit_request_line > 0 or len(head) > self.limit_request_field_size:
            return False
        found: dict[str, str] = {}
        for field in fields:
            name, _, value = field.partition(":")
            found[name.upper()] = value.strip(" ")
        theirs = self.cfg.secure_scheme_headers
        if len(found) < len(fields) or _EXPECTATION in found or not theirs.keys().isdisjoint(found):
            return False
        self.method, self.uri, _ = line.split(" ")
        self.path, _, self.query = self.uri.partition("?")
        self.fragment = ""
        self.version = (1, 1)
        self.headers = list(found.items())
        return True


class PlainParser(RequestParser):
    """gunicorn's parser of a connection; a body that was read is not drained once more."""

    mesg_class = PlainRequest

    def finish_body(self, deadline: float | None = None, max_bytes: int | None = None) -> Any:
        """Discard what is left of a body. False where that failed and the connection must close."""
        body = self.mesg.body if self.mesg else None
        if body is not None and not getattr(body, "failed", False):
            reader = body.reader
            if type(reader) is LengthReader and reader.length == 0:
                return True
        return super().finish_body(deadline, max_bytes)
