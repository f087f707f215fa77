"""Asks the service in this container whether it is ready; for the image's HEALTHCHECK."""

import http.client
import os
import sys


def is_ready(service: str) -> bool:
    """Whether the service answers `/readyz` with 200."""
    port = int(os.environ.get(f"{service.upper()}_PORT", "8600"))
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=3)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(0 if is_ready(os.environ["SERVICE"]) else 1)
