"""Start the funeral service: `python -m services.funeral`."""

from services.funeral.app import NAME, create_app
from services.funeral.settings import FuneralSettings
from shared.service import serve, start_telemetry


def main() -> None:
    """Read the settings, wire the service, serve it."""
    settings = FuneralSettings()
    provider = start_telemetry(NAME, settings)
    serve(create_app(settings), settings, provider=provider)


if __name__ == "__main__":
    main()
