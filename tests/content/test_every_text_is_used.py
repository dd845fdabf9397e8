"""The code uses every text: an unused one would be written, translated and checked for nobody."""

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from types import ModuleType

import bot
from bot.content.interface import Interface
from bot.content.support import SupportCardTexts
from bot.content.texts import Texts
from tests.content.reading_code import reads_of


class Sample(Texts):
    said: str
    unsaid: str


def say(sample: Sample) -> str:
    return sample.said


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(bot.__path__, "bot."):
        if ".migrations." not in found.name and not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


def models(root: type[Texts]) -> Iterator[type[Texts]]:
    """Yields a model and all models inside it."""
    yield root
    for field in root.model_fields.values():
        if isinstance(field.annotation, type) and issubclass(field.annotation, Texts):
            yield from models(field.annotation)


def test_an_unused_text_is_found() -> None:
    reads = reads_of([sys.modules[__name__]])
    assert {name for model, name in reads.known if model is Sample} == {"said"}
    assert "unsaid" not in reads.unknown


def test_the_code_uses_every_text() -> None:
    reads = reads_of(list(modules()))
    said = {(model, name) for model, name in reads.known if issubclass(model, Texts)}
    silent = {
        f"{model.__name__}.{name}"
        for root in (Interface, SupportCardTexts)
        for model in models(root)
        for name in model.model_fields
        if (model, name) not in said and name not in reads.unknown
    }
    assert silent == set()
