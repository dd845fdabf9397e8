"""docs/ as a site: every page is in its menu, and links that leave docs/ become words (tools/docs_links.py).

That all links and anchors lead somewhere is asked by `mkdocs build --strict`, in `make check`.
"""

import logging
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from bot.settings import PROJECT, Settings
from bot.usecases import claims, failures, handled_updates, taps
from bot.usecases.conversations import rows
from bot.usecases.encrypted_columns import ENCRYPTED
from bot.usecases.stored_data import STORED
from tools.docs_links import on_page_markdown

DOCS = PROJECT / "docs"
SITE = yaml.safe_load((PROJECT / "mkdocs.yml").read_text(encoding="utf-8"))


def pages_in(menu: object) -> list[str]:
    """Returns the pages of mkdocs' nav: texts, lists, and lists under a title."""
    if isinstance(menu, str):
        return [menu]
    parts = menu.values() if isinstance(menu, dict) else menu
    assert not isinstance(parts, str)
    return [page for part in parts for page in pages_in(part)]  # type: ignore[attr-defined]  # YAML: a list


def linked(text: str, page: str = "start/therapist.md") -> str:
    return on_page_markdown(text, page=SimpleNamespace(file=SimpleNamespace(src_uri=page)))


def test_every_page_is_in_the_menu_once_and_no_other() -> None:
    pages = sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))
    assert sorted(pages_in(SITE["nav"])) == pages


def test_the_site_asks_nobody_for_anything(tmp_path: Path) -> None:
    """Fonts, scripts and search are its own; an address stands in a page only for whoever follows it."""
    pytest.importorskip("mkdocs", reason="make .venv/docs.stamp brings it; `make check` has it")
    done = subprocess.run(
        (sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path)),
        cwd=PROJECT,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    pages = {page: page.read_text(encoding="utf-8") for page in tmp_path.rglob("*.html")}
    assert len(pages) == len(pages_in(SITE["nav"])) + 1  # 404.html
    outside = re.compile(r"<(?:script|link|img|iframe|source)[^>]*(?:src|href)=\"?(?:https?:)?//[^>]*>")
    assert {page.name: found for page, text in pages.items() if (found := outside.findall(text))} == {}
    assert SITE["theme"]["font"] is False
    assert {"search", "offline"} <= set(SITE["plugins"])


def test_every_link_and_anchor_that_leads_nowhere_fails() -> None:
    rules = SITE["validation"]
    assert {rules["links"][name] for name in ("not_found", "anchors", "unrecognized_links")} == {"warn"}
    assert "mkdocs build --strict" in (PROJECT / "Makefile").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("[Groups](../groups.md)", "[Groups](../groups.md)"),
        ("[install](../install.md#in-a-container)", "[install](../install.md#in-a-container)"),
        ("[CONTRIBUTING.md](../../CONTRIBUTING.md)", "`CONTRIBUTING.md`"),
        ("[alerts](../../deploy/prometheus/alerts.yml)", "alerts (`deploy/prometheus/alerts.yml`)"),
        ("[`messages/en`](../../messages/en)", "`messages/en`"),
        ("[Telegram](https://telegram.org/privacy)", "[Telegram](https://telegram.org/privacy)"),
    ],
)
def test_a_link_out_of_docs_is_the_name_of_a_file(written: str, shown: str) -> None:
    assert linked(written) == shown


@pytest.mark.parametrize("target", ["../../nowhere.yaml", "../../../README.md"])
def test_a_link_to_a_file_that_is_not_there_is_a_warning(target: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "mkdocs"):
        linked(f"[it]({target})")
    assert [record.getMessage() for record in caplog.records] == [
        f"start/therapist.md links to {target}, which is not there; correct the link"
    ]


def test_data_protection_names_every_table_and_marks_what_is_encrypted() -> None:
    page = (DOCS / "data-protection.md").read_text(encoding="utf-8")
    rows_of = [line for line in page.splitlines() if re.match(r"\| .*`.*\|", line)]
    about_people = {name for line in rows_of for name in re.findall(r"`([a-z_]+)`", line.split("|")[2])}
    assert about_people == {one.model.__tablename__ for one in STORED if one.privacy}
    about_nobody = next(line for line in page.splitlines() if line.startswith("About nobody"))
    assert set(re.findall(r"`([a-z_]+)`", about_nobody)) == {
        one.model.__tablename__ for one in STORED if not one.privacy
    }
    encrypted = {column.model.__tablename__ for column in ENCRYPTED}
    for row in rows_of:
        assert bool(set(re.findall(r"`([a-z_]+)`", row.split("|")[2])) & encrypted) == ("**encrypted**" in row), row


def test_data_protection_has_the_times_of_the_program() -> None:
    page = (DOCS / "data-protection.md").read_text(encoding="utf-8")
    defaults = {name: Settings.model_fields[name].default for name in ("notes_kept_days", "forget_blocked_after")}
    assert f"`NOTES_KEPT_DAYS`: {defaults['notes_kept_days']} days" in page
    assert f"after {defaults['forget_blocked_after']} days | `FORGET_BLOCKED_AFTER`" in page
    assert f"after {Settings.model_fields['forget_strangers_after'].default} days | `FORGET_STRANGERS_AFTER`" in page
    words = {2: "two", 3: "three", 7: "seven"}
    assert f"`queued_messages` | {words[claims.KEEP_SENT.days]} days" in page
    assert f"`failures` | {words[failures.KEEP_FAILURES.days]} days" in page
    assert f"`conversations` | {words[rows.ABANDONED_AFTER.days]} days" in page
    assert f"numbers of updates, {words[handled_updates.KEEP.days]} days" in page
    assert f"`post_taps` | {taps.KEEP_POSTS.days} days" in page
