"""Every failure Twiza names, drawn as a tree.

    ServiceError
    ├── SettingsFaulty            at start only: all faults together; the process stops
    ├── WordsMissing              a catalog or response key is absent; fails the build
    ├── WebhookRefused            told to the provider, never to the citizen
    │   ├── MalformedPayload      400
    │   ├── BadSignature          403
    │   └── UnknownChannel        404
    ├── StoreUnavailable          503  Redis or SQL does not answer            (retry)
    │   └── WrittenLater          a later release wrote what is kept; it stays  (retry)
    ├── ConversationBusy          an earlier turn of the conversation still runs (retry)
    ├── TooMany                   200  a number or a channel came too often; its gate says so
    ├── Overloaded                503  a turn would wait too long for its beginning (retry)
    ├── EngineError               told to the citizen in one honest sentence
    │   ├── EngineUnavailable     no connection: the turn was not begun        (retry)
    │   ├── EngineTimeout         the turn may still end                       (retry)
    │   └── EngineSilent          200 with nothing said: the turn failed inside (retry)
    ├── RegistryError             raised by actions/registry only
    │   ├── RegistryUnavailable   refused, unreachable or failing              (retry)
    │   │   └── RegistryNotAsked  it cannot have seen the call                 (retry)
    │   ├── RegistryTimeout       no answer in time                            (retry)
    │   ├── RegistryRefused       it understood and said no; see `reason`
    │   └── RegistryAnswerUnreadable  an answer outside the contract
    ├── VaultError
    │   ├── TokenExpired          the value's time is over; ask the citizen again
    │   └── TokenRefused          opened from another conversation or purpose; audited
    ├── MediaRefused              a citizen's file that cannot be taken; see `reason`
    ├── OutsideRefused            an address that staff typed is not called, or did not answer
    └── DeliveryError             by a provider's send; `code` is the provider's own, or empty
        ├── ProviderUnavailable   unreachable, failing or throttled             (retry)
        │   └── DeliveryUnknown   it may have taken the message: ask before sending again (retry)
        └── DeliveryRefused       it said no; the code tells what may be done

Every class says whether trying again can help (`retryable`), who can mend it (`fault`), which HTTP
status a provider sees (`http_status`) and which sentence a citizen reads (`sentence`, a key of
`channels/words.yml`; empty where nothing is said to the citizen).
"""

from __future__ import annotations

from typing import ClassVar, Literal

Fault = Literal["operator", "provider", "engine", "registry", "citizen", "build"]


class ServiceError(Exception):
    """The root of all that Twiza raises on purpose."""

    retryable: ClassVar[bool] = False
    fault: ClassVar[Fault] = "operator"
    http_status: ClassVar[int] = 500
    sentence: ClassVar[str] = "door_out_of_service"


class SettingsFaulty(ServiceError):
    """The settings of a process are missing or wrong; `faults` lists every one of them."""

    sentence = ""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("settings are faulty:\n  " + "\n  ".join(faults))


class WordsMissing(ServiceError):
    """A response key or a catalog does not exist."""

    fault = "build"


class WebhookRefused(ServiceError):
    """A webhook call that is not answered as a turn; the provider reads the plain-text reason."""

    fault = "provider"
    http_status = 400
    sentence = ""


class MalformedPayload(WebhookRefused):
    """A field is missing or cannot be read."""


class BadSignature(WebhookRefused):
    """The call does not prove that it comes from the provider."""

    http_status = 403


class UnknownChannel(WebhookRefused):
    """No channel of that name or address is served here."""

    http_status = 404


class StoreUnavailable(ServiceError):
    """Redis or SQL does not answer."""

    retryable = True
    http_status = 503


class WrittenLater(StoreUnavailable):
    """What is kept has an edition of a later release: it stays, and a process of that reads it."""


class ConversationBusy(ServiceError):
    """An earlier turn of this conversation has not ended within the deadline."""

    retryable = True
    http_status = 200
    sentence = "door_still_working"


class TooMany(ServiceError):
    """More came under a count than may come; nothing of it was taken."""

    fault = "provider"
    http_status = 200
    sentence = "door_too_often"


class Overloaded(ServiceError):
    """Too many turns wait: this one was not begun, and nothing of it was taken."""

    retryable = True
    http_status = 503
    sentence = "door_overloaded"


class EngineError(ServiceError):
    """The engine did not say anything; what the citizen gave is kept and tried again."""

    retryable = True
    fault = "engine"
    http_status = 200
    sentence = "door_try_again"


class EngineUnavailable(EngineError):
    """The engine could not be reached, so the turn has not begun."""


class EngineTimeout(EngineError):
    """The engine has not answered in time; the turn may still end."""

    sentence = "door_still_working"


class EngineSilent(EngineError):
    """The engine answered with nothing at all, which is how it reports a failed turn."""


class RegistryError(ServiceError):
    """The registry could not serve a request; topics turn it into a response key."""

    fault = "registry"
    sentence = ""


class RegistryUnavailable(RegistryError):
    """The registry is unreachable or failing."""

    retryable = True


class RegistryNotAsked(RegistryUnavailable):
    """The registry cannot have seen the call: no connection came about, or none was tried."""


class RegistryTimeout(RegistryError):
    """The registry did not answer in time."""

    retryable = True


class RegistryRefused(RegistryError):
    """The registry understood the request and refused it; `reason` is its reason code."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class RegistryAnswerUnreadable(RegistryError):
    """The registry answered outside its contract."""


class VaultError(ServiceError):
    """A token could not be opened."""

    sentence = ""


class TokenExpired(VaultError):
    """The sealed value is gone: its time is over or it was destroyed."""

    fault = "citizen"


class TokenRefused(VaultError):
    """The token belongs to another conversation or purpose."""


class MediaRefused(ServiceError):
    """A file cannot be taken: too_large, not_taken (its kind), empty, gone, or elsewhere."""

    fault = "citizen"
    sentence = ""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class OutsideRefused(ServiceError):
    """An address that staff typed in is not called, or did not answer; the text says why."""

    sentence = ""


class DeliveryError(ServiceError):
    """A provider did not take a message; `code` is its own word for why, or empty."""

    fault = "provider"
    sentence = ""

    def __init__(self, code: str = "") -> None:
        self.code = code
        super().__init__(code)


class ProviderUnavailable(DeliveryError):
    """The provider cannot be reached, is failing or wants less: the message was not taken."""

    retryable = True


class DeliveryUnknown(ProviderUnavailable):
    """Nobody can tell whether the provider took the message, because its answer was lost."""


class DeliveryRefused(DeliveryError):
    """The provider refuses the message; `code` is its own error code."""
