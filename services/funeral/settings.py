"""What can be configured about the funeral service."""

from datetime import timedelta
from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.settings import StoringSettings


class FuneralSettings(StoringSettings):
    """Settings of the funeral service, such as `FUNERAL_DATABASE_URL`."""

    model_config = SettingsConfigDict(env_prefix="FUNERAL_")

    port: int = Field(default=8604, ge=0, le=65535, description="Port the API listens on.")
    catalogue_dir: Path = Field(
        default=Path("catalogue"),
        validation_alias="CATALOGUE_DIR",
        description="Folder of the catalogue; the schedule of keeping.",
    )
    open_slots_every: timedelta = Field(
        default=timedelta(hours=1), description="How often the next days are opened for booking."
    )
