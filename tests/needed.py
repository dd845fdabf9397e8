"""Programs that tests need, and what becomes of a test where one is missing."""

import os
from typing import NoReturn

import pytest


def missing(name: str) -> NoReturn:
    """Skips the test, and says what is not installed. In CI it fails: .ci/run installs all of them."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{name} is not installed, and CI has to test with it")
    pytest.skip(f"{name} is not installed")
