"""A plain head is read as gunicorn reads it, and every other one by gunicorn."""

from __future__ import annotations

from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.http.message import Request
from gunicorn.http.parser import RequestParser
from hypothesis import given
from hypothesis import strategies as st

from core.plain_heads import PlainParser

PEERS = [("127.0.0.1", 4000), ("192.0.2.1", 4000), ""]
SMALL = {"limit_request_line": 40, "limit_request_fields": 3, "limit_request_field_size": 60}
PROXY = {"proxy_protocol": "auto"}
_READ = ("method", "uri", "path", "query", "fragment", "version", "headers", "trailers", "scheme")


def a_config(changes: dict[str, Any]) -> Config:
    config = Config()
    for name, value in changes.items():
        config.set(name, value)
    return config


def read(kind: type[RequestParser], pieces: list[bytes], config: Config, peer: Any) -> list[Any]:
    """All that a connection's parser makes of what comes, up to the first fault."""
    parser = kind(config, iter(pieces), peer)
    found: list[Any] = []
    try:
        for call in parser:
            found.append([getattr(call, name) for name in _READ])
            found.append([call._expected_100_continue, call.should_close(), call.body.read(3)])
            if len(found) > 4:
                found.append(call.body.read())
    # Whatever either raises is compared with what the other does.
    except Exception as fault:  # noqa: BLE001
        found.append((type(fault), str(fault)))
    return found


def both(
    pieces: list[bytes], changes: dict[str, Any] | None = None, peer: Any = PEERS[0]
) -> list[Any]:
    """What both parsers make of the same."""
    config = a_config(changes or {})
    own = read(PlainParser, pieces, config, peer)
    assert read(RequestParser, pieces, config, peer) == own
    return own


LINES = st.builds(
    "{} {} {}".format,
    st.sampled_from(["GET", "POST", "PUT", "get", "G", "CONNECT", "POST "]),
    st.one_of(
        st.sampled_from(
            ["/", "/a?b=c", "/a?b?c", "//host/a", "/a#b", "*", "a:1", "http://a/b", ""]
        ),
        st.sampled_from(["/a;b:c", "/[", "/%C3%A9?%20", "/a//b", "/?", "/\u00e9", "/a\tb", "/ "]),
        st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=50).map("/".__add__),
    ),
    st.sampled_from(["HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "HTTP/1.1 ", "HTTP/11"]),
)
NAMES = st.one_of(
    st.sampled_from(["Host", "host", "Content-Length", "Content-Type", "Transfer-Encoding"]),
    st.sampled_from(["Connection", "Expect", "X-Forwarded-Proto", "X-Forwarded-For", "Upgrade"]),
    st.sampled_from(["X_Forwarded_For", "Script_Name", "X-Twiza-Token", "Cookie", "X Y", ""]),
    st.sampled_from(["X-Forwarded-Ssl", "SCRIPT-NAME", "N\u00e9"]),
)
VALUES = st.one_of(
    st.sampled_from(
        ["a", "", "0", "5", "05", "-1", "+5", "chunked", "gzip", "close", "keep-alive"]
    ),
    st.sampled_from(["100-continue", "https", "on", " a ", "\ta\t", "a\x00", "\u00e9", "a" * 70]),
    st.text(st.characters(max_codepoint=255), max_size=20),
)
FIELDS = st.builds("{}{}{}".format, NAMES, st.sampled_from([":", ": ", " :", "", ":  "]), VALUES)
ENDS = st.sampled_from(["\r\n"] * 12 + ["\n", "\r", "\r\n ", "\r\n\r\n"])
HEADS = st.builds(
    lambda line, fields, ends: (
        "".join(one + end for one, end in zip([line, *fields], ends, strict=False)) + "\r\n"
    ),
    LINES,
    st.lists(FIELDS, max_size=6),
    st.lists(ENDS, min_size=7, max_size=7),
)
PLAIN = [
    b"GET /a HTTP/1.1\r\nHost: a\r\n\r\n",
    b"POST /a?b=c HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
    b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcGET / HTTP/1.1\r\n\r\n",
]


@st.composite
def sent(draw: st.DrawFn) -> list[bytes]:
    """What a connection brings, in pieces."""
    calls = draw(st.lists(st.tuples(HEADS, st.binary(max_size=8)), min_size=1, max_size=2))
    known = draw(
        st.sampled_from([b"", b"", *PLAIN, b"\r\n", b"PROXY TCP4 1.1.1.1 2.2.2.2 1 2\r\n"])
    )
    whole = known + b"".join(head.encode("latin-1") + body for head, body in calls)
    at = draw(st.integers(1, max(1, len(whole))))
    return [piece for piece in (whole[:at], whole[at:]) if piece]


@given(
    pieces=sent(),
    changes=st.sampled_from([{}, {}, SMALL, PROXY, {"forwarder_headers": "SCRIPT_NAME"}]),
    peer=st.sampled_from(PEERS),
)
def test_whatever_comes_is_read_as_gunicorn_reads_it(
    pieces: list[bytes], changes: dict[str, Any], peer: Any
) -> None:
    both(pieces, changes, peer)


@given(
    target=st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=30),
    fields=st.dictionaries(
        st.from_regex(r"[A-Za-z0-9-]{1,12}", fullmatch=True),
        st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20),
        max_size=5,
    ),
    body=st.binary(max_size=20),
)
def test_a_plain_call_is_read_as_gunicorn_reads_it(
    target: str, fields: dict[str, str], body: bytes
) -> None:
    lines = [f"POST /{target} HTTP/1.1", *(f"{name}: {text}" for name, text in fields.items())]
    lines.append(f"Content-Length: {len(body)}")
    head = "".join(f"{line}\r\n" for line in lines) + "\r\n"

    both([head.encode() + body])


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The heads that were left to gunicorn."""
    left: list[bytes] = []
    usual = Request.parse

    def parse(self: Any, unreader: Any) -> Any:
        left.append(unreader.buf.getvalue())
        return usual(self, unreader)

    monkeypatch.setattr(Request, "parse", parse)
    return left


@pytest.mark.parametrize("call", PLAIN)
def test_a_plain_head_is_read_at_once(asked: list[bytes], call: bytes) -> None:
    found = read(PlainParser, [call], a_config({}), PEERS[0])

    assert found
    assert [] == asked


@pytest.mark.parametrize(
    "extra",
    [
        "Expect: 100-continue",
        "X-Forwarded-Proto: https",
        "Content-Length: 1\r\nContent-Length: 2",
        "X_Forwarded_For: a",
        "Host : a",
        "Host: a\r\n b",
        "Host: \u00e9",
    ],
)
def test_what_could_be_read_in_two_ways_is_left_to_gunicorn(asked: list[bytes], extra: str) -> None:
    call = f"GET /a HTTP/1.1\r\n{extra}\r\n\r\n".encode("latin-1")
    read(PlainParser, [call], a_config({}), PEERS[0])

    assert [call] == asked


def test_a_proxy_that_is_trusted_still_says_how_it_was_called() -> None:
    call = b"GET / HTTP/1.1\r\nX-Forwarded-Proto: https\r\n\r\n"

    assert "https" == both([call], peer=("127.0.0.1", 1))[0][_READ.index("scheme")]
    assert "http" == both([call], peer=("192.0.2.1", 1))[0][_READ.index("scheme")]


def test_a_body_that_nobody_read_is_drained_before_the_next_call() -> None:
    first = b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello"
    for kind in (PlainParser, RequestParser):
        parser = kind(a_config({}), iter([first + PLAIN[0]]), PEERS[0])
        next(parser)
        assert "/a" == next(parser).path
