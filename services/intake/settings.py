"""What can be configured at the window."""

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from shared.settings import StoringSettings


class IntakeSettings(StoringSettings):
    """Settings of the intake service; prefix `INTAKE_`."""

    model_config = SettingsConfigDict(
        env_prefix="INTAKE_", extra="ignore", hide_input_in_errors=True, populate_by_name=True
    )

    partner_webhooks: SecretStr = Field(
        default=SecretStr("{}"),
        description="JSON: partner system → {url, secret}; written to the database at start.",
    )
    webhook_allowed_hosts: str = Field(
        default="",
        description="Comma-separated hosts that webhooks may reach although not public.",
    )
