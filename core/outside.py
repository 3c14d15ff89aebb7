"""Calling an address that somebody typed in: over HTTPS, to the world outside and nowhere else.

The name is resolved once, every address that it has must be a public one, and the call goes to that
very address: a name that points elsewhere a moment later leads nowhere. No redirect is followed.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import urllib3

from core.errors import OutsideRefused

_SECONDS: Final = 10.0
_LONGEST: Final = 500
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_DEFAULT_PORTS: Final = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Address:
    """An address taken apart."""

    scheme: str
    host: str
    port: int
    path: str


def read_address(url: str, may_be_inside: bool) -> Address:
    """The address that a text names. Raises OutsideRefused.

    With `may_be_inside` plain HTTP and addresses of inside networks are allowed.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise OutsideRefused("unreadable") from None
    allowed = ("https", "http") if may_be_inside else ("https",)
    if parts.scheme not in allowed:
        raise OutsideRefused("not_https")
    is_plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= _LONGEST
    if not parts.hostname or parts.username or parts.password or not is_plain:
        raise OutsideRefused("unreadable")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    address = Address(parts.scheme, parts.hostname, port or _DEFAULT_PORTS[parts.scheme], path)
    try:
        literal = ipaddress.ip_address(address.host)
    except ValueError:
        return address
    if not may_be_inside and not _is_public(literal):
        raise OutsideRefused("inside")
    return address


def post(url: str, headers: dict[str, str], body: bytes, may_be_inside: bool) -> int:
    """Send a body, and return the HTTP status. Raises OutsideRefused where nothing was answered."""
    address = read_address(url, may_be_inside)
    ip = _resolve(address, may_be_inside)
    sent = {**headers, "Host": _host(address), "Content-Type": "application/json"}
    timeout = urllib3.Timeout(total=_SECONDS)
    pool: urllib3.HTTPConnectionPool
    if address.scheme == "https":
        pool = urllib3.HTTPSConnectionPool(
            ip,
            address.port,
            cert_reqs="CERT_REQUIRED",
            server_hostname=address.host,
            assert_hostname=address.host,
        )
    else:
        pool = urllib3.HTTPConnectionPool(ip, address.port)
    with pool:
        try:
            answer = pool.request(
                "POST",
                address.path,
                body=body,
                headers=sent,
                retries=False,
                redirect=False,
                timeout=timeout,
                preload_content=False,
            )
            status = int(answer.status)
            answer.close()
        except urllib3.exceptions.HTTPError as fault:
            raise OutsideRefused(type(fault).__name__) from None
    return status


def _resolve(address: Address, may_be_inside: bool) -> str:
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except OSError:
        raise OutsideRefused("unknown_host") from None
    ips = [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]
    if not ips or not (may_be_inside or all(map(_is_public, ips))):
        raise OutsideRefused("inside")
    return str(ips[0])


def _is_public(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(ip, ipaddress.IPv6Address):
        # Each of them carries an address of version 4 behind it.
        if ip.ipv4_mapped is not None:
            return _is_public(ip.ipv4_mapped)
        if ip.sixtofour is not None or ip.teredo is not None or ip in _NAT64:
            return False
    return ip.is_global and not ip.is_multicast


def _host(address: Address) -> str:
    host = f"[{address.host}]" if ":" in address.host else address.host
    is_default = address.port == _DEFAULT_PORTS[address.scheme]
    return host if is_default else f"{host}:{address.port}"
