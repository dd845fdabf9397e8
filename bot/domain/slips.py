"""Finds a slip of one letter between two words. Pure. Called by `crisis_phrases.spelling` and `typed_times.reading`."""


def is_slip(typed: str, meant: str) -> bool:
    """Returns whether a single letter is too many, missing or wrong, or two neighbours have changed places."""
    short, long = (typed, meant) if len(typed) <= len(meant) else (meant, typed)
    longer = len(long) - len(short)
    half = len(short) // 2
    # A slip leaves one half as it is: here nearly all pairs of words are told apart.
    if longer > 1 or (short[:half] != long[:half] and short[half + 1 :] != long[half + 1 + longer :]):
        return False
    start = 0
    for letter, other in zip(short, long, strict=False):
        if letter != other:
            break
        start += 1
    if longer:
        return short[start:] == long[start + 1 :]
    if short[start + 1 :] == long[start + 1 :]:
        return start < len(short)
    return short[start : start + 2] == long[start : start + 2][::-1] and short[start + 2 :] == long[start + 2 :]
