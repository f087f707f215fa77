"""Alembic's entry for the funeral schema."""

from shared.migrations import run_environment

run_environment()
