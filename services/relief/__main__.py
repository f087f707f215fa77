"""Start relief: `python -m services.relief`."""

from services.relief.app import NAME, create_app
from services.relief.settings import ReliefSettings
from shared.service import serve, start_telemetry


def main() -> None:
    """Read the settings, wire the service, serve it."""
    settings = ReliefSettings()
    provider = start_telemetry(NAME, settings)
    serve(create_app(settings), settings, provider=provider)


if __name__ == "__main__":
    main()
