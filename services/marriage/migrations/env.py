"""Alembic's entry for the marriage schema."""

from shared.migrations import run_environment

run_environment()
