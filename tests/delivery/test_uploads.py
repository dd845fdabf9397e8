"""The breathing circle: the file is what the code draws, it breathes slowly for ever, and nothing in it flashes."""

from itertools import pairwise

import pytest
from PIL import Image, ImageChops, ImageSequence, ImageStat

from tools.draw_breath import TARGET, draw

TICK = 100  # milliseconds
# Of 255, in one channel. An encoder may choose another palette; a person sees no difference yet.
SAME = 3
# From one tick to the next: of the picture as a whole, and of any one of its pixels.
STEADY_WHOLE, STEADY_PIXEL = 2, 40


def by_ticks(frames: list[tuple[Image.Image, int]]) -> list[Image.Image]:
    """What is on the screen at each tick: an encoder may make one longer frame of several that are alike."""
    return [image for image, milliseconds in frames for _ in range(milliseconds // TICK)]


def difference(one: Image.Image, other: Image.Image) -> tuple[float, int]:
    """The mean of all pixels, and the most of any."""
    changed = ImageChops.difference(one, other)
    extremes = changed.getextrema()
    most = max(int(high) for _, high in (pair for pair in extremes if isinstance(pair, tuple)))
    return max(ImageStat.Stat(changed).mean), most


@pytest.fixture(scope="module")
def kept() -> list[tuple[Image.Image, int]]:
    """The frames of the committed file, decoded."""
    with Image.open(TARGET) as picture:
        return [(each.convert("RGB"), int(each.info["duration"])) for each in ImageSequence.Iterator(picture)]


def test_the_file_is_what_the_code_draws(kept: list[tuple[Image.Image, int]]) -> None:
    drawn = by_ticks([(each.image.convert("RGB"), each.milliseconds) for each in draw()])
    shown = by_ticks(kept)
    assert len(shown) == len(drawn)
    assert max(difference(*pair)[1] for pair in zip(shown, drawn, strict=True)) <= SAME


def test_one_breath_takes_twelve_seconds_for_ever(kept: list[tuple[Image.Image, int]]) -> None:
    durations = [milliseconds for _, milliseconds in kept]
    assert sum(durations) == 12_000
    assert min(durations) >= 1000 / 15
    with Image.open(TARGET) as picture:
        assert picture.info["loop"] == 0


def test_it_grows_for_four_seconds_and_shrinks_for_six(kept: list[tuple[Image.Image, int]]) -> None:
    light = [ImageStat.Stat(each.convert("L")).mean[0] for each in by_ticks(kept)]
    largest, smallest = max(light), min(light)
    rests_large = [number * TICK for number, each in enumerate(light) if each == largest]
    assert all(later >= earlier for earlier, later in pairwise(light[: 4_000 // TICK]))
    assert 3_700 <= rests_large[0] <= 4_000
    assert 5_000 <= rests_large[-1] + TICK <= 5_300
    assert all(later <= earlier for earlier, later in pairwise(light[5_000 // TICK :]))
    assert all(each == smallest for each in light[11_000 // TICK :])


def test_it_is_small(kept: list[tuple[Image.Image, int]]) -> None:
    assert TARGET.stat().st_size < 400_000
    assert kept[0][0].size == (480, 480)


def test_nothing_flashes(kept: list[tuple[Image.Image, int]]) -> None:
    shown = by_ticks(kept)
    changes = [difference(one, other) for one, other in pairwise([*shown, shown[0]])]
    assert max(whole for whole, _ in changes) <= STEADY_WHOLE
    assert max(pixel for _, pixel in changes) <= STEADY_PIXEL
