"""The local stack: database, broker, services and simulated partners on one machine."""
