"""What can be configured in the gateway."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.settings import Environment, ServiceSettings

_DOCUMENTS = Path(__file__).resolve().parent.parent.parent / "docs" / "graphql" / "operations"


class GatewaySettings(ServiceSettings):
    """Settings of the gateway, prefix `GATEWAY_`."""

    model_config = SettingsConfigDict(
        env_prefix="GATEWAY_", extra="ignore", hide_input_in_errors=True
    )

    documents_dir: Path = Field(
        default=_DOCUMENTS,
        description="Folder of the screens' GraphQL documents, one operation a file.",
    )
    trusted_documents: bool | None = Field(
        default=None,
        description="Carry out only the screens' documents; unset: only in production.",
    )
    allowed_origins: str = Field(
        default="https://servicewechat.com",
        description="Comma-separated origins whose pages may open a WebSocket.",
    )
    operation_seconds: float = Field(
        default=15.0, gt=0, le=120, description="How long one query or mutation may take."
    )
    progress_seconds: float = Field(
        default=30.0,
        gt=0,
        le=600,
        description="A watched case is looked at this often even if no event came.",
    )
    max_watchers: int = Field(
        default=2000, ge=1, description="Subscriptions that this process serves at a time."
    )

    @property
    def in_production(self) -> bool:
        """Whether the doors that only development opens are shut."""
        return self.environment is Environment.PRODUCTION

    @property
    def only_trusted_documents(self) -> bool:
        """Whether documents must be those of the screens."""
        return self.in_production if self.trusted_documents is None else self.trusted_documents

    @property
    def websocket_origins(self) -> tuple[str, ...]:
        """`allowed_origins`, one by one."""
        return tuple(part.strip() for part in self.allowed_origins.split(",") if part.strip())
