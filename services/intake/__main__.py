"""Start the window: `python -m services.intake`."""

from services.intake.app import create
from services.intake.settings import IntakeSettings
from shared.service import serve, start_telemetry


def main() -> None:
    """Serve until told to stop."""
    settings = IntakeSettings()
    provider = start_telemetry("intake", settings)
    serve(create(settings), settings, provider=provider)


if __name__ == "__main__":
    main()
