"""Takes back what a person takes back: "8, no wait, 9". Pure. Called by `typed_times`."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.typed_times.clocks import Half, Times, with_half
from bot.domain.typed_times.reading import Piece, Pieces
from bot.domain.typed_times.wish import GROUPS, Wish, says, value_of


def in_the_same_half(before: Sequence[Piece], after: Sequence[Piece]) -> Pieces:
    """Returns the pieces after the correction; 9:30 after 9 pm is in the evening, as nothing says otherwise."""
    said = value_of(before, Times)
    half = said.clocks[-1].half if said else None
    return tuple(_with_half(piece, half) if half else piece for piece in after)


def _with_half(piece: Piece, half: Half) -> Piece:
    if not isinstance(piece.value, Times):
        return piece
    clocks = tuple(with_half(clock, half) for clock in piece.value.clocks)
    return replace(piece, value=replace(piece.value, clocks=clocks))


def corrected(before: Wish, after: Wish) -> Wish:
    """Returns what was said first, with all that was said again in its place: its hours, its days, its limits."""
    changes = {name: getattr(after, name) for group in GROUPS if says(after, group) for name in group}
    is_all_new = all(says(after, group) or not says(before, group) for group in GROUPS)
    return replace(before, **changes, doubts=after.doubts if is_all_new else before.doubts | after.doubts)
