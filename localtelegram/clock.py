"""A clock that can be moved. The page and tests move it; everything else only reads it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def real_now() -> datetime:
    return datetime.now(UTC)


class MovableClock:
    """A clock to be called for the time now. After a move it goes on at the speed of real time."""

    def __init__(self, at: datetime | None = None, *, real: Callable[[], datetime] = real_now) -> None:
        self._real = real
        self._shift = timedelta()
        self._listeners: list[Callable[[datetime], None]] = []
        if at is not None:
            self.set(at)

    def __call__(self) -> datetime:
        return self._real() + self._shift

    @property
    def is_moved(self) -> bool:
        return self._shift != timedelta()

    @property
    def ahead(self) -> timedelta:
        """How far the clock was moved; negative where it was moved back."""
        return self._shift

    def set(self, at: datetime) -> None:
        if at.tzinfo is None:
            raise ValueError(f"{at} has no time zone: pass an aware datetime, such as datetime(..., tzinfo=UTC)")
        self._shift = at.astimezone(UTC) - self._real()
        self._tell()

    def move(self, by: timedelta) -> None:
        self._shift += by
        self._tell()

    def back_to_real(self) -> None:
        self._shift = timedelta()
        self._tell()

    def on_change(self, listener: Callable[[datetime], None]) -> Callable[[], None]:
        """Calls `listener` with the new time after each move. Returns a function that ends this."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _tell(self) -> None:
        for listener in list(self._listeners):
            listener(self())
