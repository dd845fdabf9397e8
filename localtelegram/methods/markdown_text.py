"""Telegram's MarkdownV2 and Markdown, read as strictly as Telegram reads them, with its error texts.

The rules are those of TDLib's parse_markdown_v2 and parse_markdown (td/telegram/MessageEntity.cpp).
"""

from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from localtelegram.methods.html_text import link_entity, moment_entity
from localtelegram.methods.spans import utf16_length
from localtelegram.state.refusal import Json, bad_request

_RESERVED = "_*[]()~`>#+-=|{}.!\n"
_KINDS = {
    "Bold": "bold",
    "Italic": "italic",
    "Underline": "underline",
    "Strikethrough": "strikethrough",
    "Spoiler": "spoiler",
    "Code": "code",
    "Pre": "pre",
    "PreCode": "pre",
    "TextUrl": "text_link",
    "CustomEmoji": "custom_emoji",
    "BlockQuote": "blockquote",
}
_CLOSING = {
    "Bold": "*",
    "Italic": "_",
    "Underline": "__",
    "Strikethrough": "~",
    "Spoiler": "||",
    "Code": "`",
    "Pre": "```",
    "PreCode": "```",
    "TextUrl": "]",
    "CustomEmoji": "]",
}


@dataclass
class _Open:
    kind: str
    at: int
    offset: int
    start: int
    language: str = ""


@dataclass
class _Parser:
    source: str
    at: int = 0
    out: str = ""
    is_line_start: bool = True
    stack: list[_Open] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)

    def ahead(self, text: str) -> bool:
        return self.source.startswith(text, self.at)

    def bytes_before(self, position: int) -> int:
        return len(self.source[:position].encode())

    def open(self, kind: str, marker: str) -> None:
        self.stack.append(_Open(kind, self.at, utf16_length(self.out), len(self.out)))
        self.at += len(marker)

    def has(self, kind: str) -> bool:
        return any(opened.kind == kind for opened in self.stack)


def parse_markdown_v2(source: str) -> tuple[str, list[Json]]:
    parser = _Parser(source)
    while parser.at < len(source):
        _step(parser)
    if parser.stack and parser.stack[-1].kind == "BlockQuote":
        _end(parser, parser.stack[-1])
    if parser.stack:
        last = parser.stack[-1]
        raise _cannot(f"Can't find end of {last.kind} entity at byte offset {parser.bytes_before(last.at)}")
    return parser.out, parser.entities


def _cannot(reason: str) -> Exception:
    return bad_request(f"can't parse entities: {reason}")


def _step(parser: _Parser) -> None:
    character = parser.source[parser.at]
    following = parser.source[parser.at + 1 : parser.at + 2]
    if character == "\\" and following and 0 < ord(following) <= 126:
        _write(parser, following, width=2)
        return
    inside = parser.stack[-1] if parser.stack else None
    is_code = inside is not None and inside.kind in ("Code", "Pre", "PreCode")
    if character not in ("`" if is_code else _RESERVED):
        _write(parser, character)
    elif inside is not None and _is_end(parser, inside):
        _end(parser, inside)
    elif character == "\n":
        _line_end(parser)
    else:
        _begin(parser, character)


def _write(parser: _Parser, character: str, *, width: int = 1) -> None:
    parser.out += character
    parser.at += width
    parser.is_line_start = False


def _line_end(parser: _Parser) -> None:
    if parser.has("BlockQuote") and parser.source[parser.at + 1 : parser.at + 2] != ">":
        last = parser.stack[-1]
        if last.kind != "BlockQuote":
            raise _cannot(f"Can't find end of {last.kind} entity at byte offset {parser.bytes_before(last.at)}")
        _end(parser, last)
    elif parser.has("BlockQuote"):
        parser.at += 1
    _write(parser, "\n")
    parser.is_line_start = not parser.has("BlockQuote")


def _is_end(parser: _Parser, inside: _Open) -> bool:
    closing = _CLOSING.get(inside.kind)
    if closing is None or not parser.ahead(closing):
        return False
    return not (inside.kind == "Italic" and parser.ahead("__"))


def _begin(parser: _Parser, character: str) -> None:
    if character == "_":
        parser.open("Underline", "__") if parser.ahead("__") else parser.open("Italic", "_")
    elif character in "*~":
        parser.open("Bold" if character == "*" else "Strikethrough", character)
    elif parser.ahead("||") and not _closes_quote(parser):
        parser.open("Spoiler", "||")
    elif parser.ahead("||"):
        _end(parser, parser.stack[-1], is_expandable=True)
    elif character == "[":
        parser.open("TextUrl", "[")
    elif parser.ahead("!["):
        parser.open("CustomEmoji", "![")
    elif parser.ahead("```"):
        _begin_pre(parser)
    elif character == "`":
        parser.open("Code", "`")
    elif character == ">" and parser.is_line_start:
        parser.open("BlockQuote", ">")
    else:
        raise _cannot(f"Character '{character}' is reserved and must be escaped with the preceding '\\'")
    parser.is_line_start = False


def _closes_quote(parser: _Parser) -> bool:
    is_last = parser.source[parser.at + 2 : parser.at + 3] in ("", "\n")
    return is_last and bool(parser.stack) and parser.stack[-1].kind == "BlockQuote"


def _begin_pre(parser: _Parser) -> None:
    parser.open("Pre", "```")
    end = parser.at
    while end < len(parser.source) and not parser.source[end].isspace() and parser.source[end] != "`":
        end += 1
    if parser.at != end < len(parser.source) and parser.source[end] != "`":
        parser.stack[-1].kind = "PreCode"
        parser.stack[-1].language = parser.source[parser.at : end]
        parser.at = end
    if parser.source[parser.at : parser.at + 1] == "\n":
        parser.at += 1


def _end(parser: _Parser, opened: _Open, *, is_expandable: bool = False) -> None:
    parser.stack.pop()
    parser.at += 2 if is_expandable else len(_CLOSING.get(opened.kind, ""))
    length = utf16_length(parser.out) - opened.offset
    entity: Json = {"offset": opened.offset, "length": length, "type": _KINDS[opened.kind]}
    if opened.kind in ("TextUrl", "CustomEmoji"):
        url = _take_url(parser) or parser.out[opened.start :]
        found = _custom_emoji(entity, url) if opened.kind == "CustomEmoji" else link_entity(entity, url)
        parser.entities.extend(found if length else [])
        return
    if is_expandable:
        entity["type"] = "expandable_blockquote"
    if opened.language:
        entity["language"] = opened.language
    if length:
        parser.entities.append(entity)


def _custom_emoji(entity: Json, url: str) -> list[Json]:
    """`![..](tg://emoji?id=..)`, or a moment: `![..](tg://time?unix=..&format=..)`."""
    parts = urlsplit(url)
    if (parts.scheme, parts.netloc) == ("tg", "time"):
        return moment_entity(entity, dict(parse_qsl(parts.query)))
    prefix = "tg://emoji?id="
    if not url.startswith(prefix) or not url.removeprefix(prefix).isdigit():
        raise _cannot("Custom emoji URL must have an emoji identifier")
    return [{**entity, "custom_emoji_id": url.removeprefix(prefix)}]


def _take_url(parser: _Parser) -> str:
    if not parser.ahead("("):
        return ""
    begin = parser.at
    parser.at += 1
    url = ""
    while parser.at < len(parser.source) and not parser.ahead(")"):
        if parser.ahead("\\") and parser.at + 1 < len(parser.source):
            parser.at += 1
        url += parser.source[parser.at]
        parser.at += 1
    if not parser.ahead(")"):
        raise _cannot(f"Can't find end of a URL at byte offset {parser.bytes_before(begin + 1)}")
    parser.at += 1
    return url


def parse_markdown(source: str) -> tuple[str, list[Json]]:
    """The older Markdown: no nesting, and a marker needs its partner."""
    parser = _Parser(source)
    while parser.at < len(source):
        character = source[parser.at]
        if character == "\\" and source[parser.at + 1 : parser.at + 2] in tuple("_*`["):
            _write(parser, source[parser.at + 1], width=2)
        elif character in "_*`[":
            _take_plain_entity(parser, character)
        else:
            _write(parser, character)
    return parser.out, parser.entities


def _take_plain_entity(parser: _Parser, character: str) -> None:
    kind = {"_": "Italic", "*": "Bold", "`": "Code", "[": "TextUrl"}[character]
    if parser.ahead("```"):
        _begin_pre(parser)
    else:
        parser.open(kind, character)
    opened = parser.stack[-1]
    closing = _CLOSING[opened.kind]
    end = parser.source.find(closing, parser.at)
    if end < 0:
        offset = parser.bytes_before(opened.at)
        raise _cannot(f"Can't find end of the entity starting at byte offset {offset}")
    parser.out += parser.source[parser.at : end]
    parser.at = end
    _end(parser, opened)
