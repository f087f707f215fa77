"""Alembic's entry for the gateway schema."""

from shared.migrations import run_environment

run_environment()
