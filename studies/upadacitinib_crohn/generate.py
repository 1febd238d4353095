"""Write the synthetic cohort anew: `python generate.py [FOLDER]` (default: this folder).

Only the standard library is needed. The same files come out byte for byte on every machine and Python from 3.11 on.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from cohort.tables import make, write  # noqa: E402


def main() -> None:
    """Write `data/` below the folder that was named."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    write(make(), folder / "data")


if __name__ == "__main__":
    main()
