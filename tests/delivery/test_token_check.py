import pytest
from telegram.error import InvalidToken, NetworkError, TelegramError

from bot.delivery.token_check import is_refused


class Bot:
    """Answers getMe with these errors in turn, and then with itself."""

    def __init__(self, *errors: TelegramError) -> None:
        self.errors = list(errors)

    async def get_me(self) -> None:
        if self.errors:
            raise self.errors.pop(0)


UNAUTHORIZED, NOT_FOUND = InvalidToken("Unauthorized"), InvalidToken("Not Found")


@pytest.mark.parametrize(
    ("errors", "expected"),
    [
        ((UNAUTHORIZED,) * 3, True),
        ((UNAUTHORIZED,) * 2, False),
        ((), False),
        ((NOT_FOUND,) * 3, False),
        ((UNAUTHORIZED, NetworkError("no connection"), UNAUTHORIZED), False),
    ],
)
async def test_only_refusals_in_a_row_refuse_the_token(
    errors: tuple[TelegramError, ...], expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.token_check.PAUSES", (0.0, 0.0, 0.0))

    assert await is_refused(Bot(*errors)) is expected  # type: ignore[arg-type]  # all that is asked of a bot
