"""What the texts give as examples to type is read as what they ask for, in every language."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from bot.domain.typed_times import (
    read_duration,
    read_hours,
    read_moment,
    read_time,
    read_weekdays,
    read_wish,
)
from bot.settings import PROJECT
from tests.domain.typed_times.lists import NOW

FILES = sorted(PROJECT.glob("messages/*/interface.yaml"))
Reader = Callable[[str, str], object]
READERS: dict[str, Reader] = {
    "time": lambda text, language: read_time(text, language=language),
    "hours": lambda text, language: read_hours(text, language=language),
    "moment": lambda text, language: read_moment(text, now_local=NOW, language=language),
    "weekdays": lambda text, language: read_weekdays(text, language=language),
    "duration": lambda text, language: read_duration(text, now_local=NOW, language=language),
    "wish": lambda text, language: read_wish(text, now_local=NOW, language=language),
}
# The texts that give examples, with all that reads what is typed as their answer.
ASKING = {
    "setup.question_rhythm": ("wish",),
    "setup.not_a_rhythm": ("wish",),
    "setup.question_time": ("time", "wish"),
    "setup.not_a_time": ("time", "wish"),
    "setup.question_times": ("hours", "wish"),
    "setup.not_a_count": ("hours", "wish"),
    "setup.question_moment": ("moment", "wish"),
    "setup.not_a_moment": ("moment", "wish"),
    "session.question": ("wish",),
    "session.not_read": ("wish",),
    "session.question_day": ("wish",),
    "session.question_time": ("time", "wish"),
    "session.question_move": ("wish",),
    "look_back.question_time": ("time",),
    "look_back.not_a_time": ("time",),
    "pause.question_date": ("duration",),
    "pause.not_a_date": ("duration",),
    "settings.question_quiet": ("hours",),
    "settings.not_hours": ("hours",),
    "together.question_time": ("time", "wish"),
    "together.question_days": ("weekdays", "wish"),
    "together.not_days": ("weekdays", "wish"),
}
LEADS = {"such", "as", "like", "try", "type", "hours", "or", "como", "así", "o", "un", "horario"}
BETWEEN = re.compile(r"[.?!¿¡]\s|[,:]\s|[.?!]$|\b(?:or|o|such as|como|like)\s")
CLOCK = re.compile(r"(?<!\w)[0-9]{1,2}(?::[0-9]{2}|-[0-9]{1,2}(?![0-9]))")


def texts(node: object, key: str = "") -> Iterator[tuple[str, str]]:
    """Yields each text of a file with its key."""
    match node:
        case dict():
            for name, inner in node.items():
                yield from texts(inner, f"{key}.{name}".lstrip("."))
        case list():
            for inner in node:
                yield from texts(inner, key)
        case str():
            yield key, node


def examples(text: str, language: str) -> list[str]:
    """Returns the parts of a text that hold a digit, or are a time or a day as they stand."""
    found = []
    for part in BETWEEN.split(re.sub(r"\{[^}]*\}", "", text)):
        words = part.split()
        while words and words[0].lower() in LEADS:
            del words[0]
        example = " ".join(words)
        if re.search("[0-9]", example) or READERS["wish"](example, language):
            found.append(example)
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_each_example_that_a_text_gives_is_read(file: Path) -> None:
    language, found = file.parent.name, dict(texts(yaml.safe_load(file.read_text(encoding="utf-8"))))

    given = {key: examples(found[key], language) for key in ASKING}
    unread = [
        (key, example, name)
        for key, names in ASKING.items()
        for example in given[key]
        for name in names
        if READERS[name](example, language) is None
    ]

    assert [key for key, listed in given.items() if not listed] == []
    assert unread == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_no_other_text_gives_an_example(file: Path) -> None:
    found = texts(yaml.safe_load(file.read_text(encoding="utf-8")))
    assert [key for key, text in found if CLOCK.search(text) and key not in ASKING] == []
