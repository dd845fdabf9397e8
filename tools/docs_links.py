"""Links of docs/ that lead out of it, for its site. Called by mkdocs, which names it in mkdocs.yml under `hooks`.

On GitHub ../compose.yaml opens that file. The site holds docs/ alone, so there the link becomes the file's name. A file
that is not there is a warning, which ends `mkdocs build --strict`.
"""

import logging
import posixpath
import re
from pathlib import Path
from typing import Protocol

PROJECT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"\[(?P<text>[^\[\]]*)\]\((?P<target>(?:\.\./)+[^)#\s]+)(?:#[^)\s]*)?\)")

log = logging.getLogger("mkdocs.hooks.docs_links")  # what is logged below "mkdocs" counts for --strict


class File(Protocol):
    """What this needs of a file of mkdocs."""

    src_uri: str  # in docs/, such as start/therapist.md


class Page(Protocol):
    """What this needs of a page of mkdocs."""

    file: File


def on_page_markdown(markdown: str, *, page: Page, **_: object) -> str:
    """Returns the page's text with each link that leaves docs/ as words. mkdocs calls it for each page."""
    return LINK.sub(lambda link: _without_link(link, page.file.src_uri), markdown)


def _without_link(link: re.Match[str], page: str) -> str:
    target = posixpath.normpath(posixpath.join("docs", posixpath.dirname(page), link["target"]))
    if target.startswith("docs/"):
        return link[0]
    if target.startswith("..") or not (PROJECT / target).exists():
        log.warning("%s links to %s, which is not there; correct the link", page, link["target"])
    text = link["text"]
    names = {target, target.removesuffix("/"), posixpath.basename(target)}
    return f"`{target}`" if text.strip("`") in names else f"{text} (`{target}`)"
