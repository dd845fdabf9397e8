"""Finds the Bot API methods that a source text calls: python-telegram-bot's methods, its shortcuts, raw names."""

import ast
import inspect
import re
from collections.abc import Iterator

import telegram

from localtelegram.methods.definition import METHODS

_API_NAMES = {re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower(): name for name in METHODS}  # send_photo -> sendPhoto
# Methods that python-telegram-bot calls by itself.
_WITHIN = {
    "initialize": {"getMe"},
    "start_polling": {"deleteWebhook", "getUpdates"},
    "start_webhook": {"setWebhook"},
}
# Names of variables in code -> the class of PTB that they hold.
_CLASSES = {
    "callback_query": "CallbackQuery",
    "inline_query": "InlineQuery",
    "message": "Message",
    "effective_message": "Message",
    "effective_chat": "Chat",
    "effective_user": "User",
}
_SHORTCUT = re.compile(r"(reply|send|edit)_[a-z_]+")  # PTB's shortcuts, whatever object they are called on


def called_methods(source: str) -> set[str]:
    """Returns the Bot API's names of the methods that `source` calls or passes on."""
    found: set[str] = set()
    for node in ast.walk(tree := ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            name = node.value.rpartition("/")[2]  # a raw name, or the end of an address
            found |= {name} if name in METHODS and name.lower() != name else set()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            classes = dict(_annotated(node)) | dict(_assigned(node))
            found |= {name for attribute in _attributes(node) for name in _by_attribute(attribute, classes)}
    return found | {name for attribute in _attributes(tree) for name in _by_attribute(attribute, {})}


def _attributes(within: ast.AST) -> Iterator[ast.Attribute]:
    return (node for node in ast.walk(within) if isinstance(node, ast.Attribute))


def _annotated(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[tuple[str, str]]:
    """Returns the parameters whose annotation names a class of PTB."""
    for argument in (*function.args.args, *function.args.kwonlyargs):
        for part in ast.walk(argument.annotation) if argument.annotation else ():
            if isinstance(part, ast.Name) and part.id in _CLASSES.values():
                yield argument.arg, part.id


def _assigned(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[tuple[str, str]]:
    """Returns the names in `query = update.inline_query` and `query, bot = update.inline_query, context.bot`."""
    for node in ast.walk(function):
        for target, value in _pairs(node):
            if isinstance(target, ast.Name) and isinstance(value, ast.Attribute) and value.attr in _CLASSES:
                yield target.id, _CLASSES[value.attr]


def _pairs(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yields the targets of an assignment, or of a walrus, with their values."""
    if isinstance(node, ast.NamedExpr):
        yield node.target, node.value
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                yield from zip(target.elts, node.value.elts, strict=False)
            else:
                yield target, node.value


def _by_attribute(node: ast.Attribute, classes: dict[str, str]) -> set[str]:
    owner = _last_name(node.value)
    if owner.endswith(("bot", "application", "updater")):
        return {_API_NAMES[node.attr]} if node.attr in _API_NAMES else _WITHIN.get(node.attr, set())
    if name := classes.get(owner, _CLASSES.get(owner)):
        return _by_shortcut(name, node.attr)
    if _SHORTCUT.fullmatch(node.attr):
        return {name for cls in set(_CLASSES.values()) for name in _by_shortcut(cls, node.attr)}
    return set()


def _last_name(node: ast.expr) -> str:
    match node:
        case ast.Name():
            return node.id
        case ast.Attribute():
            return node.attr
        case ast.Call():
            return _last_name(node.func)
    return ""


def _by_shortcut(class_name: str, shortcut: str) -> set[str]:
    """Returns what a method such as `Message.reply_photo` calls, found in its source."""
    method = getattr(getattr(telegram, class_name), shortcut, None)
    if not inspect.iscoroutinefunction(method):
        return set()
    if shortcut in _API_NAMES:
        return {_API_NAMES[shortcut]}
    names = re.findall(r"get_bot\(\)\.(\w+)\(", inspect.getsource(method))
    return {_API_NAMES[name] for name in names}
