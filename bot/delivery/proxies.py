"""The proxy of PROXY, or those that the environment names, as curl reads it. Called by `reqwest_client`."""

import os

from pyreqwest.client import ClientBuilder
from pyreqwest.proxy import ProxyBuilder

from bot.settings.proxy import proxy_of_environment

# A Bot API server of one's own on the same machine is never asked through a proxy.
HERE = ("localhost", "127.0.0.1", "::1")


def through_proxies(builder: ClientBuilder, proxy: str | None) -> ClientBuilder:
    """Returns a client that goes through this proxy, or else HTTPS_PROXY, HTTP_PROXY or ALL_PROXY.

    To the hosts of NO_PROXY and to this machine it goes directly.
    """
    exceptions = ",".join((*HERE, *filter(None, (os.environ.get("no_proxy") or os.environ.get("NO_PROXY"),))))
    builder = builder.no_proxy()  # none that the library finds for itself
    if proxy:
        return builder.proxy(ProxyBuilder.all(proxy).no_proxy(exceptions))
    for name, kind in (
        ("HTTPS_PROXY", ProxyBuilder.https),
        ("HTTP_PROXY", ProxyBuilder.http),
        ("ALL_PROXY", ProxyBuilder.all),
    ):
        if address := proxy_of_environment(name):
            builder = builder.proxy(kind(address).no_proxy(exceptions))
    return builder
