"""Where the registry is, who we are to it, how it is spoken to, and how long we wait for it."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator

from core.environment import Settings


class SignatureSettings(Settings):
    """Whose signatures are believed, by the client and by the intake."""

    registry_public_keys: str = Field(
        "",
        description="The registry's Ed25519 keys: key id:base64 of 32 bytes, comma-separated",
    )
    registry_receiver_id: str = Field("registry", description="The registry's name in the header")
    registry_signature_skew_seconds: int = Field(
        60, ge=0, description="How far the clocks of both sides may be apart"
    )


class ResilienceSettings(Settings):
    """How long the registry is waited for, and what happens when it fails."""

    registry_timeout_seconds: float = Field(
        2.0, gt=0, le=30, description="How long the registry may be silent"
    )
    registry_connect_seconds: float = Field(
        1.0, gt=0, le=10, description="How long a connection may take"
    )
    registry_call_seconds: float = Field(
        3.0,
        gt=0,
        le=60,
        description="How long a call may take in all; less than a channel's deadline",
    )
    registry_document_seconds: float = Field(
        60.0, gt=0, le=150, description="How long a photo or a PDF may take to be handed in"
    )
    registry_retries: int = Field(
        1, ge=0, le=5, description="Repetitions of a call that may safely be made twice"
    )
    registry_retry_seconds: float = Field(
        0.3, gt=0, le=5, description="Longest wait before a repetition; how long is drawn by lot"
    )
    registry_breaker_failures: int = Field(
        5, ge=1, description="Failures in a row after which an operation is not asked for a while"
    )
    registry_breaker_seconds: float = Field(
        5.0, gt=0, description="How long it is not asked; then one call tries"
    )
    registry_calls_per_group: int = Field(
        6, ge=1, description="Calls of one group of operations at once"
    )
    registry_calls_in_all: int = Field(
        12, ge=1, description="Calls of all groups at once; fewer than the process has threads"
    )
    registry_place_seconds: float = Field(
        0.6, gt=0, le=5, description="How long a call waits for one before it to end"
    )

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.registry_call_seconds < self.registry_timeout_seconds:
            raise ValueError("registry_call_seconds is less than registry_timeout_seconds")
        return self


class PathSettings(Settings):
    """Where each message goes, under the root of the registry's API."""

    registry_token_path: str = Field("/oauth2/client/token", description="Where tokens are given")
    registry_social_path: str = Field(
        "/registry/sync/search", description="Search of the social registry: people, households"
    )
    registry_beneficiary_path: str = Field(
        "/registry/sync/search", description="Search of the beneficiary registry: enrolments"
    )
    registry_code_path: str = Field(
        "/idauthentication/v1", description="Root of the one-time codes' API"
    )
    registry_partner_path: SecretStr = Field(
        SecretStr("misp/twiza/key"),
        description="MISP licence key / partner id / API key, as they stand in the path",
    )
    registry_disburse_path: str = Field(
        "/disburse/sync/search", description="Search of payments (G2P Connect)"
    )
    registry_subscribe_path: str = Field(
        "/registry/subscribe", description="Where changes of a person are subscribed to"
    )
    registry_unsubscribe_path: str = Field(
        "/registry/unsubscribe", description="Where a subscription is ended"
    )
    registry_counter_path: str = Field(
        "/counter/v1",
        description="Root of applications, complaints, offices (docs/openapi/twiza-registry.yaml)",
    )
    registry_search_path: str = Field(
        "/registry/search", description="Searches that are answered later, at on-search"
    )
    registry_enrolled_path: str = Field(
        "/registry/sync/enrolled", description="Whether a person is enrolled, yes or no"
    )
    registry_status_path: str = Field(
        "/registry/sync/txn/status", description="What became of a search that was not final"
    )
    registry_disburse_status_path: str = Field(
        "/disburse/sync/txn/status", description="The same for a search of payments"
    )
    registry_esignet_path: str = Field(
        "/v1/esignet", description="Root of eSignet, where it sends the codes"
    )
    registry_preregistration_path: str = Field(
        "/preregistration/v1", description="Root of MOSIP pre-registration"
    )


class MannerSettings(Settings):
    """Which of the standards' ways the registry knows, and how long what is public is kept."""

    registry_codes: Literal["ida", "esignet"] = Field(
        "ida", description="Who sends and checks one-time codes: ida or esignet (both MOSIP)"
    )
    registry_esignet_client: str = Field("twiza", description="Our client at eSignet")
    registry_esignet_redirect_url: str = Field(
        "https://twiza.example.ma/verified",
        description="The address that eSignet knows of that client; it is never called",
    )
    registry_preregistration: Literal["twiza", "mosip"] = Field(
        "twiza",
        description="Who takes entries in the RNP: twiza (twiza-registry.yaml) or mosip",
    )
    registry_search: Literal["sync", "async"] = Field(
        "sync", description="How it answers searches: sync, or async at the intake's on-search"
    )
    registry_query: Literal["idtype-value", "expression", "predicate"] = Field(
        "idtype-value", description="How a person is searched for: the query the registry knows"
    )
    registry_takes_several: bool = Field(
        True, description="Whether the social registry takes several searches in one message"
    )
    registry_pages: int = Field(
        5, ge=1, le=100, description="Pages read of one search; an answer of more is refused"
    )
    registry_status_asks: int = Field(
        2, ge=0, le=10, description="How often a search that is not final is asked about"
    )
    registry_fresh_seconds: int = Field(
        600, ge=0, description="How long offices and the catalogue are told without asking again"
    )
    registry_kept_days: int = Field(
        7, ge=1, description="How long they are told, with their day, while the registry is away"
    )


class RegistrySettings(ResilienceSettings, PathSettings, MannerSettings, SignatureSettings):
    """How the actions and the worker reach the registry."""

    registry_url: str = Field(description="Root of the registry's API, without a slash at its end")
    registry_client_id: str = Field(description="OAuth2 client given to us by the registry")
    registry_client_secret: SecretStr = Field(description="Secret of that client", min_length=8)
    registry_sender_id: str = Field("twiza", description="Our name in the message header")
    registry_ca_file: str = Field("", description="Certificates to trust instead of the usual ones")
    registry_token_scope: str = Field(
        "registry.search registry.subscribe disburse.search counter",
        description="Scopes to ask for with a token, a space between them",
    )
    registry_payee_address: str = Field(
        "token:{idcs}@rnp", description="Financial address of a person; {idcs} stands for theirs"
    )
    registry_subscriber_url: str = Field(
        "", description="Address we ask to be told of changes at; empty: the registry knows it"
    )
    registry_answer_url: str = Field(
        "", description="Address we ask late answers to be sent to; empty: the registry knows it"
    )
    registry_signing: Literal["off", "ed25519"] = Field(
        "off", description="Whether our messages are signed: off or ed25519"
    )
    registry_signing_key: SecretStr = Field(
        SecretStr(""), description="Our Ed25519 key, base64 of 32 bytes; required if signing is on"
    )
    registry_signing_key_id: str = Field(
        "key-1", description="The name by which the registry knows that key"
    )
    registry_signature_seconds: int = Field(
        300, ge=1, description="How long a signature of ours holds"
    )
    registry_answers: Literal["unsigned", "ed25519"] = Field(
        "unsigned", description="Whether answers must be signed: unsigned or ed25519"
    )
    registry_encryption: str = Field(
        "off", description="How messages are encrypted inside TLS; nothing but off is known"
    )
