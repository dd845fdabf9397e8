"""Decodes the parameters of a call and checks them against the Bot API's definition. `LocalTelegram.call` uses it."""

import json
import re
from dataclasses import dataclass, field

from localtelegram.answers import Json, NotPlayed, bad_request
from localtelegram.methods.definition import METHODS, TYPES, check_limits

# What Telegram's own server answers when a required parameter is missing; others are `parameter "x" is required`.
_WHEN_MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "user_id": "invalid user_id specified",
    "photo": "there is no photo in the request",
    "animation": "there is no animation in the request",
    "document": "there is no document in the request",
}
_PREFIXES = {
    "BotCommand": "can't parse BotCommand: ",
    "BotCommandScope": "can't parse BotCommandScope: ",
    "InlineKeyboardButton": "can't parse inline keyboard button: ",
    "InlineQueryResult": "can't parse inline query result: ",
    "KeyboardButton": "can't parse keyboard button: ",
}
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
_WHEN_MISSING_IN = {("answerCallbackQuery", "callback_query_id"): _TOO_OLD}
# Their absence means something to Telegram: the method itself says what.
_MAY_BE_MISSING = {("setMyCommands", "commands"), ("setWebhook", "url")}
# Text with a format of its own; a bot that relies on it would look right here and wrong on Telegram, or the reverse.
# Only bold parts and spoilers of a message's text are played.
_FORMATTED_TEXT = ("parse_mode", "entities", "caption_entities")
_TRUE = {"true", "1", "yes"}
_FALSE = {"false", "0", "no", ""}


@dataclass
class CheckedCall:
    method: str
    params: Json
    complaints: list[str] = field(default_factory=list)


def check_call(method: str, raw: Json) -> CheckedCall:
    """Decodes and checks the parameters of one call.

    Takes both forms: in form data and query strings every value is text, in JSON bodies values have their types.
    Keeps what Telegram tolerates as a complaint and raises what it refuses. Raises NotPlayed for formatted text.
    """
    call = CheckedCall(method, {})
    known = METHODS[method]["parameters"]
    for name, value in raw.items():
        if name not in known:
            call.complaints.append(f"{method}: unknown parameter {name}")
        elif value is not None:
            call.params[name] = _Reader(method, call.complaints).parameter(name, value, known[name])
    for name, spec in sorted(known.items(), key=lambda item: item[0] != "text"):  # Telegram looks at the text first
        if spec.get("required") and call.params.get(name) in (None, "") and (method, name) not in _MAY_BE_MISSING:
            by_name = _WHEN_MISSING.get(name, f'parameter "{name}" is required')
            raise bad_request(_WHEN_MISSING_IN.get((method, name), by_name))
    return call


@dataclass
class _Reader:
    method: str
    complaints: list[str]
    prefix: str = ""  # what Telegram says before a reason, by the kind of object that is being read

    def complain(self, what: str) -> None:
        self.complaints.append(f"{self.method}: {what}")

    def fail(self, reason: str) -> Exception:
        return bad_request(f"{self.prefix}{reason}")

    def parameter(self, name: str, value: object, spec: Json) -> object:
        read = self._any_of(name, value, spec["types"], top=True)
        if name != "entities" or not _is_played(read):
            _refuse_formatted_text(name, read)
        check_limits(self.method, name, read, spec)
        return read

    def _any_of(self, where: str, value: object, types: list[str], *, top: bool = False) -> object:
        """With `top` the value is a whole parameter, whose text may be JSON; inside JSON a value has its type."""
        if top and types[0] in ("Boolean", "True") and isinstance(value, int):
            value = str(value)
        if top and isinstance(value, str) and not _takes_text(types):
            value = self._from_text(where, value, types)
        if len(types) > 1:
            types = [_best_of(value, types)]
        return self._one(where, value, types[0])

    def _from_text(self, where: str, value: str, types: list[str]) -> object:
        match types[0]:
            case "Integer" | "Float":
                return value
            case "Boolean" | "True":
                if value.lower() not in _TRUE | _FALSE:
                    self.complain(f"{where} is no boolean: {value!r}")
                return value.lower() in _TRUE
        if value == "":
            self.complain(f"{where} is empty")
            return [] if types[0].startswith("Array of ") else {}
        try:
            return json.loads(value)
        except ValueError:
            broken = "can't parse reply keyboard markup JSON object" if where == "reply_markup" else None
            raise bad_request(broken or _unreadable(where, types[0])) from None

    def _one(self, where: str, value: object, kind: str) -> object:
        if kind.startswith("Array of "):
            if not isinstance(value, list):
                raise self.fail(f'Field "{where}" must be of type Array')
            return [self._one(where, item, kind.removeprefix("Array of ")) for item in value]
        match kind:
            case "String":
                return self._text(where, value)
            case "Integer":
                return self._integer(where, value)
            case "Float":
                return self._float(where, value)
            case "Boolean" | "True":
                if not isinstance(value, bool):
                    raise self.fail(f'Field "{where}" must be of type Boolean')
                return value
            case "InputFile":
                return value
        return self._object(where, value, kind)

    def _text(self, where: str, value: object) -> str:
        if isinstance(value, str):
            return value
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            self.complain(f"{where} is a number, not a text: {value}")
            return str(value)
        raise self.fail(f'Field "{where}" must be of type String')

    def _integer(self, where: str, value: object) -> int:
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, str) and re.fullmatch(r"-?\d+", value):
            return int(value)
        if isinstance(value, str):
            self.complain(f"{where} is no integer: {value!r}")
            return 0
        raise self.fail(f'Field "{where}" must be of type Number')

    def _float(self, where: str, value: object) -> float:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return value
        try:
            return float(str(value))
        except ValueError:
            raise self.fail(f'Field "{where}" must be a valid Number') from None

    def _object(self, where: str, value: object, kind: str) -> object:
        outside = self.prefix
        self.prefix = _PREFIXES.get(kind, outside)
        if not isinstance(value, dict):
            raise bad_request(_unreadable(where, kind))
        read = self._fields(where, value, self._subtype(value, kind))
        self.prefix = outside
        return read

    def _subtype(self, value: Json, kind: str) -> str:
        subtypes = TYPES[kind].get("subtypes")
        if not subtypes:
            return kind
        fitting: list[str] = [name for name in subtypes if _constants_hold(value, name)]
        if not fitting and kind == "InlineQueryResult":
            raise self.fail(f'type "{value.get("type", "")}" is unsupported for the inline query result')
        if not fitting:
            raise self.fail("Unsupported type specified")
        return max(fitting, key=lambda name: _fit(value, name))

    def _fields(self, where: str, value: Json, kind: str) -> Json:
        fields = TYPES[kind].get("fields", {})
        read: Json = {}
        for name, item in value.items():
            if item is None:
                continue
            if name not in fields:
                self.complain(f"{where}: {kind} has no field {name}")
                continue
            _refuse_formatted_text(name, item)
            read[name] = self._any_of(name, item, fields[name]["types"])
            check_limits(kind, name, read[name], fields[name])
        for name, spec in fields.items():
            if spec.get("required") and name not in read:
                raise self.fail(f'Can\'t find field "{name}"')
        return read


def _refuse_formatted_text(name: str, value: object) -> None:
    if name in _FORMATTED_TEXT and value:
        raise NotPlayed(name, "localtelegram/methods/message_text.py")


def _is_played(entities: object) -> bool:
    """Whether these are entities of the types that are played."""
    return isinstance(entities, list) and all(entity.get("type") in ("bold", "spoiler") for entity in entities)


def _takes_text(types: list[str]) -> bool:
    return "String" in types or "InputFile" in types


def _best_of(value: object, types: list[str]) -> str:
    """Chooses among several types: by the type of the value, then (for reply markups) by its fields."""
    if isinstance(value, dict):
        objects = [kind for kind in types if kind in TYPES]
        return max(objects, key=lambda kind: _fit(value, kind)) if objects else types[0]
    if isinstance(value, int) and "Integer" in types:
        return "Integer"
    if isinstance(value, str) and "String" in types:
        return "Integer" if "Integer" in types and re.fullmatch(r"-?\d+", value) else "String"
    return types[0]


def _fit(value: Json, kind: str) -> int:
    fields = TYPES[kind].get("fields", {})
    required = [name for name, spec in fields.items() if spec.get("required")]
    return len(value.keys() & fields.keys()) + 10 * all(name in value for name in required)


def _constants_hold(value: Json, kind: str) -> bool:
    fields = TYPES[kind].get("fields", {})
    return all(value.get(name) == spec["const"] for name, spec in fields.items() if "const" in spec)


def _unreadable(where: str, kind: str) -> str:
    if where == "reply_markup":
        return "object expected as reply markup"
    return f"can't parse {_spaced(kind)} JSON object in {where}"


def _spaced(kind: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind.removeprefix("Array of ")).lower()
