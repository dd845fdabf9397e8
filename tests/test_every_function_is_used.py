"""Functions and classes of the bot that neither it nor the local Telegram uses; tests do not count.

By their names alone: one that is called as another that is used stays hidden.
"""

import ast
import importlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bot.settings import PROJECT

# They hand what they decorate to a framework, which calls it.
REGISTERING = {"command", "field_validator", "model_validator", "setter"}
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def names_in(tree: ast.AST) -> Counter[str]:
    """How often each name is used, its definitions and imports left out."""
    found = (getattr(node, "attr", None) or getattr(node, "id", None) for node in ast.walk(tree))
    return Counter(name for name in found if name)


def definitions(tree: ast.AST, owner: str = "") -> Iterator[tuple[str, Definition]]:
    """Each with the class that it stands in."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Definition):
            yield owner, node
        yield from definitions(node, node.name if isinstance(node, ast.ClassDef) else owner)


def is_called_from_outside(module: str, owner: str, node: Definition) -> bool:
    """Whether it is Python's own, is registered with a framework, or takes the place of a framework's method."""
    decorators = {name for decorator in node.decorator_list for name in names_in(decorator)}
    if decorators & REGISTERING or node.name.startswith("__"):
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
