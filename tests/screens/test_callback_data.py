"""Callback data: what is built can be read, has at most 64 bytes, and is built in one module only."""

import ast
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.ext import CallbackQueryHandler

import bot
from bot.domain.ids import ChatId
from bot.handlers import all_handlers
from bot.screens import callback_data as data
from bot.screens.callback_data import KINDS, MOST_BYTES, Kind, about_chat, kind_of, pattern, read_about

PARTS = st.lists(st.from_regex(r"[a-z0-9+-]{1,8}", fullmatch=True), min_size=1, max_size=4)
FOLDER = Path(bot.__file__).parent


@given(st.sampled_from(KINDS), PARTS)
def test_what_is_built_can_be_read(kind: Kind, parts: list[str]) -> None:
    if kind is data.TAP and parts[0] == "end":
        return  # it is a kind of its own
    parts = parts if kind.most_parts is None else parts[: kind.most_parts]
    built = kind.build(*parts)
    assert kind.read(built) == parts
    assert kind_of(built) is kind
    assert read_about(built) == (None, built)
    assert read_about(about_chat(ChatId(2**63 - 1), built)) == (2**63 - 1, built) or len(str(2**63 - 1)) > 18
    assert re.match(pattern(kind), built)


@given(st.text(max_size=70))
def test_data_that_never_was_is_read_without_an_error(text: str) -> None:
    kind = kind_of(text)
    assert kind is None or kind.read(text) is not None
    assert read_about(text)[1] in text


def test_a_kind_without_parts_is_read_only_as_it_is() -> None:
    assert data.AFFIRM.read("affirm") == []
    assert data.AFFIRM.read("affirm:1") is None
    assert not re.match(pattern(data.AFFIRM), "affirm:1")


def test_the_last_part_may_hold_colons() -> None:
    assert data.QUESTION.read("c:0a1b:time:20:00") == ["0a1b", "time", "20:00"]


def test_what_telegram_would_refuse_is_not_built() -> None:
    assert len(data.FAVOURITES.build("x" * (MOST_BYTES - 2))) == MOST_BYTES
    with pytest.raises(ValueError, match="65 bytes"):
        data.FAVOURITES.build("x" * (MOST_BYTES - 1))


def test_buttons_under_old_messages_stay_readable() -> None:
    built = {
        data.HELP_WHOLE: "a:commands",
        data.FLOW.build("0a1b2c3d", 7, "minute"): "f:0a1b2c3d:7:minute",
        data.BEGIN_FLOW.build("grounding"): "g:grounding",
        data.SUPPORT.build("countries"): "h:countries",
        data.INVITATIONS.build("m", "abc", "-", "es", 0): "i:m:abc:-:es:0",
        data.FAVOURITES.build("page", 0): "k:page:0",
        data.LEARN_THEMES: "l:",
        data.SAFETY_PLAN.build("part", "people"): "plan:part:people",
        data.MINE.build("show", 17): "mine:show:17",
        data.LOOK.build("c", "2026-03-02", "sea"): "look:c:2026-03-02:sea",
        data.NOTES.build("show", 17): "notes:show:17",
        data.APPOINTMENT.build("skip", "0.20260303"): "session:skip:0.20260303",
        data.NOT_FOR_ME.build("out", 0, "one"): "n:out:0:one",
        data.TAP.build("me_too"): "w:me_too",
        data.LATER.build("o", 17, "one"): "z:o:17:one",
        data.LATER.build("o", 17, "own:5"): "z:o:17:own:5",
        data.PRESENCE.build("less"): "v:less",
        data.CIRCLE_END: "w:end",
        data.AFFIRM_NOW: "affirm",
        data.question_start("0a1b", "time"): "c:0a1b:time:",
        data.CARD: "o:",
        data.LIST: "o:list",
        data.ADD: "o:add",
        data.PAUSE_ASK: "p:ask",
        data.REMINDERS.build("days", 1, 3, 2): "r:days:1:3:2",
        data.SETTINGS.build("silent", 1): "s:silent:1",
        data.BRING_BACK: "start:back",
        data.THEMES_SHOW: "t:",
        data.LANGUAGE.build("es"): "y:es",
        data.BRING.build("0a1b2c3d", "yes"): "b:0a1b2c3d:yes",
        about_chat(ChatId(17), data.CARD): "m:17:o:",
    }
    assert list(built) == list(built.values())
    assert {kind_of(text) for text in list(built)[:-1]} == set(KINDS)


@pytest.mark.parametrize(
    "text",
    [
        *("a:help", "a:commands", "a:privacy", "a:details", "a:rest", "b:0a1b2c3d:no"),
        *("k:keep:a-sentence", "k:show:a-sentence", "k:remove:a-sentence", "k:page:3"),
        *("n:hide:a-sentence", "n:back:a-sentence", "n:out:1:a-sentence"),
        *("l:t:a-theme", "l:e:an-explainer", "h:back", "h:countries", "h:DE", "h:okay", "h:keep", "h:remove"),
        *("mine", "mine:share:half", "mine:kept:1", "mine:card:17"),
        *("notes", "notes:keep", "notes:session:17", "notes:all:17"),
        *("plan", "plan:guide", "plan:part:own", "plan:send", "plan:remove"),
        *("session", "session:on:before", "session:off:quiet", "session:skip:0.20260303", "session:move:0.20260303"),
        *("session:bring:0.20260303", "session:holiday", "session:add", "session:length", "session:end"),
        *("session:remove", "session:here:Europe/London"),
        *("w:here", "r:list", "r:add", "r:show:1", "r:change:1", "r:pause:1", "r:resume:1", "r:remove:1", "r:days:1"),
        *("s:show", "s:zone", "s:place:Europe/London", "s:quiet", "s:silent:0", "s:pictures:1", "s:words:own"),
        *("t:out:a-theme", "t:in:a-theme", "t:all", "t:unhide", "y:", "p:resume", "p:stop"),
        *("start:new", "start:anew", "c:0a1b2c3d:time:20:00", "o:general", "o:leave", "o:erase"),
        *("i:list", "i:new", "i:w:rosa-meyer", "i:l:rosa-meyer:en", "i:s:abc", "i:c:abc", "i:e:abc"),
    ],
)
def test_every_action_of_an_old_button_finds_its_handler(text: str) -> None:
    kind = kind_of(text)
    assert kind is not None
    assert kind.build(*(kind.read(text) or ())) == text
    patterns = [handler.pattern for handler in all_handlers() if isinstance(handler, CallbackQueryHandler)]
    assert [found for found in patterns if isinstance(found, re.Pattern) and found.match(text)] != []


def test_no_prefix_stands_for_two_kinds() -> None:
    assert len({kind.prefix for kind in KINDS}) == len(KINDS)


def test_no_other_module_builds_data() -> None:
    """No string in the code looks like a button's data, except the two ids of inline results."""
    begins = re.compile(rf"(?:m|{'|'.join(kind.prefix for kind in KINDS)}):")
    strays = []
    for file in FOLDER.rglob("*.py"):
        if file.name == "callback_data.py" or "migrations" in file.parts:
            continue
        tree = ast.parse(file.read_text())
        docstrings = {
            node.value for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        strays += [
            f"{file.relative_to(FOLDER)}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in docstrings
            if begins.match(node.value)
        ]
    assert [stray for stray in strays if not stray.startswith("handlers/inline.py")] == []


def test_every_kind_has_a_handler_and_every_handler_a_kind() -> None:
    patterns = [
        handler.pattern.pattern
        for handler in all_handlers()
        if isinstance(handler, CallbackQueryHandler) and isinstance(handler.pattern, re.Pattern)
    ]
    known = [re.sub(r"^\^(\(\?:m:\[0-9\]\{1,9\}:\)\?|m:\[0-9\]\{1,9\}:)?", "", text) for text in patterns]
    for text in known:
        assert any(text.startswith(re.escape(kind.prefix)) for kind in KINDS), text
    for kind in KINDS:
        assert any(text.startswith(re.escape(kind.prefix)) for text in known), kind


def test_only_what_changes_a_chat_can_be_about_another_one() -> None:
    for handler in all_handlers():
        if not isinstance(handler, CallbackQueryHandler) or not isinstance(handler.pattern, re.Pattern):
            continue
        for kind in KINDS:
            if handler.pattern.match(about_chat(ChatId(1), kind.prefix)):
                assert kind.may_be_about, kind
