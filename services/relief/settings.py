"""What can be configured about relief."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.settings import StoringSettings


class ReliefSettings(StoringSettings):
    """Settings of the relief service, such as `RELIEF_DATABASE_URL`."""

    model_config = SettingsConfigDict(env_prefix="RELIEF_")

    port: int = Field(default=8602, ge=0, le=65535, description="Port the API listens on.")
    catalogue_dir: Path = Field(
        default=Path("catalogue"),
        validation_alias="CATALOGUE_DIR",
        description="Folder of the catalogue; the schedule of keeping, and the seed.",
    )
