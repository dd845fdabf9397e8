"""Finds the messages of error in the code, as it writes them. For `test_errors_page`.

What is filled in while the program runs stands as …: `there is no file …`.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from bot.database import troubles
from bot.settings import PROJECT

RAISED = {"SettingsError", "ValueError", "DatabaseError", "CopyError", "RunError", "InvitingError", "PreviewError"}
COMMANDS = ("doctor", "doctor_database", "doctor_live", "doctor_rush", "run")  # have parts of their own
# How what is wrong in a file of words begins: what stands there "is not a text", "names a flow that is not here".
PROBLEM = re.compile(
    r"(is|has|names|calls|shows|leads|says|holds|reads|comes|opens|hides|collects|can|cannot|stands|does|would|was it|"
    r"the id|the language|choices|typed|parts|heard|nth) (?!…$)"
)
NO_MESSAGES = {"", "… minutes", "… seconds"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def messages() -> dict[str, set[str]]:
    """Returns the messages by the part of docs/reference/errors.md that names them."""
    commands = [file for file in _files("bot/commands") if Path(file).stem not in COMMANDS]
    found = {
        "Settings": _raised(*_files("bot/settings")) | _of_settings(),
        "The database": _raised("bot/database/engine.py", "bot/database/file_watch.py") | _cures(),
        "Copies": _raised(
            "bot/usecases/copies.py", *(f"bot/database/{name}_copies.py" for name in ("sqlite", "postgres"))
        )
        | _raised("bot/database/copy_files.py"),
        "Running": _raised("bot/commands/run.py") | _logged("bot/commands/run.py"),
        "Other commands": _raised(*commands),
        "What doctor says": _checked("bot/commands/doctor.py")
        | _checked("bot/commands/doctor_database.py")
        | _returned("bot/commands/doctor_rush.py"),
        "What doctor --live says": _checked("bot/commands/doctor_live.py"),
        "What check says of words": {text for file in _files("bot/content") for text in _problems(file)}
        | {text.partition("; ")[0] for text in _raised(*_files("bot/domain/crisis_phrases"))},
    }
    return {part: texts - NO_MESSAGES for part, texts in found.items()}


def _raised(*files: str) -> set[str]:
    """What is raised, or handed to `fail`, which ends the program."""
    return {
        text
        for file in files
        for module in (Module(file),)
        for call, function in module.calls()
        if name_of(call) in RAISED | {"fail"} and call.args
        for text in module.texts(call.args[0], function)
    }


def _of_settings() -> set[str]:
    """What functions return as a problem, or yield as a note."""
    found = Module("bot/settings/database_url.py").given(ast.Return) | Module("bot/settings/notes.py").given(ast.Yield)
    explained = Module("bot/settings/reading.py").function("_explain")
    return found | set(Module("bot/settings/reading.py").texts(ast.Name("message"), explained))


def _cures() -> set[str]:
    cures = (*troubles.SQLITE.values(), *troubles.SYSTEM.values(), *troubles.POSTGRES.values())
    others = (troubles.OTHERWISE, troubles.NO_SERVER, troubles.WITHOUT_TLS, troubles.BAD_TLS)
    return {plain(cure) for _, cure in (*cures, *others)}


def _logged(file: str) -> set[str]:
    module = Module(file)
    lines = [call for call, _ in module.calls() if name_of(call) in ("error", "warning") and len(call.args) <= 2]
    return {text for call in lines for text in module.texts(call.args[0]) if text != "…"}


def _returned(file: str) -> set[str]:
    return {text for text in Module(file).given(ast.Return) if " " in text} | Module(file).listed()


def _checked(file: str) -> set[str]:
    """The texts of what is not "ok"."""
    module = Module(file)
    return {
        text
        for call, function in module.calls()
        if name_of(call) == "Check" and len(call.args) > 2 and getattr(call.args[1], "value", "") != "ok"
        for text in module.texts(call.args[2], function)
    }


def _problems(file: str) -> set[str]:
    """What is wrong, without the cure that is said behind it."""
    module = Module(file)
    texts = {text for node in module.strings() for text in module.texts(node)}
    return {text.partition("; ")[0] for text in texts if PROBLEM.match(text)}


class Module:
    """A file of the project, and what its names and expressions can be as text."""

    def __init__(self, file: str) -> None:
        self._tree = ast.parse((PROJECT / file).read_text(encoding="utf-8"))
        self._constants = {"COMMAND": "gentle-tears"}
        for node in self._tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                text = next(iter(self.texts(node.value)), "")
                if " " in text:  # others are values, such as a revision, that change without the message
                    self._constants[node.targets[0].id] = text

    def calls(self) -> Iterator[tuple[ast.Call, Function]]:
        """Yields each call with the function that it stands in."""
        for function in self._functions():
            yield from ((node, function) for node in ast.walk(function) if isinstance(node, ast.Call))

    def _functions(self) -> list[Function]:
        return [node for node in ast.walk(self._tree) if isinstance(node, Function)]

    def function(self, name: str) -> Function:
        return next(function for function in self._functions() if function.name == name)

    def given(self, kind: type[ast.Return] | type[ast.Yield]) -> set[str]:
        """The texts that its functions return, or yield, alone or in a tuple; those of one word are none."""
        values = [
            (node.value, function)
            for function in self._functions()
            for node in ast.walk(function)
            if isinstance(node, kind)
        ]
        parts = [
            (part, function)
            for value, function in values
            if value
            for part in (value.elts if isinstance(value, ast.Tuple) else [value])
        ]
        return {text for part, function in parts for text in self.texts(part, function) if " " in text}

    def listed(self) -> set[str]:
        """The texts that stand in lists, or are appended to one."""
        lists = [part for node in ast.walk(self._tree) if isinstance(node, ast.List) for part in node.elts]
        lists += [part for call, _ in self.calls() if name_of(call) == "append" for part in call.args]
        return {text for part in lists for text in self.texts(part)}

    def strings(self) -> Iterator[ast.expr]:
        """Yields all texts but docstrings and the pieces of others."""
        pieces = {
            id(part) for node in ast.walk(self._tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)
        }
        pieces |= {id(node.value) for node in ast.walk(self._tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(self._tree):
            if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and id(node) not in pieces):
                yield node

    def texts(self, node: ast.expr, inside: Function | None = None) -> list[str]:
        """Returns the texts that an expression can be; `inside`: the function in which names were given a value."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return [plain(node.value)]
        if isinstance(node, ast.JoinedStr):
            return [plain("".join(self._piece(part) for part in node.values))]
        if isinstance(node, ast.IfExp):
            return [*self.texts(node.body, inside), *self.texts(node.orelse, inside)]
        if isinstance(node, ast.Name):
            return self._named(node.id, inside)
        if isinstance(node, ast.Call) and name_of(node) in ("format", "join") and isinstance(node.func, ast.Attribute):
            parts = node.args[0].elts[:1] if node.args and isinstance(node.args[0], ast.List) else [node.func.value]
            return [text for part in parts for text in self.texts(part, inside)]
        return []

    def _piece(self, part: ast.expr) -> str:
        value = part.value if isinstance(part, ast.FormattedValue) else part
        if isinstance(value, ast.Constant):
            return str(value.value)
        return self._constants.get(value.id, "…") if isinstance(value, ast.Name) else "…"

    def _named(self, name: str, inside: Function | None) -> list[str]:
        if inside is None:
            return [self._constants[name]] if name in self._constants else []
        assigned = [node for node in ast.walk(inside) if isinstance(node, ast.Assign)]
        values = [value for node in assigned for target in node.targets for value in _given(target, node.value, name)]
        return [text for value in values for text in self.texts(value)]


def _given(target: ast.expr, value: ast.expr, name: str) -> list[ast.expr]:
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        return [one for part, one in zip(target.elts, value.elts, strict=True) if _given(part, one, name)]
    return [value] if isinstance(target, ast.Name) and target.id == name else []


def _files(folder: str) -> list[str]:
    return sorted(path.relative_to(PROJECT).as_posix() for path in Path(PROJECT, folder).rglob("*.py"))


def name_of(call: ast.Call) -> str:
    """The name of what is called."""
    return str(getattr(call.func, "id", None) or getattr(call.func, "attr", None) or "")


def plain(text: str) -> str:
    """A message in one line, as a table can hold it. What pydantic or str.format fills in is … as well."""
    text = re.sub(r"\{[a-z_]+(:[^}]*)?\}|%s", "…", " ".join(text.split()))
    return re.sub(r"…(…)+", "…", text).replace("python -m bot", "gentle-tears").replace("|", "/")
