"""Alembic's entry for the relief schema."""

from shared.migrations import run_environment

run_environment()
