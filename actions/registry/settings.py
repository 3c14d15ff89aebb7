"""Where the registry is, who we are to it, and how long we wait for it."""

from __future__ import annotations

from pydantic import Field, SecretStr

from core.environment import Settings


class RegistrySettings(Settings):
    """How the actions reach the registry."""

    registry_url: str = Field(description="Root of the registry's API, without a slash at its end")
    registry_client_id: str = Field(description="OAuth2 client given to us by the registry")
    registry_client_secret: SecretStr = Field(description="Secret of that client", min_length=8)
    registry_timeout_seconds: float = Field(
        2.0, gt=0, le=30, description="How long an answer may take; a whole call, one second more"
    )
    registry_connect_seconds: float = Field(
        1.0, gt=0, le=10, description="How long a connection may take"
    )
    registry_sender_id: str = Field("twiza", description="Our name in the message header")
    registry_receiver_id: str = Field("registry", description="The registry's name in the header")
    registry_ca_file: str = Field("", description="Certificates to trust instead of the usual ones")
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
    registry_token_scope: str = Field(
        "registry.search registry.subscribe disburse.search counter",
        description="Scopes to ask for with a token, a space between them",
    )
    registry_disburse_path: str = Field(
        "/disburse/sync/search", description="Search of payments (G2P Connect)"
    )
    registry_payee_address: str = Field(
        "token:{idcs}@rnp", description="Financial address of a person; {idcs} stands for theirs"
    )
    registry_subscribe_path: str = Field(
        "/registry/subscribe", description="Where changes of a person are subscribed to"
    )
    registry_unsubscribe_path: str = Field(
        "/registry/unsubscribe", description="Where a subscription is ended"
    )
    registry_subscriber_url: str = Field(
        "", description="Address we ask to be told of changes at; empty: the registry knows it"
    )
    registry_counter_path: str = Field(
        "/counter/v1",
        description="Root of applications, complaints, offices (docs/openapi/counter.yaml)",
    )
