"""python -m bot health: asks the running bot's /health. For a container's HEALTHCHECK, which then needs no curl."""

import http.client
from contextlib import closing
from urllib.parse import urlsplit

import typer

from bot.commands.configuration import fail, load_settings

ANSWER_SECONDS = 5.0


def main() -> None:
    """Prints what it answers. Exit code 1 when it is not well, or is not there."""
    address = load_settings().own_address
    try:
        status, text = ask(address)
    except (OSError, http.client.HTTPException) as error:
        fail(f"{address}/health does not answer ({type(error).__name__}): the bot does not run here (LISTEN)", code=1)
    if status != http.client.OK:
        fail(f"{address}/health answers {status}: {text}", code=1)
    typer.echo(text)


def ask(address: str) -> tuple[int, str]:
    """Returns status and body of /health, past every proxy. Raises OSError or http.client.HTTPException."""
    place = urlsplit(address)
    with closing(http.client.HTTPConnection(place.hostname or "", place.port, timeout=ANSWER_SECONDS)) as connection:
        connection.request("GET", "/health")
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace").strip()
