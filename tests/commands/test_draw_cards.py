"""`cards` writes all cards as files, and the sheets that show them."""

from pathlib import Path

from PIL import Image

from bot.commands.draw_cards import write_cards
from bot.domain.cards import Card


def test_cards_and_sheets_are_written(tmp_path: Path) -> None:
    some = [Card(f"card-{number}", "Tears are human.", "") for number in range(3)]
    assert write_cards(some, tmp_path / "en", "en") == 3
    names = sorted(path.name for path in (tmp_path / "en").iterdir())
    assert names == ["card-0.jpg", "card-1.jpg", "card-2.jpg", "contact-sheet-1.jpg"]
    with Image.open(tmp_path / "en" / "contact-sheet-1.jpg") as sheet:
        assert sheet.width > 3 * 240
