"""Alembic's entry for the registry's schema."""

from shared.migrations import run_environment

run_environment()
