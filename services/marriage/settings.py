"""What can be configured about the marriage registry."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.settings import StoringSettings


class MarriageSettings(StoringSettings):
    """Settings of the marriage service, such as `MARRIAGE_DATABASE_URL`."""

    model_config = SettingsConfigDict(env_prefix="MARRIAGE_")

    port: int = Field(default=8603, ge=0, le=65535, description="Port the API listens on.")
    catalogue_dir: Path = Field(
        default=Path("catalogue"),
        validation_alias="CATALOGUE_DIR",
        description="Folder of the catalogue; the schedule of keeping, and the seed.",
    )
