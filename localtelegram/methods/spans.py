"""Entities of a text: their offsets (UTF-16 units, as the Bot API counts), and those that Telegram finds itself."""

import re

from localtelegram.state.refusal import Json

_FOUND_BY_ITSELF = [
    ("bot_command", re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])")),
    ("url", re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)\]']")),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("mention", re.compile(r"(?<![\w@])@[A-Za-z][A-Za-z0-9_]{3,31}(?!\w)")),
    ("hashtag", re.compile(r"(?<![\w#])#\w*[^\W\d]\w*")),
]
# Nothing else may stand inside these.
_WHOLE = ("code", "pre")


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def utf16_slice(text: str, offset: int, length: int) -> str:
    return text.encode("utf-16-le")[2 * offset : 2 * (offset + length)].decode("utf-16-le", "replace")


def with_found(text: str, entities: list[Json]) -> list[Json]:
    """The given entities and those found in the text (commands, links, mentions, tags) where none is yet."""
    found = list(entities)
    for kind, pattern in _FOUND_BY_ITSELF:
        for match in pattern.finditer(text):
            span = {
                "offset": utf16_length(text[: match.start()]),
                "length": utf16_length(match.group()),
                "type": kind,
            }
            if not any(_clash(span, other) for other in found):
                found.append(span)
    return in_order(found)


def _clash(found: Json, other: Json) -> bool:
    apart = found["offset"] + found["length"] <= other["offset"] or other["offset"] + other["length"] <= found["offset"]
    if apart:
        return False
    holds = (
        other["offset"] <= found["offset"] and found["offset"] + found["length"] <= other["offset"] + other["length"]
    )
    is_frame = other["type"] in {"bold", "italic", "underline", "strikethrough", "spoiler", "blockquote"}
    return not (holds and (is_frame or other["type"] == "expandable_blockquote"))


def in_order(entities: list[Json]) -> list[Json]:
    """Sorted as Telegram returns them, without empty ones and those inside code."""
    whole = [entity for entity in entities if entity["type"] in _WHOLE]
    kept = [
        entity
        for entity in entities
        if entity["length"] > 0 and not any(_swallows(other, entity) for other in whole if other is not entity)
    ]
    return _merged(sorted(kept, key=lambda entity: (entity["offset"], -entity["length"], entity["type"])))


def _swallows(other: Json, entity: Json) -> bool:
    """`other` is code: what stands inside goes. Of `<pre><code>` the outer one stays."""
    end, other_end = entity["offset"] + entity["length"], other["offset"] + other["length"]
    is_inside = other["offset"] <= entity["offset"] and end <= other_end
    is_same = is_inside and (entity["offset"], end) == (other["offset"], other_end)
    return bool(is_inside and (not is_same or other["type"] == "pre" or entity["type"] not in _WHOLE))


def _merged(entities: list[Json]) -> list[Json]:
    merged: list[Json] = []
    for entity in entities:
        rest = {key: value for key, value in entity.items() if key not in ("offset", "length")}
        for before in merged:
            same = rest == {key: value for key, value in before.items() if key not in ("offset", "length")}
            if same and before["offset"] <= entity["offset"] <= before["offset"] + before["length"]:
                end = max(before["offset"] + before["length"], entity["offset"] + entity["length"])
                before["length"] = end - before["offset"]
                break
        else:
            merged.append(dict(entity))
    return merged


def cut(entities: list[Json], start: int, length: int) -> list[Json]:
    """The entities of the part [start, start + length) of a text, moved to it."""
    kept = []
    for entity in entities:
        begin = max(entity["offset"], start)
        end = min(entity["offset"] + entity["length"], start + length)
        if end > begin:
            kept.append({**entity, "offset": begin - start, "length": end - begin})
    return kept
