"""The page with the bot's flows as pictures."""

from html import escape

from aiohttp import web

from localtelegram.page.time_travel import RunningBot

_PAGE_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"
_DRAWING_POLICY = "default-src 'none'; style-src 'unsafe-inline'"  # what is drawn carries its colours in itself
_PAGE = """<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>The conversations as pictures</title>
    <link rel="icon" href="/page/static/icon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="/page/static/style.css" />
  </head>
  <body class="gallery">
    <main>
      <p><a href="/">Back to the chats</a></p>
      <h1>The conversations as pictures</h1>
      <p class="hint">Each is a file in messages/en/flows. A picture opens alone, and larger, when it is chosen.</p>
      <nav aria-label="Conversations"><ul>{links}</ul></nav>
      {pictures}
    </main>
  </body>
</html>
"""
_LINK = '<li><a href="#{name}">{title}</a></li>'
_PICTURE = """<section id="{name}"><h2>{title}</h2>
        <a href="/page/flows/{name}.svg">
          <img src="/page/flows/{name}.svg" alt="{title}: its steps" loading="lazy" />
        </a>
      </section>"""


def show_all(bot: RunningBot | None) -> web.Response:
    flows = {escape(name): escape(title) for name, title in bot.flows().items()} if bot else {}
    links = "".join(_LINK.format(name=name, title=title) for name, title in flows.items())
    pictures = "\n      ".join(_PICTURE.format(name=name, title=title) for name, title in flows.items())
    text = _PAGE.format(links=links, pictures=pictures)
    return web.Response(text=text, content_type="text/html", headers=_headers(_PAGE_POLICY))


def show_one(bot: RunningBot | None, name: str) -> web.Response:
    if bot is None or name not in bot.flows():
        raise web.HTTPNotFound
    return web.Response(text=bot.picture(name), content_type="image/svg+xml", headers=_headers(_DRAWING_POLICY))


def _headers(policy: str) -> dict[str, str]:
    return {"Content-Security-Policy": policy, "Cache-Control": "no-cache"}
