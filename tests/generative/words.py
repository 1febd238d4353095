"""Constants of random rules."""

from __future__ import annotations

CODES = ("male", "female")
SPANS = ("years", "months", "weeks", "days", "hours")
# By unit, from low to high; some in another unit than the value's.
LITERALS: dict[str | None, tuple[str, ...]] = {
    None: ("0", "1", "4.1", "5", "2", "-1"),
    "kg": ("0 kg", "1000 g", "4.1 kg", "5 kg"),
    "g": ("0 g", "2 g", "4100 g", "5 kg"),
    "cm": ("0 cm", "10 mm", "0.05 m", "8.2 cm"),
    "mg/L": ("0 mg/L", "0.41 mg/dL", "5 mg/L", "8.2 mg/L"),
    "mm/h": ("0 mm/h", "5 mm/h", "15 mm/h", "20 mm/h"),
    "%": ("0 %", "20 %", "50 %", "100 %"),
    "years": ("0 years", "17 years", "18 years", "76 years"),
    "months": ("0 months", "1 months", "2 months", "216 months"),
    "weeks": ("0 weeks", "1 weeks", "14 days", "8 weeks"),
    "days": ("0 days", "1 days", "2 weeks", "60 days"),
    "hours": ("0 hours", "8 hours", "1 days", "36 hours"),
}
PATTERNS = ("/ra.h/", "/^rash$/", "/alt[0-9]/", "/皮疹/", "/a|n/")
WORDS = ("rash", "ALT", "皮疹", "a", "Rash, skin", "crash")
