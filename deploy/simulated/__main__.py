"""Start the simulated departments: `python -m deploy.simulated`."""

import sys

from deploy.simulated.app import NOTICE, create
from deploy.simulated.settings import SimulatedSettings
from shared.service import serve, start_telemetry
from shared.settings import Environment


def main() -> None:
    """Serve until told to stop; never in production."""
    settings = SimulatedSettings()
    if settings.environment is Environment.PRODUCTION:
        sys.exit("simulated departments run in development only: ENVIRONMENT=development")
    provider = start_telemetry("simulated-partners", settings)
    print(NOTICE, flush=True)
    serve(create(settings), settings, provider=provider)


if __name__ == "__main__":
    main()
