"""Telegram's HTML, read as strictly as Telegram reads it, with its error texts; `wording` asks it.

The rules are those of TDLib's parse_html (td/telegram/MessageEntity.cpp); offsets in errors count UTF-8 bytes.
"""

import re
from dataclasses import dataclass, field

from localtelegram.methods.spans import utf16_length
from localtelegram.state.refusal import Json, bad_request

_TAGS = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    **dict.fromkeys(("u", "ins"), "underline"),
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
    "pre": "pre",
    "code": "code",
    "blockquote": "blockquote",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_ENTITY = re.compile(r"&(?:#(\d{1,8})|#x([0-9a-fA-F]{1,8})|(lt|gt|amp|quot));?")
_SPACE = " \t\r\n\0\x0b"


@dataclass
class _Open:
    tag: str
    attributes: dict[str, str]
    offset: int
    start: int


@dataclass
class _Parser:
    source: str
    at: int = 0
    out: str = ""
    open_tags: list[_Open] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)

    def peek(self) -> str:
        return self.source[self.at] if self.at < len(self.source) else ""

    def bytes_before(self, position: int) -> int:
        return len(self.source[:position].encode())

    def fail(self, reason: str, position: int, rest: str = "") -> Exception:
        return _cannot(f"{reason} at byte offset {self.bytes_before(position)}{rest}")

    def skip_spaces(self) -> None:
        while self.peek() and self.peek() in _SPACE:
            self.at += 1

    def take_until(self, stop: str) -> str:
        start = self.at
        while self.peek() and self.peek() not in stop:
            self.at += 1
        return self.source[start : self.at]


def parse_html(source: str) -> tuple[str, list[Json]]:
    parser = _Parser(source)
    while parser.at < len(source):
        if parser.peek() == "&":
            parser.out += _take_character_reference(parser)
        elif parser.peek() != "<":
            parser.out += parser.peek()
            parser.at += 1
        elif source[parser.at + 1 : parser.at + 2] == "/":
            _take_end_tag(parser)
        else:
            _take_start_tag(parser)
    if parser.open_tags:
        raise _cannot(f'Can\'t find end tag corresponding to start tag "{parser.open_tags[-1].tag}"')
    return parser.out, parser.entities


def _cannot(reason: str) -> Exception:
    return bad_request(f"can't parse entities: {reason}")


def _take_character_reference(parser: _Parser) -> str:
    match = _ENTITY.match(parser.source, parser.at)
    decoded = _decoded(match) if match else None
    if match is None or decoded is None:
        parser.at += 1
        return "&"
    parser.at = match.end()
    return decoded


def _decoded(match: re.Match[str]) -> str | None:
    decimal, hexadecimal, name = match.groups()
    if name:
        return _NAMED[name]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    is_character = 0 < code < 0x110000 and not 0xD800 <= code < 0xE000
    return chr(code) if is_character else None


def _take_start_tag(parser: _Parser) -> None:
    begin = parser.at
    parser.at += 1
    tag = parser.take_until(_SPACE + ">").lower()
    if not parser.peek():
        raise parser.fail("Unclosed start tag", begin)
    if tag not in _TAGS:
        raise parser.fail(f'Unsupported start tag "{tag}"', begin)
    attributes: dict[str, str] = {}
    while parser.peek() != ">":
        parser.skip_spaces()
        if parser.peek() == ">":
            break
        _take_attribute(parser, tag, begin, attributes)
    parser.at += 1
    if tag == "span" and attributes.get("class") != "tg-spoiler":
        raise parser.fail('Tag "span" must have class "tg-spoiler"', begin)
    parser.open_tags.append(_Open(tag, attributes, utf16_length(parser.out), len(parser.out)))


def _take_attribute(parser: _Parser, tag: str, begin: int, attributes: dict[str, str]) -> None:
    name = parser.take_until(_SPACE + "=>").lower()
    if not parser.peek():
        raise parser.fail(f'Unclosed start tag "{tag}"', begin)
    if not name:
        raise parser.fail(f'Empty attribute name in the tag "{tag}"', begin)
    parser.skip_spaces()
    if parser.peek() != "=":
        if not parser.peek():
            raise parser.fail(f'Unclosed start tag "{tag}"', begin)
        attributes[name] = ""
        return
    parser.at += 1
    parser.skip_spaces()
    if not parser.peek():
        raise parser.fail(f'Unclosed start tag "{tag}"', begin)
    attributes[name] = _take_value(parser)
    if not parser.peek():
        raise parser.fail("Unclosed start tag", begin)


def _take_value(parser: _Parser) -> str:
    quote = parser.peek()
    if quote not in "'\"":
        start = parser.at
        while parser.peek() and (re.match(r"[A-Za-z0-9.-]", parser.peek())):
            parser.at += 1
        if parser.peek() and parser.peek() not in _SPACE + ">":
            raise parser.fail("Unexpected end of name token", start)
        return parser.source[start : parser.at].lower()
    parser.at += 1
    value = ""
    while parser.peek() and parser.peek() != quote:
        if parser.peek() == "&":
            value += _take_character_reference(parser)
        else:
            value += parser.peek()
            parser.at += 1
    parser.at += 1 if parser.peek() else 0
    return value


def _take_end_tag(parser: _Parser) -> None:
    begin = parser.at
    if not parser.open_tags:
        raise parser.fail("Unexpected end tag", begin)
    parser.at += 2
    name = parser.take_until(_SPACE + ">").lower()
    parser.skip_spaces()
    if parser.peek() != ">":
        raise parser.fail("Unclosed end tag", begin)
    parser.at += 1
    opened = parser.open_tags[-1]
    if name and name != opened.tag:
        raise parser.fail("Unmatched end tag", begin, f', expected "</{opened.tag}>", found "</{name}>"')
    parser.open_tags.pop()
    length = utf16_length(parser.out) - opened.offset
    if length > 0:
        parser.entities.extend(_entity_of(parser, opened, length))


def _entity_of(parser: _Parser, opened: _Open, length: int) -> list[Json]:
    kind, attributes = _TAGS[opened.tag], opened.attributes
    entity: Json = {"offset": opened.offset, "length": length, "type": kind}
    match kind:
        case "text_link":
            return link_entity(entity, attributes.get("href") or parser.out[opened.start :])
        case "custom_emoji":
            if not attributes.get("emoji-id", "").isdigit():
                raise _cannot("Invalid custom emoji identifier specified")
            entity["custom_emoji_id"] = attributes["emoji-id"]
        case "date_time":
            return moment_entity(entity, attributes)
        case "blockquote" if "expandable" in attributes:
            entity["type"] = "expandable_blockquote"
        case "code":
            language = attributes.get("class", "")
            is_in_pre = bool(parser.open_tags) and parser.open_tags[-1].tag == "pre"
            if is_in_pre and language.startswith("language-"):
                parser.open_tags[-1].attributes["language"] = language.removeprefix("language-")
        case "pre" if attributes.get("language"):
            entity["language"] = attributes["language"]
    return [entity]


def moment_entity(entity: Json, attributes: dict[str, str]) -> list[Json]:
    """A moment that each reader sees in their own zone."""
    entity["type"] = "date_time"
    if not attributes.get("unix", "").isdigit():
        raise _cannot("Invalid date specified")
    entity["unix_time"] = int(attributes["unix"])
    if attributes.get("format"):
        entity["date_time_format"] = attributes["format"]
    return [entity]


def link_entity(entity: Json, url: str) -> list[Json]:
    """A link, a mention by id, or nothing where the address is none: Telegram drops such a link silently."""
    if match := re.fullmatch(r"tg://user/?\?id=(\d+)", url):
        return [{**entity, "type": "text_mention", "user": {"id": int(match.group(1))}}]
    if re.fullmatch(r"(?i)(?:https?|tg|ton|tonsite|mailto)://?\S+", url):
        return [{**entity, "type": "text_link", "url": url if "/" in url.split("://", 1)[-1] else f"{url}/"}]
    if re.fullmatch(r"[\w-]+(\.[\w-]+)+(/\S*)?", url):
        return [{**entity, "type": "text_link", "url": f"http://{url}" + ("" if "/" in url else "/")}]
    return []
