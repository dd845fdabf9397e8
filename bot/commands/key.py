"""python -m bot key: prints a new SECRET_KEY."""

import base64
import os

import typer


def main() -> None:
    typer.echo(make_key())


def make_key() -> str:
    """Returns 32 random bytes in the form that Fernet takes (44 characters of URL-safe base64)."""
    return base64.urlsafe_b64encode(os.urandom(32)).decode()
