"""A bind over TLS, and to an SMSC that does not keep to the protocol."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from channels.providers.smpp_ussd.bind import open_bind
from channels.providers.smpp_ussd.pdus import write_pdu
from core.errors import DeliveryRefused, ProviderUnavailable
from tests.unit.channels.smpp.operator import smpp_settings

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
BOUND = write_pdu("bind_transceiver_resp", 1, system_id="smsc")


def certificate(folder: Path, host: str) -> Path:
    """A certificate that vouches for itself, with its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "an SMSC")])
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(alternative, critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{host}.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


async def try_to_bind(serve: Serve, path: Path | None = None, **changes: Any) -> None:
    """Bind to a server of one connection, and unbind."""
    context = None
    if path is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(path)
    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    try:
        bind = await open_bind(smpp_settings(port, response_seconds=2.0, **changes), lambda _: 0)
        await bind.unbind()
    finally:
        server.close()


async def answer_bind(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Let anybody bind, and answer nothing else."""
    await reader.read(400)
    writer.write(BOUND)
    await writer.drain()
    await reader.read(400)
    writer.close()


def test_over_tls_the_certificate_of_the_host_is_checked(tmp_path: Path) -> None:
    good = certificate(tmp_path, "127.0.0.1")
    other = certificate(tmp_path, "127.0.0.2")
    asyncio.run(try_to_bind(answer_bind, good, tls=True, ca_file=str(good)))

    for path, trusted in ((good, other), (other, other)):
        with pytest.raises(ProviderUnavailable):
            asyncio.run(try_to_bind(answer_bind, path, tls=True, ca_file=str(trusted)))


@pytest.mark.parametrize(
    "octets",
    [b"\x00\x00\x00\x04", b"\xff\xff\xff\xff", b"HTTP/1.1 400 Bad Request\r\n\r\n", b""],
)
def test_who_speaks_something_else_is_left(octets: bytes) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(400)
        writer.write(octets)
        writer.close()

    with pytest.raises(ProviderUnavailable):
        asyncio.run(try_to_bind(talk))


def test_a_refused_bind_tells_the_status_and_not_the_password() -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(400)
        writer.write(write_pdu("bind_transceiver_resp", 1, 0x0E))
        writer.close()

    with pytest.raises(DeliveryRefused) as refused:
        asyncio.run(try_to_bind(refuse))
    assert "bind 0xe" == str(refused.value)


def test_what_is_asked_and_not_known_is_refused_and_the_bind_goes_on() -> None:
    seen = bytearray()
    answered = threading.Event()

    async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(400)
        unknown = write_pdu("enquire_link", 5)[:4] + b"\x00\x01\x02\x00" + bytes(4) + b"\0\0\0\x05"
        unreadable = write_pdu("deliver_sm", 6)[:-1]
        whole = len(unreadable).to_bytes(4, "big") + unreadable[4:]
        writer.write(unknown + whole + write_pdu("enquire_link", 7) + BOUND)
        await writer.drain()
        while b"\x80\x00\x00\x15" not in seen:
            seen.extend(await reader.read(400))
        answered.set()
        writer.close()

    asyncio.run(try_to_bind(ask))

    assert answered.is_set()
    assert write_pdu("generic_nack", 5, 0x03) in bytes(seen)
    assert write_pdu("deliver_sm_resp", 6, 0x65) in bytes(seen)
