"""A text as the Bot API takes it (parse mode or entities) made into what Telegram keeps: plain text and entities."""

import re
from dataclasses import dataclass

from localtelegram.methods.html_text import link_entity, parse_html
from localtelegram.methods.markdown_text import parse_markdown, parse_markdown_v2
from localtelegram.methods.spans import cut, in_order, utf16_length, with_found
from localtelegram.state.refusal import Json, bad_request

TEXT_LENGTH = 4096  # code points after parsing
CAPTION_LENGTH = 1024
_RAW_BYTES = 32768
INVISIBLE = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u2800\u3164\u115f\u1160\u17b4\u17b5]*")
_FOUND_ANYWAY = {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"}
_NEEDED = {"text_link": "url", "text_mention": "user", "custom_emoji": "custom_emoji_id", "date_time": "unix_time"}
_KINDS = (
    _FOUND_ANYWAY
    | _NEEDED.keys()
    | {"bold", "italic", "underline", "strikethrough", "spoiler", "blockquote", "expandable_blockquote", "code", "pre"}
)


@dataclass(frozen=True)
class Wording:
    text: str
    entities: list[Json]

    def as_json(self, text_key: str, entities_key: str) -> Json:
        if not self.text:
            return {}
        return {text_key: self.text} | ({entities_key: self.entities} if self.entities else {})


def read_text(params: Json) -> Wording:
    """The `text` of sendMessage and editMessageText; raises Telegram's refusals."""
    if not params.get("text"):
        raise bad_request("message text is empty")
    return read(params["text"], params.get("parse_mode"), params.get("entities"))


def read_caption(params: Json) -> Wording:
    return read(params.get("caption", ""), params.get("parse_mode"), params.get("caption_entities"), may_be_empty=True)


def read(text: str, parse_mode: str | None, entities: list[Json] | None, *, may_be_empty: bool = False) -> Wording:
    if len(text.encode()) > _RAW_BYTES:
        raise bad_request("text is too long")
    plain, found = _parsed(text, parse_mode, entities)
    wording = _trimmed(_without_control_characters(plain), found)
    if INVISIBLE.fullmatch(wording.text):
        if may_be_empty:
            return Wording("", [])
        raise bad_request("text must be non-empty")
    return Wording(wording.text, with_found(wording.text, wording.entities))


def _parsed(text: str, parse_mode: str | None, entities: list[Json] | None) -> tuple[str, list[Json]]:
    match (parse_mode or "").lower():
        case "html":
            return parse_html(text)
        case "markdownv2":
            return parse_markdown_v2(text)
        case "markdown":
            return parse_markdown(text)
        case "":
            return text, _given(text, entities or [])
    raise bad_request("unsupported parse_mode")


def _given(text: str, entities: list[Json]) -> list[Json]:
    end = utf16_length(text)
    for entity in entities:
        _check_kind(entity)
        offset, length = entity["offset"], entity["length"]
        if offset < 0 or length < 0:
            name, value = ("offset", offset) if offset < 0 else ("length", length)
            raise bad_request(f"receive an entity with incorrect {name} {value}")
        if offset > end:
            raise bad_request(f"entity begins after the end of the text at UTF-16 offset {offset}")
        if offset + length > end:
            raise bad_request(
                f"entity beginning at UTF-16 offset {offset} ends after the end of the text "
                f"at UTF-16 offset {offset + length}"
            )
    return [entity for entity in entities if entity["type"] not in _FOUND_ANYWAY]


def _check_kind(entity: Json) -> None:
    kind = entity["type"]
    if kind not in _KINDS:
        raise bad_request("can't parse MessageEntity: Unsupported type specified")
    needed = _NEEDED.get(kind)
    if needed and needed not in entity:
        raise bad_request(f"can't parse MessageEntity: Can't find field \"{needed}\"")
    if kind == "text_link" and not link_entity(entity, entity["url"]):
        reason = "Wrong HTTP URL" if entity["url"] else "URL host is empty"
        raise bad_request(f"entity URL '{entity['url']}' is invalid: {reason}")


def _without_control_characters(text: str) -> str:
    """Keeps every offset: a control character becomes a space."""
    return "".join(" " if ord(c) < 32 and c != "\n" else c for c in text)


def _trimmed(text: str, entities: list[Json]) -> Wording:
    stripped = text.strip()
    lead = utf16_length(text[: len(text) - len(text.lstrip())])
    return Wording(stripped, in_order(cut(entities, lead, utf16_length(stripped))))


def must_fit_text(wording: Wording, *, is_edit: bool = False) -> None:
    if len(wording.text) > TEXT_LENGTH:
        raise bad_request("MESSAGE_TOO_LONG" if is_edit else "message is too long")


def must_fit_caption(wording: Wording, *, is_edit: bool = False) -> None:
    if len(wording.text) > CAPTION_LENGTH:
        raise bad_request("MEDIA_CAPTION_TOO_LONG" if is_edit else "message caption is too long")
