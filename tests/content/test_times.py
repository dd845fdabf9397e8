"""Which patterns for times and days can be written, and that Babel's data stays unread for the usual ones."""

import subprocess
import sys

import pytest
from pydantic import TypeAdapter, ValidationError

from bot.content.times import Pattern, TimeTexts

PATTERN: TypeAdapter[str] = TypeAdapter(Pattern)


@pytest.mark.parametrize("written", ["HH:mm", "h:mm a", "EEEE, d MMMM", "d 'de' MMMM", "QQQ yyyy", "EEE d.M."])
def test_what_babel_can_format_is_a_pattern(written: str) -> None:
    assert PATTERN.validate_python(written) == written


@pytest.mark.parametrize("written", ["MMMMMMMM", "aaaaaaaa", "g"])
def test_anything_else_is_none(written: str) -> None:
    with pytest.raises(ValidationError, match="is no pattern for a time or a day"):
        PATTERN.validate_python(written)


@pytest.mark.parametrize(("written", "is_known"), [("en", True), ("es_MX", True), ("zh_CN", True), ("xx", False)])
def test_a_locale_is_one_that_cldr_knows(written: str, *, is_known: bool) -> None:
    locale: TypeAdapter[str] = TypeAdapter(TimeTexts.model_fields["locale"].rebuild_annotation())
    if is_known:
        assert locale.validate_python(written) == written
    else:
        with pytest.raises(ValidationError, match="names no locale that CLDR knows"):
            locale.validate_python(written)


def test_loading_all_words_reads_no_language_data_of_babel() -> None:
    program = """
from pathlib import Path
from bot.content.library import Folders
from babel import localedata
Folders((Path("messages"),), "en").load()
print(sorted(localedata._cache))
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (ended.stdout.strip(), ended.stderr) == ("[]", "")
