"""Write the synthetic cohort anew: `python generate.py [FOLDER]` (default: this folder).

Only the standard library is needed. The same files come out byte for byte on every machine and Python from 3.11 on.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from cohort.tables import make, spoiled, write  # noqa: E402


def main() -> None:
    """Write `data/`, `data_with_errors/` and `planted_errors.csv` below the folder that was named."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    tables, everyone = make()
    write(tables, folder / "data")
    planting = spoiled(tables, everyone)
    write(planting.tables, folder / "data_with_errors", planting.broken)
    write({"planted_errors": planting.log}, folder)


if __name__ == "__main__":
    main()
