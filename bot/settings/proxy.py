"""The address of a proxy, as people and the environment write it. Called by `settings` and `delivery.proxies`."""

import os
from urllib.parse import urlsplit

SCHEMES = ("http", "https", "socks5", "socks5h")
OF_THE_ENVIRONMENT = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY")


def proxy_address(text: str) -> str:
    """Returns the address whole. Raises ValueError with what is wrong, and the cure; never with a password.

    The proxy looks names up, also by SOCKS: where Telegram is blocked, so is often its name.
    """
    address = text if "://" in text else f"http://{text}"  # as curl reads it
    try:
        parts = urlsplit(address)
        is_whole = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        is_whole = False
    if not is_whole or parts.scheme not in SCHEMES:
        raise ValueError("is no address of a proxy; write it like http://name:password@host:3128 or socks5://host:1080")
    return address.replace("socks5://", "socks5h://", 1)


def proxy_of_environment(name: str) -> str | None:
    """Returns a variable in small letters, which curl reads first, or in capitals. Raises ValueError with its name."""
    text = os.environ.get(name.lower()) or os.environ.get(name)
    try:
        return proxy_address(text) if text else None
    except ValueError as error:
        raise ValueError(f"{name} of the environment {error}") from None
