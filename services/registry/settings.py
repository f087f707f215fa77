"""What can be configured at the registry; names begin with `REGISTRY_`."""

from pathlib import Path

from pydantic import AliasChoices, Field, SecretStr, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from shared.settings import Environment, StoringSettings

_ACCOUNTS = {
    "WECHAT": {"base_url", "app_id", "app_secret"},
    "ALIPAY": {"base_url", "app_id", "private_key", "alipay_public_key"},
    "PROVINCE": {"base_url", "client_id", "client_secret", "redirect_uri"},
}


class RegistrySettings(StoringSettings):
    """Settings of the registry."""

    model_config = SettingsConfigDict(
        env_prefix="REGISTRY_", extra="ignore", hide_input_in_errors=True
    )

    port: int = Field(default=8605, ge=0, le=65535, description="Port the API listens on.")
    catalogue_dir: Path | None = Field(
        default=None,
        validation_alias=AliasChoices("REGISTRY_CATALOGUE_DIR", "CATALOGUE_DIR"),
        description="Publish this catalogue at start, if it changed.",
    )
    client_secrets: SecretStr | None = Field(
        default=None,
        description="Development only: JSON of client id to secret, registered at start.",
    )
    suppliers: SecretStr = Field(
        default=SecretStr("{}"),
        description='JSON: department → {"url", "secret"}: where shared data is asked for. '
        "A department that is not named is not connected; its answer is UNAVAILABLE.",
    )
    marriage_url: str = Field(
        default="http://127.0.0.1:8603",
        validation_alias="MARRIAGE_URL",
        description="Where the registry asks whose marriage an event is about.",
    )
    relief_url: str = Field(
        default="http://127.0.0.1:8602",
        validation_alias="RELIEF_URL",
        description="Where the registry asks whom a benefit is for.",
    )
    public_url: str = Field(
        default="",
        pattern=r"^(https?://[a-zA-Z0-9.:\[\]/-]{1,200})?$",
        description="Where people outside reach the registry's verification page; "
        "stands in QR codes and credentials. Empty: REGISTRY_URL, which is right in development.",
    )
    access_token_seconds: int = Field(
        default=600, ge=60, le=600, description="How long an access token is good."
    )
    key_life_days: int = Field(
        default=30, ge=1, le=365, description="How long one key signs before the next takes over."
    )

    sign_in_providers: dict[str, dict[str, SecretStr]] = Field(
        default_factory=dict,
        description="JSON: what each provider gave us. WECHAT {base_url, app_id, app_secret}, "
        "ALIPAY {base_url, app_id, private_key, alipay_public_key}, "
        "PROVINCE {base_url, client_id, client_secret, redirect_uri}.",
    )
    seed_factors: SecretStr | None = Field(
        default=None,
        description="Development only: JSON of officer to {password, totp_secret}.",
    )
    address_requests_per_minute: int = Field(
        default=600,
        ge=1,
        description="Sign-ins, refreshes and token requests of one network address.",
    )
    client_requests_per_minute: int = Field(
        default=120, ge=1, description="Token requests of one program."
    )
    session_requests_per_minute: int = Field(
        default=20, ge=1, description="Refreshes of one session."
    )
    lost_passwords: Path | None = Field(
        default=None,
        description="A file of passwords known to be lost, one a line; officers may take none.",
    )

    @property
    def is_development(self) -> bool:
        """Whether the doors of development are open."""
        return self.environment is Environment.DEVELOPMENT

    @property
    def provider_accounts(self) -> dict[str, dict[str, str]]:
        """The same, readable; for whoever joins the providers."""
        return {
            name: {each: value.get_secret_value() for each, value in account.items()}
            for name, account in self.sign_in_providers.items()
        }

    @field_validator("sign_in_providers")
    @classmethod
    def _complete(
        cls, accounts: dict[str, dict[str, SecretStr]]
    ) -> dict[str, dict[str, SecretStr]]:
        for name, account in accounts.items():
            if set(account) != _ACCOUNTS.get(name):
                raise ValueError(f"not an account of a provider we know: {name}")
        return accounts

    @model_validator(mode="after")
    def _secrets_only_in_development(self) -> "RegistrySettings":
        if self.client_secrets is not None and not self.is_development:
            raise ValueError("REGISTRY_CLIENT_SECRETS is for development; use register-client")
        if self.seed_factors is not None and not self.is_development:
            raise ValueError("REGISTRY_SEED_FACTORS is for development; invite officers")
        return self
