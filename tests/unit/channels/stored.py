"""All that stands in a Redis database, for tests that say what must not."""

from __future__ import annotations

from typing import Any

import redis


def stored(store: redis.Redis) -> bytes:
    """Every key and every value, whatever its type, joined."""
    found: list[bytes] = []
    for key in store.scan_iter():
        found.append(bytes(key))
        kind = store.type(key)
        if kind == b"string":
            found.append(_bytes(store.get(key)))
        elif kind == b"list":
            found += map(_bytes, _list(store.lrange(key, 0, -1)))
        elif kind == b"hash":
            found += map(_bytes, _flat(store.hgetall(key)))
        elif kind == b"set":
            found += map(_bytes, _list(store.smembers(key)))
        elif kind == b"zset":
            found += map(_bytes, _list(store.zrange(key, 0, -1)))
        elif kind == b"stream":
            for _, fields in _list(store.xrange(key)):
                found += map(_bytes, _flat(fields))
        else:
            raise AssertionError(f"{kind!r} is read by nobody here")
    return b"\n".join(found)


def _bytes(value: Any) -> bytes:
    return bytes(value)


def _list(values: Any) -> list[Any]:
    return list(values)


def _flat(values: Any) -> list[Any]:
    return [part for pair in dict(values).items() for part in pair]
