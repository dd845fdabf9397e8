"""How long a card takes: `python -m benchmarks.cards`. One thread, as in the bot; all affirmations of all languages."""

import statistics
import time

from bot.content.library import Folders
from bot.domain.cards.backgrounds import BACKGROUNDS, crop
from bot.domain.cards.drawing import draw
from bot.screens.affirmations import card_of
from bot.settings import MESSAGES


def main() -> None:
    for background in BACKGROUNDS:
        began = time.perf_counter()
        crop(background, 1200, (0, 0), (1080, 1080))
        print(f"background {background.name:<10} {1000 * (time.perf_counter() - began):7.1f} ms, once in a process")
    library = Folders((MESSAGES,), "en").load()
    times, sizes = [], []
    for language in library.languages:
        catalogue = library.of(language)
        for affirmation in catalogue.affirmations:
            card = card_of(affirmation)
            began = time.perf_counter()
            sizes.append(len(draw(card)))
            times.append(1000 * (time.perf_counter() - began))
    times.sort()
    most = times[len(times) * 95 // 100]
    print(
        f"{len(times)} cards: median {statistics.median(times):.1f} ms, 95 of 100 within {most:.1f} ms, "
        f"longest {times[-1]:.1f} ms, median {statistics.median(sizes) / 1000:.0f} KB"
    )


if __name__ == "__main__":
    main()
