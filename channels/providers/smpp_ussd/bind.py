"""One bound connection: our requests wait for responses, the SMSC's get theirs at once."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from smpplib import consts

from channels.providers.smpp_ussd.pdus import HEADER, LONGEST, Pdu, read_pdu, write_pdu
from channels.providers.smpp_ussd.settings import SmppSettings
from core.errors import DeliveryRefused, ProviderUnavailable
from core.logs import log

_LOG = log(__name__)
_MOST_SEQUENCES: Final = 0x7FFFFFFF
_UNBIND_SECONDS: Final = 2.0
# Codes of a refusal that is none: no response in time, and none before the connection ended. In
# both what was sent may have been taken.
LATE: Final = "late"
CUT_OFF: Final = "cut off"

# Told the body of a deliver_sm; the command_status of its response.
Deliver = Callable[[Any], int]


class Bind:
    """A connection to an SMSC. `open_bind` makes one that is bound."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        settings: SmppSettings,
        deliver: Deliver,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._settings = settings
        self._deliver = deliver
        self._sequence = 0
        self._waiting: dict[int, asyncio.Future[Pdu]] = {}
        self._reading = asyncio.create_task(self._read())

    async def bind(self) -> None:
        """Bind as a transceiver. Raises ProviderUnavailable or DeliveryRefused."""
        settings = self._settings
        try:
            answer = await self.request(
                "bind_transceiver",
                system_id=settings.system_id,
                password=settings.password.get_secret_value(),
                system_type=settings.system_type,
                addr_ton=0,
                addr_npi=0,
                address_range="",
            )
        except DeliveryRefused as fault:
            raise ProviderUnavailable(f"no answer to the bind: {fault.code}") from None
        if answer.status != consts.SMPP_ESME_ROK:
            raise DeliveryRefused(f"bind {answer.status:#x}")

    async def serve(self) -> None:
        """Keep the bind alive until it ends. Raises ProviderUnavailable where it breaks."""
        enquiring = asyncio.create_task(self._enquire())
        try:
            done, _ = await asyncio.wait(
                {self._reading, enquiring}, return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                if not task.cancelled():
                    task.result()
        finally:
            enquiring.cancel()
            await self.close()

    async def request(self, name: str, **fields: Any) -> Pdu:
        """Send a request and wait for its response.

        Raises ProviderUnavailable where nothing was sent, else DeliveryRefused: LATE where the
        SMSC takes too long, CUT_OFF where the connection ends first.
        """
        if self._reading.done():
            raise ProviderUnavailable("not bound")
        self._sequence = self._sequence % _MOST_SEQUENCES + 1
        sequence = self._sequence
        answer = self._waiting[sequence] = asyncio.get_running_loop().create_future()
        try:
            with suppress(ProviderUnavailable):
                await self._write(write_pdu(name, sequence, **fields))
            return await asyncio.wait_for(answer, self._settings.response_seconds)
        except TimeoutError:
            raise DeliveryRefused(LATE) from None
        finally:
            del self._waiting[sequence]

    async def unbind(self) -> None:
        """Take leave of the SMSC; whatever it answers, the connection is closed."""
        with suppress(ProviderUnavailable, DeliveryRefused, TimeoutError):
            await asyncio.wait_for(self.request("unbind"), _UNBIND_SECONDS)
        await self.close()

    async def close(self) -> None:
        """Close the connection; what waits for a response is told so."""
        self._reading.cancel()
        await asyncio.wait({self._reading})
        if not self._reading.cancelled():
            # Whoever serves has been told; here it is only taken note of.
            self._reading.exception()
        self._writer.close()
        with suppress(OSError, ssl.SSLError, TimeoutError):
            await asyncio.wait_for(self._writer.wait_closed(), _UNBIND_SECONDS)

    async def _enquire(self) -> None:
        while True:
            await asyncio.sleep(self._settings.enquire_seconds)
            try:
                await self.request("enquire_link")
            except DeliveryRefused:
                raise ProviderUnavailable("the link is silent") from None

    async def _read(self) -> None:
        try:
            while True:
                pdu = await self._next()
                if not pdu.is_request:
                    self._settle(pdu)
                    continue
                await self._write(self._respond(pdu))
                if pdu.name == "unbind":
                    return
        finally:
            for answer in self._waiting.values():
                if not answer.done():
                    answer.set_exception(DeliveryRefused(CUT_OFF))

    async def _next(self) -> Pdu:
        try:
            head = await self._reader.readexactly(4)
            length = int.from_bytes(head, "big")
            if not HEADER <= length <= LONGEST:
                raise ProviderUnavailable("a PDU of an impossible length")
            return read_pdu(head + await self._reader.readexactly(length - 4))
        except (asyncio.IncompleteReadError, OSError):
            raise ProviderUnavailable("the connection ended") from None

    async def _write(self, octets: bytes) -> None:
        try:
            self._writer.write(octets)
            await self._writer.drain()
        except OSError:
            raise ProviderUnavailable("the connection ended") from None

    def _settle(self, pdu: Pdu) -> None:
        answer = self._waiting.get(pdu.sequence)
        if answer is None or answer.done():
            _LOG.warning("smpp_answer_late", command=pdu.name, status=pdu.status)
        else:
            answer.set_result(pdu)

    def _respond(self, pdu: Pdu) -> bytes:
        if pdu.name == "deliver_sm":
            status = consts.SMPP_ESME_RX_P_APPN if pdu.body is None else self._deliver(pdu.body)
            return write_pdu("deliver_sm_resp", pdu.sequence, status)
        if pdu.name in ("enquire_link", "unbind"):
            return write_pdu(f"{pdu.name}_resp", pdu.sequence)
        _LOG.warning("smpp_request_refused", command=pdu.name or "unknown")
        return write_pdu("generic_nack", pdu.sequence, consts.SMPP_ESME_RINVCMDID)


async def open_bind(settings: SmppSettings, deliver: Deliver) -> Bind:
    """A bound connection. Raises ProviderUnavailable, or DeliveryRefused by the SMSC's status."""
    context = ssl.create_default_context(cafile=settings.ca_file or None) if settings.tls else None
    try:
        reader, writer = await asyncio.wait_for(
            asyncio.open_connection(settings.host, settings.port, ssl=context),
            settings.response_seconds,
        )
    except (OSError, TimeoutError) as fault:
        raise ProviderUnavailable(f"no connection: {type(fault).__name__}") from None
    bind = Bind(reader, writer, settings, deliver)
    try:
        await bind.bind()
    except (ProviderUnavailable, DeliveryRefused):
        await bind.close()
        raise
    return bind
