"""Finds which attributes of which classes the code reads, from the syntax of its modules and their annotations.

It follows annotated arguments, attributes, properties, calls and plain assignments. What it cannot follow is reported,
so that it does not count as unread.
"""

import ast
import inspect
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Self


@dataclass(frozen=True)
class Instance:
    """A value of this type, such as `Interface | None` or `tuple[Flow, ...]`."""

    of: object


@dataclass(frozen=True)
class Method:
    """A function of a class, bound to an instance."""

    function: object
    owner: type


Scope = dict[str, object]  # an Instance, a Method, a module, a class or a function; None if it is unknown


@dataclass
class Reads:
    """`known` holds classes and the names that are read of them; `unknown` the names read of an unknown type."""

    known: set[tuple[type, str]] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)


def reads_of(modules: list[types.ModuleType]) -> Reads:
    reads = Reads()
    for module in modules:
        _Reader(module, reads).visit(ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8")))
    return reads


class _Reader(ast.NodeVisitor):
    def __init__(self, module: types.ModuleType, reads: Reads) -> None:
        self._reads = reads
        self._owner: object = module  # the module or class whose functions come next
        self._scope: Scope = dict(vars(module))

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        outside, self._owner = self._owner, getattr(self._owner, node.name, None)
        self.generic_visit(node)
        self._owner = outside

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        outside, owner = self._scope, self._owner
        hints = _hints(_static(owner, node.name))
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        self._scope = {**outside, **{found.arg: Instance(hints.get(found.arg)) for found in arguments}}
        if arguments and arguments[0].arg == "self":
            self._scope["self"] = Instance(owner)
        self._owner = None  # functions inside a function cannot be looked up
        for part in node.body:
            self.visit(part)
        self._scope, self._owner = outside, owner

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815 - ast's name

    def visit_Assign(self, node: ast.Assign) -> None:
        self.visit(node.value)
        for target in node.targets:
            self._bind(target, node.value)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        self._bind(node.target, node.value)

    def visit_For(self, node: ast.For) -> None:
        self.visit(node.iter)
        self._bind_entry(node.target, node.iter)
        for part in (*node.body, *node.orelse):
            self.visit(part)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        self.visit(node.iter)
        self._bind_entry(node.target, node.iter)
        for part in node.ifs:
            self.visit(part)

    def generic_visit(self, node: ast.AST) -> None:
        for generator in getattr(node, "generators", ()):  # they bind the names that the element uses
            self.visit(generator)
        super().generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self.generic_visit(node)
        owner = self._infer(node.value)
        classes = list(_alternatives(owner))
        self._reads.known.update((found, node.attr) for found in classes)
        if owner is None or (isinstance(owner, Instance) and not classes):
            self._reads.unknown.add(node.attr)

    def _bind(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self._scope[target.id] = self._infer(value)
        elif isinstance(target, ast.Tuple):
            values = value.elts if isinstance(value, ast.Tuple) else [None] * len(target.elts)
            for name, part in zip(target.elts, values, strict=False):
                if isinstance(name, ast.Name):
                    self._scope[name.id] = self._infer(part) if part else None

    def _bind_entry(self, target: ast.expr, sequence: ast.expr) -> None:
        if isinstance(sequence, ast.Tuple) and sequence.elts:
            found = self._infer(sequence.elts[0])
        else:
            found = _entry(self._infer(sequence))
        for name in ast.walk(target):
            if isinstance(name, ast.Name):
                self._scope[name.id] = found if name is target else None

    def _infer(self, node: ast.expr) -> object:
        match node:
            case ast.Name(id=name):
                return _wrapped(self._scope.get(name))
            case ast.Await(value=value) | ast.NamedExpr(value=value):
                return self._infer(value)
            case ast.Attribute(value=value, attr=name):
                return _attribute(self._infer(value), name)
            case ast.Call(func=function):
                return _result(self._infer(function))
            case ast.IfExp(body=one, orelse=other) | ast.BoolOp(values=[one, other]):
                return self._infer(one) or self._infer(other)
        return None


def _attribute(owner: object, name: str) -> object:
    if owner is not None and not isinstance(owner, Instance):
        return _wrapped(getattr(owner, name, None))
    for kind in _alternatives(owner):
        if name in (hints := _hints(kind)):
            return Instance(hints[name])
        found = _static(kind, name)
        if isinstance(found, property):
            return _result(Method(found.fget, kind))
        if isinstance(found, cached_property):
            return _result(Method(found.func, kind))
        if inspect.isfunction(found):
            return Method(found, kind)
    return None


def _alternatives(owner: object) -> Iterator[type]:
    """Yields the classes that an instance may have."""
    if not isinstance(owner, Instance):
        return
    parts = typing.get_args(owner.of) if isinstance(owner.of, types.UnionType) else (owner.of,)
    yield from (part for part in parts if isinstance(part, type) and part is not type(None))


def _wrapped(value: object) -> object:
    is_itself = value is None or isinstance(value, Instance | types.ModuleType | type) or inspect.isroutine(value)
    return value if is_itself else Instance(type(value))


def _result(called: object) -> object:
    if isinstance(called, type):
        return Instance(called)
    found = _hints(called.function if isinstance(called, Method) else called).get("return")
    if found is Self and isinstance(called, Method):
        return Instance(called.owner)
    return None if found is None else Instance(found)


def _entry(sequence: object) -> object:
    """Returns an element of a sequence."""
    if not isinstance(sequence, Instance):
        return None
    origin = typing.get_origin(sequence.of)
    if not isinstance(origin, type) or not issubclass(origin, Iterable) or issubclass(origin, Mapping):
        return None
    return Instance(typing.get_args(sequence.of)[0])


def _static(owner: object, name: str) -> object:
    found = inspect.getattr_static(owner, name, None) if owner is not None else None
    found = found.__func__ if isinstance(found, classmethod | staticmethod) else found
    return inspect.unwrap(found) if inspect.isfunction(found) else found


@cache
def _hints(annotated: object) -> dict[str, object]:
    """Returns the annotated types of a class or a function; empty if they cannot be resolved."""
    if isinstance(annotated, property):
        annotated = annotated.fget
    try:
        return typing.get_type_hints(annotated)
    except (TypeError, NameError, AttributeError):
        return {}
