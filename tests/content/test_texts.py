"""What models of texts share, so that they take less memory."""

from pathlib import Path

from bot.content.layers import Layers
from bot.content.library import Library
from bot.content.texts import Texts
from bot.settings import MESSAGES


class Pair(Texts):
    """A model with a field that may be left out."""

    one: str
    other: str = ""


def test_models_with_the_same_fields_written_share_the_set_of_their_names() -> None:
    first, second, whole = Pair(one="a"), Pair(one="b"), Pair(one="a", other="")
    assert first.model_fields_set is second.model_fields_set
    assert (second.model_fields_set, whole.model_fields_set) == ({"one"}, {"one", "other"})


def test_a_copy_with_more_fields_has_a_set_of_its_own() -> None:
    first = Pair(one="a")
    assert first.model_copy(update={"other": "b"}).model_fields_set == {"one", "other"}
    assert first.model_fields_set == Pair(one="b").model_fields_set == {"one"}


def test_languages_share_pictures_that_are_the_same(tmp_path: Path, library: Library) -> None:
    [(name, content)] = Layers((MESSAGES / "en",)).pictures().items()
    copied = tmp_path / "pictures" / name
    copied.parent.mkdir()
    copied.write_bytes(content)
    assert Layers((tmp_path,)).pictures()[name] is content
    assert library.of("es").pictures[name] is library.of("en").pictures[name]
