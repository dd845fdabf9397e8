"""Alembic's migrations, one file per step."""
