"""The twenty rules that every engine answers, and the sets and forms they name.

A rule fails a record only where it is surely broken: a missing cell (a null, or a float that is no number) leaves a
comparison open and fails nothing but `required`.
"""

from __future__ import annotations

from collections.abc import Mapping

CENTRES = tuple(f"C{n:02d}" for n in range(1, 41))
VISITS = ("SCR", "BL", "W04", "W08", "W12", "W24", "W52", "EOS")
ANALYTES = ("ALAT", "ASAT", "BILT", "CREA", "HB", "THR", "LEU", "NEUT", "GLU", "K", "NA", "CRP")
UNITS = ("U/L", "g/L", "mmol/L", "umol/L", "mg/L")
STATES = ("PERFORMED", "NOT PERFORMED")
SEXES = ("female", "male")
SUBJECT = "P[0-9]{3}-[0-9]{6}"
METHOD = "LAB-[A-Z]{3}[0-9]{3}"

RULES: Mapping[str, str] = {
    "R01": "sample is filled in",
    "R02": "sample is not repeated",
    "R03": "subject is filled in",
    "R04": f"subject has the form {SUBJECT}",
    "R05": f"centre is one of {len(CENTRES)}",
    "R06": f"visit is one of {len(VISITS)}",
    "R07": f"analyte is one of {len(ANALYTES)}",
    "R08": f"unit is one of {len(UNITS)}",
    "R09": f"state is one of {len(STATES)}",
    "R10": "result is from 0 to 5000",
    "R11": "lower is from 0 to 1000",
    "R12": "lower is at most upper",
    "R13": "age is from 18 to 100",
    "R14": f"sex is one of {len(SEXES)}",
    "R15": "weight is from 30 to 250",
    "R16": "collected is not before consent",
    "R17": "received is not before collected",
    "R18": "a result where state is PERFORMED",
    "R19": "a reason where state is NOT PERFORMED",
    "R20": f"method has the form {METHOD}",
}
# column: (the rule, its codes)
SETS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "centre": ("R05", CENTRES),
    "visit": ("R06", VISITS),
    "analyte": ("R07", ANALYTES),
    "unit": ("R08", UNITS),
    "state": ("R09", STATES),
    "sex": ("R14", SEXES),
}
# column: (the rule, the least value, the greatest)
RANGES: Mapping[str, tuple[str, float, float]] = {
    "result": ("R10", 0, 5000),
    "lower": ("R11", 0, 1000),
    "age": ("R13", 18, 100),
    "weight": ("R15", 30, 250),
}
# column: (the rule, its form)
FORMS: Mapping[str, tuple[str, str]] = {"subject": ("R04", SUBJECT), "method": ("R20", METHOD)}
# (the rule, the earlier date, the later one)
ORDERS: tuple[tuple[str, str, str], ...] = (("R16", "consent", "collected"), ("R17", "collected", "received"))
# (the rule, the cell that must be filled in, the state that demands it)
DEMANDED: tuple[tuple[str, str, str], ...] = (("R18", "result", STATES[0]), ("R19", "reason", STATES[1]))
