"""python -m bot key: prints a new SECRET_KEY."""

import base64
import os

import typer


def main() -> None:
    """Prints 32 random bytes in the form that Fernet takes (44 characters of URL-safe base64)."""
    typer.echo(base64.urlsafe_b64encode(os.urandom(32)).decode())
