"""What every service can configure; each service adds its own under its own prefix."""

from enum import StrEnum
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Role(StrEnum):
    """A part of a service that can run, and be scaled, by itself."""

    API = "api"
    WORKER = "worker"
    """Consumers, outbox relay and background jobs."""
    CLOCK = "clock"
    """Deadlines."""


class Environment(StrEnum):
    """Where the service runs; development opens doors that production keeps shut."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class ServiceSettings(BaseSettings):
    """Settings common to all services.

    Fields with an upper-case alias are the same for all services of one stack; the
    others take the service's prefix, such as `INTAKE_PORT`.
    """

    model_config = SettingsConfigDict(extra="ignore", hide_input_in_errors=True)

    host: str = Field(default="127.0.0.1", description="Address the API listens on.")
    port: int = Field(default=8600, ge=0, le=65535, description="Port the API listens on.")
    roles: str = Field(
        default="api,worker,clock", description="Comma-separated parts this process runs."
    )
    environment: Environment = Field(
        default=Environment.PRODUCTION,
        validation_alias="ENVIRONMENT",
        description="`development` allows the development sign-in and simulated partners.",
    )
    log_level: str = Field(default="INFO", validation_alias="LOG_LEVEL")
    kafka_bootstrap_servers: str = Field(
        default="127.0.0.1:9092", validation_alias="KAFKA_BOOTSTRAP_SERVERS"
    )
    kafka_idempotence: bool = Field(
        default=True,
        validation_alias="KAFKA_IDEMPOTENCE",
        description="Idempotent producer; off only for a broker that cannot (the wheel's).",
    )
    kafka_replication: int = Field(
        default=1,
        ge=1,
        le=9,
        validation_alias="KAFKA_REPLICATION",
        description="Copies the broker keeps of a topic this service creates; 3 in production.",
    )
    registry_url: str = Field(default="http://127.0.0.1:8605", validation_alias="REGISTRY_URL")
    intake_url: str = Field(default="http://127.0.0.1:8601", validation_alias="INTAKE_URL")
    trace_dir: Path | None = Field(
        default=None,
        validation_alias="TRACE_DIR",
        description="Write spans as JSON lines into this folder (the local stack does).",
    )
    otlp_endpoint: str | None = Field(
        default=None,
        validation_alias="OTEL_EXPORTER_OTLP_ENDPOINT",
        description="Send spans to this OTLP/HTTP collector, e.g. http://collector:4318.",
    )

    @property
    def active_roles(self) -> frozenset[Role]:
        """The parts this process runs."""
        return frozenset(Role(part.strip()) for part in self.roles.split(",") if part.strip())


class StoringSettings(ServiceSettings):
    """Settings of a service that keeps records: its database and its keys."""

    database_url: SecretStr = Field(
        description="postgresql:// address of the service's own application role."
    )
    database_pool_size: int = Field(default=8, ge=1, le=100)
    client_secret: SecretStr = Field(
        description="Secret with which this service asks the registry for its tokens."
    )
    field_keys: SecretStr = Field(
        validation_alias="FIELD_KEYS",
        description="`<key id>:<base64 of 32 bytes>` (AES-256) or `<key id>:sm4:<base64 of 16>`, "
        "comma-separated; the first one seals, all open.",
    )
    blind_index_key: SecretStr = Field(
        validation_alias="BLIND_INDEX_KEY",
        description="Base64 of 32 bytes; keys the look-up hash of identity numbers.",
    )
