"""Compares JSON of the local Telegram with the Bot API's definition."""

from localtelegram.answers import Json
from localtelegram.methods.definition import METHODS, TYPES


def misfits(value: object, types: list[str], where: str = "") -> list[str]:
    """Returns what is wrong with the value, by path; empty if it fits one of the types."""
    found = [_misfits_one(value, kind, where) for kind in types]
    return min(found, key=len)


def result_misfits(method: str, result: object) -> list[str]:
    return misfits(result, METHODS[method]["returns"], method)


def update_misfits(update: Json) -> list[str]:
    return misfits(update, ["Update"], "Update")


def _misfits_one(value: object, kind: str, where: str) -> list[str]:
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            return [f"{where} is no array"]
        return [
            problem
            for number, item in enumerate(value)
            for problem in _misfits_one(item, kind.removeprefix("Array of "), f"{where}[{number}]")
        ]
    plain: dict[str, type | tuple[type, ...]] = {
        "String": str,
        "Integer": int,
        "Float": (int, float),
        "Boolean": bool,
        "True": bool,
    }
    if kind in plain:
        is_fit = isinstance(value, plain[kind]) and isinstance(value, bool) == (kind in ("Boolean", "True"))
        return [] if is_fit and (kind != "True" or value is True) else [f"{where} is no {kind}: {value!r}"]
    return _misfits_object(value, kind, where)


def _misfits_object(value: object, kind: str, where: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{where} is no {kind}: {value!r}"]
    if "subtypes" in TYPES[kind]:
        return misfits(value, TYPES[kind]["subtypes"], where)
    fields = TYPES[kind]["fields"]
    problems = [f"{where}.{name} is not of {kind}" for name in value.keys() - fields.keys()]
    problems += [
        f"{where}.{name} is missing" for name, spec in fields.items() if spec.get("required") and name not in value
    ]
    for name in value.keys() & fields.keys():
        constant = fields[name].get("const")
        if constant is not None and value[name] != constant:
            problems.append(f"{where}.{name} is not {constant}")
        problems += misfits(value[name], fields[name]["types"], f"{where}.{name}")
    return problems
