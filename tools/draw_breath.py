"""python -m tools.draw_breath FFMPEG: draws breath.mp4, a pale circle that grows and shrinks like a breath.

It is painted with the brushes of the cards: a moon in the mist above still water. FFMPEG is the path of a program that
writes H.264, such as the one that `pip install imageio-ffmpeg` brings; the bot itself needs none. Telegram plays an MP4
without sound as an animation (https://core.telegram.org/bots/api#sendanimation).
"""

import math
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from PIL import Image, ImageChops, ImageOps

from bot.domain.cards.brushes import Colour, cloud, glow, grain, lay, ramp, ridge, soften, wash, within

MESSAGES = Path(__file__).resolve().parent.parent / "messages"
NAME = "breath.mp4"

SIDE = 640  # pixels
RATE = 25  # frames a second
# Breathing out takes longer than breathing in; neither asks for a big breath. It rests twice.
GROWS, SHRINKS, RESTS = 4.0, 6.0, 1.0  # seconds
SMALLEST, LARGEST = 0.15, 0.27  # the circle's radius, as parts of the side
MIDDLE = 0.42  # of the circle, as a part of the height
HORIZON = 0.8
DISC = 200  # pixels, the radius of the circle that is scaled for each frame
CANVAS = 1280  # pixels, the side of the picture that it is in
EDGE = 0.16  # of the radius over which the circle's edge is soft
REACH = 2.9  # radii, where the light around it ends
MOON: Colour = (226, 222, 208)
SHINE: Colour = (150, 168, 182)
COMPRESSION = "24"  # x264's constant rate factor
MOST_BYTES = 300_000


def main() -> None:
    """Write the same file for every language."""
    content = _film(sys.argv[1])
    if len(content) > MOST_BYTES:
        raise SystemExit(f"{len(content)} bytes are more than {MOST_BYTES}; compress more")
    for folder in sorted(MESSAGES.glob("*/pictures")):
        (folder / NAME).write_bytes(content)


def frames(every: int = 1) -> Iterator[Image.Image]:
    """Yields the frames of one breath, or one of `every` so many: from small to large and back to where it began."""
    scene, water = _scene(), _water()
    disc, light = (_spot(part) for part in (_disc, _light))
    noise = grain((SIDE, SIDE), 2)
    for size in [*_sizes()][::every]:
        radius = (SMALLEST + size * (LARGEST - SMALLEST)) * SIDE
        frame = scene.copy()
        lay(frame, SHINE, _scaled(light, radius), 0.5 + 0.12 * size)
        lay(frame, MOON, _scaled(disc, radius), 0.94)
        lay(frame, SHINE, water, 0.3 + 0.35 * size)
        yield ImageChops.add_modulo(frame, noise)


def _sizes() -> Iterator[float]:
    """Yields the size of the circle in each frame, from 0 to 1."""
    for frame in range(round((GROWS + RESTS + SHRINKS + RESTS) * RATE)):
        seconds = frame / RATE
        if seconds < GROWS:
            yield _ease(seconds / GROWS)
        else:
            yield 1 - _ease(min(1.0, max(0.0, seconds - GROWS - RESTS) / SHRINKS))


def _ease(part: float) -> float:
    """From 0 to 1, slow at both ends."""
    return (1 - math.cos(math.pi * part)) / 2


def _scene() -> Image.Image:
    """Returns the evening: mist, far hills, water."""
    chance = Random(5)
    picture = wash((0, (44, 62, 82)), (0.45, (62, 82, 100)), (HORIZON, (92, 108, 118)))
    lay(picture, (112, 126, 136), within(cloud(chance, 2, 6), ramp((0, 60), (0.6, 200), (HORIZON, 255))), 0.28)
    lay(picture, (70, 88, 104), soften(ridge(chance, 836, 22, 1.3), 3), 0.55)
    water = ramp((HORIZON, 0), (HORIZON + 0.012, 255), (1, 255))
    picture.paste(wash((HORIZON, (84, 101, 114)), (1, (40, 56, 74))), mask=water)
    lay(picture, (104, 120, 132), within(cloud(chance, 4, 60, octaves=2), water), 0.18)
    return picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def _water() -> Image.Image:
    """Returns a mask of the light on the water."""
    ripples = cloud(Random(8), 4, 70, octaves=2)
    below = within(ripples, glow(540, 900, 430, flat=0.5), ramp((HORIZON, 0), (HORIZON + 0.02, 255), (1, 200)))
    return below.resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def _disc(radii: float) -> float:
    """Returns how bright the circle is so many radii from its middle."""
    return _ease(min(1.0, max(0.0, (1 + EDGE / 2 - radii) / EDGE)))


def _light(radii: float) -> float:
    """Returns how bright the light around the circle is: it has no edge."""
    return math.pow(max(0.0, 1 - radii / REACH), 2.2)


def _spot(brightness: Callable[[float], float]) -> Image.Image:
    half = CANVAS // 2
    levels = [round(255 * brightness(math.hypot(x + 0.5, y + 0.5) / DISC)) for y in range(half) for x in range(half)]
    quarter = Image.frombytes("L", (half, half), bytes(levels))
    whole = Image.new("L", (CANVAS, CANVAS))
    whole.paste(quarter, (half, half))
    whole.paste(ImageOps.mirror(quarter), (0, half))
    whole.paste(ImageOps.flip(whole.crop((0, half, CANVAS, CANVAS))), (0, 0))
    return whole


def _scaled(spot: Image.Image, radius: float) -> Image.Image:
    """Returns the spot with this radius in pixels, exact to a part of a pixel, so that it grows smoothly."""
    scale = DISC / radius
    left, top = CANVAS / 2 - SIDE / 2 * scale, CANVAS / 2 - SIDE * MIDDLE * scale
    matrix = (scale, 0, left, 0, scale, top)
    return spot.transform((SIDE, SIDE), Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC)


def _film(ffmpeg: str) -> bytes:
    """Returns an MP4 with H.264 and no sound. Raises CalledProcessError."""
    source = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{SIDE}x{SIDE}", "-r", str(RATE), "-i", "-"]
    colours = ["-vf", "scale=out_color_matrix=bt709", "-colorspace", "bt709", "-color_primaries", "bt709"]
    video = ["-an", "-c:v", "libx264", "-profile:v", "high", "-preset", "veryslow", "-crf", COMPRESSION]
    depth = ["-color_trc", "bt709", "-x264-params", "aq-mode=3:aq-strength=1.1:deblock=1,1:keyint=300"]
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, NAME)
        plain = ["-pix_fmt", "yuv420p", "-movflags", "+faststart", "-map_metadata", "-1", "-bitexact", str(target)]
        command = [ffmpeg, "-loglevel", "error", "-threads", "1", *source, *colours, *video, *depth, *plain]
        with subprocess.Popen(command, stdin=subprocess.PIPE) as process:  # noqa: S603 - whoever runs the tool names it
            if process.stdin is None:
                raise OSError("no way to write to the program")
            for frame in frames():
                process.stdin.write(frame.tobytes())
            process.stdin.close()
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, command)
        return target.read_bytes()


if __name__ == "__main__":
    main()
