"""Start the marriage registry: `python -m services.marriage`."""

from services.marriage.app import NAME, create_app
from services.marriage.settings import MarriageSettings
from shared.service import serve, start_telemetry


def main() -> None:
    """Read the settings, wire the service, serve it."""
    settings = MarriageSettings()
    provider = start_telemetry(NAME, settings)
    serve(create_app(settings), settings, provider=provider)


if __name__ == "__main__":
    main()
