"""The proxy that the environment names, as curl and most programs read it. Called by `transport`."""

import os

from pyreqwest.client import ClientBuilder
from pyreqwest.proxy import ProxyBuilder

# A Bot API server of one's own on the same machine is never asked through a proxy.
HERE = ("localhost", "127.0.0.1", "::1")


def through_proxies(builder: ClientBuilder) -> ClientBuilder:
    """Returns a client that goes through HTTPS_PROXY, HTTP_PROXY or ALL_PROXY, except to the hosts of NO_PROXY."""
    exceptions = ",".join((*HERE, *filter(None, (_read("NO_PROXY"),))))
    builder = builder.no_proxy()  # none that the library finds for itself
    for name, kind in (
        ("HTTPS_PROXY", ProxyBuilder.https),
        ("HTTP_PROXY", ProxyBuilder.http),
        ("ALL_PROXY", ProxyBuilder.all),
    ):
        if address := _read(name):
            builder = builder.proxy(kind(address).no_proxy(exceptions))
    return builder


def _read(name: str) -> str | None:
    """Returns a variable in small letters, which curl reads first, or in capitals."""
    return os.environ.get(name.lower()) or os.environ.get(name)
