"""Lets in the pages of this machine that the server gave out itself, and no other site in the same browser.

Another site can make a browser send requests here, under its own name (DNS rebinding) or across. So each request is
looked at: the name it asks for, where it comes from, and, for what the page alone may do, a key that only the page's
browser was given. The Bot API is for programs, which know the bot's token; what a browser sends is not taken there.
"""

import hmac
import secrets
from collections.abc import Awaitable, Callable

from aiohttp import web

LOCAL_NAMES = ("127.0.0.1", "localhost", "[::1]")
_FREE = "/page/static/"  # the files of the page are no secret
_OF_BOTS = ("/bot", "/file/")
_OF_BROWSERS = ("Origin", "Referer", "Cookie", "Sec-Fetch-Site", "Sec-Fetch-Mode")
_HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    # What a file holds that somebody sent must not act as a part of the page.
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
}
_SHUT = (
    "This is for the page that the preview has opened. Open the address that it printed, without anything behind it.\n"
)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Guard:
    """The guard of one server. Its key is made anew at each start."""

    def __init__(self) -> None:
        self._key = secrets.token_urlsafe(32)

    def application(self, routes: list[web.RouteDef], client_max_size: int) -> web.Application:
        """Returns an application in which the guard looks at every request, also at those that no route takes."""

        @web.middleware
        async def look(request: web.Request, handler: Handler) -> web.StreamResponse:
            if not (self._may_pass_as_program(request) if _is_for_bots(request) else self._may_pass_as_page(request)):
                raise web.HTTPForbidden(text=_SHUT)
            response = await handler(request)
            if request.path == "/":
                response.set_cookie(_cookie(request), self._key, path="/page/", httponly=True, samesite="Strict")
            return response

        async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
            for name, value in _HEADERS.items():
                response.headers.setdefault(name, value)

        application = web.Application(client_max_size=client_max_size, middlewares=[look])
        application.on_response_prepare.append(add_headers)
        application.add_routes(routes)
        return application

    def _may_pass_as_page(self, request: web.Request) -> bool:
        origins = request.headers.getall("Origin", [])
        return (
            _is_local(request)
            and all(origin == f"http://{request.headers['Host']}" for origin in origins)
            and all(site in ("same-origin", "none") for site in request.headers.getall("Sec-Fetch-Site", []))
            and (request.path == "/" or request.path.startswith(_FREE) or self._has_key(request))
        )

    def _may_pass_as_program(self, request: web.Request) -> bool:
        return _is_local(request) and not any(name in request.headers for name in _OF_BROWSERS)

    def _has_key(self, request: web.Request) -> bool:
        return hmac.compare_digest(request.cookies.get(_cookie(request), "").encode(), self._key.encode())


def _is_for_bots(request: web.Request) -> bool:
    return request.path.startswith(_OF_BOTS)


def _is_local(request: web.Request) -> bool:
    """Whether it asks for this server by a name of this machine, in the one way in which browsers write it."""
    port = _port(request)
    names = {f"{name}:{port}" for name in LOCAL_NAMES} | (set(LOCAL_NAMES) if port == 80 else set())
    hosts = request.headers.getall("Host", [])
    return len(hosts) == 1 and hosts[0] in names and request.raw_path.startswith("/")


def _cookie(request: web.Request) -> str:
    """Returns the cookie's name. Cookies know no ports: two previews side by side need two names."""
    return f"page_{_port(request)}"


def _port(request: web.Request) -> int:
    address = request.transport.get_extra_info("sockname") if request.transport else None
    return int(address[1]) if address else 0
