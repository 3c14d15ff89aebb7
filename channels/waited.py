"""How long a call lay in this machine before anybody looked at it.

Its provider's clock runs from when it came. A thread may be free much later: then the kernel alone
knows, which tells of a connection when it last received something.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Mapping
from typing import Any, Final

# gunicorn's, and that of the server under Flask's.
_NAMES: Final = ("gunicorn.socket", "werkzeug.socket")
# Only Linux tells it: the twelfth number behind eight octets of struct tcp_info, in milliseconds.
_TCP_INFO: Final = getattr(socket, "TCP_INFO", None)
_PLACE: Final = 8 + 11 * 4
_LENGTH: Final = _PLACE + 4


def waited(environ: Mapping[str, Any]) -> float:
    """The seconds since a call came by TCP; 0 where nobody knows."""
    connection = next((environ[name] for name in _NAMES if name in environ), None)
    if connection is None or _TCP_INFO is None:
        return 0.0
    try:
        told = connection.getsockopt(socket.IPPROTO_TCP, _TCP_INFO, _LENGTH)
        (milliseconds,) = struct.unpack_from("I", told, _PLACE)
    except (OSError, struct.error):
        # A socket of another family.
        return 0.0
    return float(milliseconds) / 1000
