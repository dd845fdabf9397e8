"""Reads a text as Telegram does: trims it, checks its length, finds commands, links, mentions and hashtags in it.

Of formatted text only bold entities and spoilers are played: `decoding` refuses `parse_mode` and all others.
"""

import re
from dataclasses import dataclass

from localtelegram.answers import Json, NotPlayed, bad_request

TEXT_LENGTH = 4096  # code points
CAPTION_LENGTH = 1024
_RAW_BYTES = 32768
_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u2800\u3164\u115f\u1160\u17b4\u17b5]*")
_FOUND_BY_ITSELF = [
    ("bot_command", re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])")),
    ("url", re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)\]']")),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("mention", re.compile(r"(?<![\w@])@[A-Za-z][A-Za-z0-9_]{3,31}(?!\w)")),
    ("hashtag", re.compile(r"(?<![\w#])#\w*[^\W\d]\w*")),
]


@dataclass(frozen=True)
class MessageText:
    """A text with its entities. `text` is empty where a caption was left out."""

    text: str
    entities: list[Json]

    def as_json(self, text_key: str, entities_key: str) -> Json:
        if not self.text:
            return {}
        return {text_key: self.text} | ({entities_key: self.entities} if self.entities else {})


def read_text(text: str, given: list[Json] | None = None) -> MessageText:
    """Reads the text of a message, with the bold entities and spoilers that were given. Raises refusals.

    Telegram checks the length later, so `must_fit_text` does.
    """
    if not text:
        raise bad_request("message text is empty")
    found = _read(text)
    if not found.text:
        raise bad_request("text must be non-empty")
    return _with_given(text, found, given) if given else found


def read_caption(params: Json) -> MessageText:
    return _read(params.get("caption", ""))


def must_fit_text(text: MessageText, *, is_edit: bool = False) -> None:
    if len(text.text) > TEXT_LENGTH:
        raise bad_request("MESSAGE_TOO_LONG" if is_edit else "message is too long")


def must_fit_caption(caption: MessageText) -> None:
    if len(caption.text) > CAPTION_LENGTH:
        raise bad_request("message caption is too long")


def find_entities(text: str) -> list[Json]:
    """Finds commands, links, mentions and hashtags, in order. Offsets count UTF-16 units, as the Bot API does."""
    found: list[Json] = []
    for kind, pattern in _FOUND_BY_ITSELF:
        for match in pattern.finditer(text):
            offset, length = _utf16_length(text[: match.start()]), _utf16_length(match.group())
            if not any(_overlap(offset, length, other) for other in found):
                found.append({"offset": offset, "length": length, "type": kind})
    return sorted(found, key=lambda entity: int(entity["offset"]))


def _read(text: str) -> MessageText:
    if len(text.encode()) > _RAW_BYTES:
        raise bad_request("text is too long")
    kept = "".join(" " if ord(char) < 32 and char != "\n" else char for char in text).strip()
    return MessageText("", []) if _INVISIBLE.fullmatch(kept) else MessageText(kept, find_entities(kept))


def _with_given(text: str, found: MessageText, given: list[Json]) -> MessageText:
    entities = sorted((*found.entities, *given), key=lambda entity: (int(entity["offset"]), -int(entity["length"])))
    last = max(entity["offset"] + entity["length"] for entity in entities)
    if not text.startswith(found.text) or last > _utf16_length(found.text):
        raise NotPlayed("entities outside of the trimmed text", "localtelegram/methods/message_text.py")
    flat = [entity for entity in entities if entity["type"] != "spoiler"]  # which may hold others
    ends = [0, *(entity["offset"] + entity["length"] for entity in flat)]
    if any(entity["offset"] < end for entity, end in zip(flat, ends, strict=False)):
        raise NotPlayed("entities that overlap", "localtelegram/methods/message_text.py")
    return MessageText(found.text, entities)


def _overlap(offset: int, length: int, other: Json) -> bool:
    return bool(offset < other["offset"] + other["length"] and other["offset"] < offset + length)


def _utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
