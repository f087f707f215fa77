"""Start the gateway: `python -m services.gateway`."""

from services.gateway.app import NAME, create
from services.gateway.settings import GatewaySettings
from shared.service import serve, start_telemetry


def main() -> None:
    """Serve until told to stop."""
    settings = GatewaySettings()
    provider = start_telemetry(NAME, settings)
    serve(create(settings), settings, provider=provider)


if __name__ == "__main__":
    main()
