"""A lock on an open file that ends with the process, however it ends. `engine` uses it for the sending lead.

On Windows it is msvcrt's lock on the first byte, elsewhere flock's on the whole file. The two do not see each other:
processes of both systems on one shared folder would both get it. Neither is reliable on a network drive.
"""

import sys
from typing import IO

if sys.platform == "win32":
    import msvcrt

    def try_to_lock(file: IO[str]) -> bool:
        """Whether this process has the file now; never waits. It is kept until the file is closed."""
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def try_to_lock(file: IO[str]) -> bool:
        """Whether this process has the file now; never waits. It is kept until the file is closed."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
