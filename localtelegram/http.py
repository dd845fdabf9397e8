"""The local Telegram as a Bot API server over HTTP. A bot in another process reaches it by BOT_API_URL."""

import json
from collections.abc import Mapping

from aiohttp import web

from localtelegram.answers import ApiAnswer, Json
from localtelegram.faults import ConnectionLost
from localtelegram.state.files import UPLOAD_LIMIT, FilePart
from localtelegram.telegram import LocalTelegram

_NOT_FOUND: Json = {"ok": False, "error_code": 404, "description": "Not Found"}
_UNREADABLE: Json = {"ok": False, "error_code": 400, "description": "Bad Request: can't parse JSON object"}
_ROOM_FOR_FIELDS = 1024 * 1024  # bytes on top of one upload


def application(telegram: LocalTelegram) -> web.Application:
    app = web.Application(client_max_size=UPLOAD_LIMIT + _ROOM_FOR_FIELDS)
    app.add_routes(routes(telegram))
    return app


def routes(telegram: LocalTelegram) -> list[web.RouteDef]:
    """The routes of the Bot API. The application that takes them must leave room for uploads in `client_max_size`."""

    async def call(request: web.Request) -> web.StreamResponse:
        return await _call(telegram, request)

    async def file(request: web.Request) -> web.StreamResponse:
        content = telegram.download(request.match_info["token"], request.match_info["path"])
        return web.json_response(_NOT_FOUND, status=404) if content is None else web.Response(body=content)

    async def nothing(_: web.Request) -> web.StreamResponse:
        return web.json_response(_NOT_FOUND, status=404)

    return [
        web.get("/file/bot{token:[^/]+}/{path:.+}", file, allow_head=False),
        web.route("*", "/bot{token:[^/]+}", nothing),
        web.route("*", "/bot{token:[^/]+}/{method}/{rest:.*}", nothing),
        web.get("/bot{token:[^/]+}/{method}", call, allow_head=False),
        web.post("/bot{token:[^/]+}/{method}", call),
    ]


async def _call(telegram: LocalTelegram, request: web.Request) -> web.StreamResponse:
    try:
        params, files = await _read(request)
    except ValueError:
        return web.json_response(_UNREADABLE, status=400)
    try:
        answer = await telegram.call(request.match_info["token"], request.match_info["method"], params, files)
    except ConnectionLost:
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=502)
    return _response(answer)


def _response(answer: ApiAnswer) -> web.Response:
    if answer.html is not None:
        return web.Response(status=answer.status, text=answer.html, content_type="text/html", headers=answer.headers)
    return web.json_response(answer.body, status=answer.status, headers=answer.headers)


async def _read(request: web.Request) -> tuple[Json, Mapping[str, FilePart]]:
    """Parameters from the query string and from a form, multipart or JSON body, as the Bot API takes them."""
    params: Json = dict(request.query)
    if request.method == "GET" or not request.can_read_body:
        return params, {}
    if request.content_type == "application/json":
        body = json.loads(await request.text() or "{}")
        if not isinstance(body, dict):
            raise ValueError("an object is expected")
        return params | body, {}
    files: dict[str, FilePart] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            files[name] = FilePart(value.file.read(), value.filename, value.content_type)
        else:
            params[name] = value if isinstance(value, str) else value.decode()
    return params, files
