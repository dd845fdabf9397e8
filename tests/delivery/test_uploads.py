"""The breathing circle: the file matches the code, the circle breathes slowly for ever, and nothing flashes."""

from itertools import pairwise

import pytest
from PIL import Image, ImageChops, ImageSequence, ImageStat

from tools.draw_breath import TARGET, draw

TICK = 100  # milliseconds
# Of 255, in one channel. An encoder may choose another palette; a person does not see such a difference.
SAME = 3
# The largest change from one tick to the next: of the whole picture, and of any one pixel.
STEADY_WHOLE, STEADY_PIXEL = 2, 40


def by_ticks(frames: list[tuple[Image.Image, int]]) -> list[Image.Image]:
    """Returns the picture at each tick; an encoder may join frames that are alike."""
    return [image for image, milliseconds in frames for _ in range(milliseconds // TICK)]


def difference(one: Image.Image, other: Image.Image) -> tuple[float, int]:
    """Returns the mean difference of all pixels, and the largest of any."""
    changed = ImageChops.difference(one, other)
    extremes = changed.getextrema()
    most = max(int(high) for _, high in (pair for pair in extremes if isinstance(pair, tuple)))
    return max(ImageStat.Stat(changed).mean), most


@pytest.fixture(scope="module")
def frames() -> list[tuple[Image.Image, int]]:
    """Returns the decoded frames of the committed file, with their durations in milliseconds."""
    with Image.open(TARGET) as picture:
        return [(frame.convert("RGB"), int(frame.info["duration"])) for frame in ImageSequence.Iterator(picture)]


def test_the_file_is_what_the_code_draws(frames: list[tuple[Image.Image, int]]) -> None:
    drawn = by_ticks([(frame.image.convert("RGB"), frame.milliseconds) for frame in draw()])
    shown = by_ticks(frames)
    assert len(shown) == len(drawn)
    assert max(difference(*pair)[1] for pair in zip(shown, drawn, strict=True)) <= SAME


def test_one_breath_takes_twelve_seconds_for_ever(frames: list[tuple[Image.Image, int]]) -> None:
    durations = [milliseconds for _, milliseconds in frames]
    assert sum(durations) == 12_000
    assert min(durations) >= 1000 / 15
    with Image.open(TARGET) as picture:
        assert picture.info["loop"] == 0


def test_it_grows_for_four_seconds_and_shrinks_for_six(frames: list[tuple[Image.Image, int]]) -> None:
    light = [ImageStat.Stat(frame.convert("L")).mean[0] for frame in by_ticks(frames)]
    largest, smallest = max(light), min(light)
    rests_large = [number * TICK for number, brightness in enumerate(light) if brightness == largest]
    assert all(later >= earlier for earlier, later in pairwise(light[: 4_000 // TICK]))
    assert 3_700 <= rests_large[0] <= 4_000
    assert 5_000 <= rests_large[-1] + TICK <= 5_300
    assert all(later <= earlier for earlier, later in pairwise(light[5_000 // TICK :]))
    assert all(brightness == smallest for brightness in light[11_000 // TICK :])


def test_it_is_small(frames: list[tuple[Image.Image, int]]) -> None:
    assert TARGET.stat().st_size < 400_000
    assert frames[0][0].size == (480, 480)


def test_nothing_flashes(frames: list[tuple[Image.Image, int]]) -> None:
    shown = by_ticks(frames)
    changes = [difference(one, other) for one, other in pairwise([*shown, shown[0]])]
    assert max(whole for whole, _ in changes) <= STEADY_WHOLE
    assert max(pixel for _, pixel in changes) <= STEADY_PIXEL
