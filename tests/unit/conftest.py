"""Puts this folder on the path, so that tests in every room find `declared`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
