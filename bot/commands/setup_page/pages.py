"""HTML of the pages for setting up: a whole page, a field, an error. For `setup_page`."""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template

from aiohttp import web

FOLDER = Path(__file__).parent
POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
BACK = '<p><a href="/">Back to the beginning</a></p>'


def fill(name: str, **values: str) -> str:
    """Returns a file of this folder with the values, which are HTML, in their places."""
    return Template((FOLDER / f"{name}.html").read_text(encoding="utf-8")).substitute(values)


def page(title: str, body: str, *, refresh: int = 0) -> web.Response:
    """Returns a whole page; with `refresh` it loads anew after so many seconds."""
    again = f'<meta http-equiv="refresh" content="{refresh}">' if refresh else ""
    # Without a referrer a browser says that a form comes from nowhere, and the guard lets that in nowhere.
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
    text = fill("shell", title=escape(title), body=body, refresh=again)
    return web.Response(text=text, content_type="text/html", headers=headers)


def error(text: str) -> str:
    """Returns a line that says what is wrong."""
    return f'<p class="error" role="alert">{escape(text)}</p>'


def field(name: str, label: str, about: str, value: str, problems: Mapping[str, str], *, kind: str = "text") -> str:
    """Returns a labelled field, with its problem if it has one: the first thing that is read then."""
    problem = problems.get(name, "")
    said = f'<span class="error" role="alert">{escape(problem)}</span>' if problem else ""
    marks = ' aria-invalid="true" autofocus' if problem else ""
    given = f'name="{name}" value="{escape(value)}" autocomplete="off" spellcheck="false"'
    return f'<label>{escape(label)}<small>{escape(about)}</small>{said}<input type="{kind}" {given}{marks}></label>'


async def style(_: web.Request) -> web.Response:
    """Answers with the style sheet."""
    return web.Response(text=(FOLDER / "style.css").read_text(encoding="utf-8"), content_type="text/css")
