"""Alembic's entry for the intake schema."""

from shared.migrations import run_environment

run_environment()
