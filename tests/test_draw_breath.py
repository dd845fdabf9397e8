"""The breathing circle: it breathes slowly for ever, nothing flashes, and the file is one breath long."""

import struct
from itertools import pairwise

import pytest
from PIL import Image, ImageChops, ImageStat

from tools.draw_breath import GROWS, MESSAGES, NAME, RATE, RESTS, SHRINKS, SIDE, frames

EVERY = 15  # of so many frames one is looked at
# The largest change from one frame to the next that is looked at: of the whole picture, of 255.
STEADY = 9


@pytest.fixture(scope="module")
def shown() -> list[Image.Image]:
    return list(frames(EVERY))


def light(frame: Image.Image) -> float:
    return float(ImageStat.Stat(frame.convert("L")).mean[0])


def test_it_grows_for_four_seconds_and_shrinks_for_six(shown: list[Image.Image]) -> None:
    at = [frame * EVERY / RATE for frame in range(len(shown))]
    assert (GROWS, RESTS, SHRINKS) == (4, 1, 6)
    for (start, one), (end, other) in pairwise(zip(at, map(light, shown), strict=True)):
        if end <= GROWS:
            assert other > one
        elif start >= GROWS and end <= GROWS + RESTS:
            assert other == one
        elif start >= GROWS + RESTS and end <= GROWS + RESTS + SHRINKS:
            assert other < one


def test_nothing_flashes_and_it_ends_as_it_began(shown: list[Image.Image]) -> None:
    for one, other in pairwise([*shown, shown[0]]):
        assert max(ImageStat.Stat(ImageChops.difference(one, other)).mean) <= STEADY
    assert light(shown[-1]) == pytest.approx(light(shown[0]), abs=0.1)


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_file_is_one_breath_in_every_language(language: str) -> None:
    content = (MESSAGES / language / "pictures" / NAME).read_bytes()
    head = content.index(b"mvhd") + 4  # the film's header: ISO/IEC 14496-12, 8.2.2
    scale, duration = struct.unpack(">II", content[head + 12 : head + 20])
    frames_in_it = content.index(b"stsz") + 4  # the sizes of its frames: 8.7.3.2
    assert duration / scale == GROWS + RESTS + SHRINKS + RESTS
    assert struct.unpack(">I", content[frames_in_it + 8 : frames_in_it + 12]) == (round(duration / scale * RATE),)


def test_it_is_large_enough_for_a_phone(shown: list[Image.Image]) -> None:
    assert shown[0].size == (SIDE, SIDE) == (640, 640)
