"""What can be configured about the simulated departments."""

from pathlib import Path

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, SecretStr
from pydantic.alias_generators import to_camel
from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class PartnerSecrets(BaseModel):
    """What a system was told when it was connected to the platform."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", hide_input_in_errors=True)

    client_secret: SecretStr
    webhook_secret: SecretStr


class SimulatedSettings(ServiceSettings):
    """Settings of the simulated departments; prefix `SIMULATED_`."""

    model_config = SettingsConfigDict(
        env_prefix="SIMULATED_", extra="ignore", hide_input_in_errors=True
    )

    port: int = Field(default=8610, ge=0, le=65535, description="Port all departments share.")
    partners: dict[str, PartnerSecrets] = Field(
        description="JSON: system → {clientSecret, webhookSecret}; only these are simulated."
    )
    suppliers: dict[str, SecretStr] = Field(
        default_factory=dict,
        description="JSON: department → secret its data-sharing questions are signed with.",
    )
    sign_in: dict[str, dict[str, SecretStr]] = Field(
        default_factory=dict,
        description="JSON: what each simulated sign-in provider keeps of the registry; see "
        "deploy/simulated/sign_in. Only these are simulated.",
    )
    catalogue_dir: Path = Field(
        default=Path("catalogue"),
        validation_alias=AliasChoices("SIMULATED_CATALOGUE_DIR", "CATALOGUE_DIR"),
        description="Where the people of the development seed stand.",
    )
    faults: str = Field(
        default="",
        description="`police:unavailable@2,housing-fund:refuse`: what goes wrong, how often "
        "(always, without a count). Faults: unavailable, refuse, slow, wrong, duplicate.",
    )
    quickest_seconds: float = Field(
        default=0.3, ge=0, description="What the quickest department takes for an answer."
    )
    slowest_seconds: float = Field(
        default=1.5, ge=0, description="What the slowest department takes for an answer."
    )
    poll_seconds: float = Field(
        default=3.0, gt=0, description="Each department looks into its list this often."
    )
