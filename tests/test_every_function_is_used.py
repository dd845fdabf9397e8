"""The bot or the local Telegram uses every function and class of the bot; tests do not count.

It compares names only: an unused function with the name of a used one is not found.
"""

import ast
import importlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from httptools import HTTPProtocol

from bot.settings import PROJECT

# Decorators that register a function with a framework, which calls it.
REGISTERING = {"callback", "command", "field_validator", "model_validator", "setter"}
CALLED_BY_PARSER = vars(HTTPProtocol).keys()  # of whatever has such methods
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def names_in(tree: ast.AST) -> Counter[str]:
    """Counts the uses of each name, without definitions and imports."""
    found = (getattr(node, "attr", None) or getattr(node, "id", None) for node in ast.walk(tree))
    return Counter(name for name in found if name)


def definitions(tree: ast.AST, owner: str = "") -> Iterator[tuple[str, Definition]]:
    """Yields each definition with its class, if it has one."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Definition):
            yield owner, node
        yield from definitions(node, node.name if isinstance(node, ast.ClassDef) else owner)


def is_called_from_outside(module: str, owner: str, node: Definition) -> bool:
    """Whether Python or a framework calls it: a special name, a registered function, or an overridden method."""
    decorators = {name for decorator in node.decorator_list for name in names_in(decorator)}
    if decorators & REGISTERING or node.name.startswith("__") or node.name in CALLED_BY_PARSER:
        return True
    found = getattr(importlib.import_module(module), owner, None)
    bases = found.__mro__[1:] if isinstance(found, type) else ()
    return any(not base.__module__.startswith("bot.") and hasattr(base, node.name) for base in bases)


def test_the_bot_uses_every_function_that_it_has() -> None:
    files = [file for folder in ("bot", "localtelegram") for file in Path(PROJECT, folder).rglob("*.py")]
    trees = {file: ast.parse(file.read_text(encoding="utf-8")) for file in files}
    uses: Counter[str] = sum((names_in(tree) for tree in trees.values()), Counter())
    unused = {
        f"{file.relative_to(PROJECT)}: {node.name}"
        for file, tree in trees.items()
        if file.is_relative_to(PROJECT / "bot") and "migrations" not in file.parts
        for owner, node in definitions(tree)
        if uses[node.name] <= names_in(node)[node.name]
        and not is_called_from_outside(".".join(file.relative_to(PROJECT).with_suffix("").parts), owner, node)
    }
    assert unused == set()
