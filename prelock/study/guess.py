"""Tables proposed from data: what each column may be, marked as a guess, as YAML for a person to confirm."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath

Columns = Mapping[str, Sequence[str]]

YES, NO = ("yes", "y", "是", "有", "true"), ("no", "n", "否", "无", "false")
MISSING = {
    "not done": ("nd", "not done", "未查", "未做"),
    "not known": ("na", "n/a", "nk", "unk", "unknown", "不详", "未知", "-99", "-999", "."),
}
DAY = r"\d{4}-\d{1,2}(-\d{1,2})?|\d{4}/\d{1,2}/\d{1,2}"
FORMS = {
    "date": re.compile(DAY),
    "date and time": re.compile(rf"({DAY})([ T]\d{{1,2}}:\d{{2}}(:\d{{2}}(\.\d+)?)?Z?)?"),
    "whole number": re.compile(r"[+-]?\d{1,15}"),
    "number": re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?"),
    "result": re.compile(r"[<>≤≥]?=? ?[+-]?\d+(\.\d*)?"),
    "reference range": re.compile(r"\d+(\.\d*)? ?[-–~] ?\d+(\.\d*)?|[<>≤≥] ?\d+(\.\d*)?"),
}
PLAIN = re.compile(r"[^\W\d]\w*")
BARE = re.compile(r"[^\W_][\w ./%-]*(?<! )")
PATIENT = re.compile(r"patient|subject|usubjid|participant|患者|病人|住院号", re.IGNORECASE)
FEW = 12


def guess_study(tables: Mapping[str, Columns]) -> dict[str, str]:
    """`study.yaml` and `tables.yaml` for files of texts: {file: {header: texts}}."""
    patient = _patient_header(tables)
    first = _patient_table(tables, patient)
    names = {file: _name(PurePath(file).stem) for file in tables}
    blocks = [_table(file, names[file], columns, patient, file == first) for file, columns in tables.items()]
    head = "# Proposed from the columns of the data. Every type, code and key is a guess: confirm or correct each.\n"
    key = f"patient: {names[first]}.{_name(patient)}" if first and patient else "# patient: TABLE.COLUMN   (not found)"
    study = f"study: My study\nversion: 0.1.0\nlanguage: 1\n\n{key}      # a guess: the patient table and its key\n"
    return {"study.yaml": study, "tables.yaml": head + "".join(blocks)}


def _patient_header(tables: Mapping[str, Columns]) -> str:
    """The header that most tables share, one that names a patient first."""
    found = Counter(header for columns in tables.values() for header in columns)
    return max(found, key=lambda header: (bool(PATIENT.search(header)), found[header]), default="")


def _patient_table(tables: Mapping[str, Columns], patient: str) -> str | None:
    """The widest table with one row a patient."""
    ones = [file for file, columns in tables.items() if patient in columns and _unique([columns[patient]])]
    return max(ones, key=lambda file: len(tables[file]), default=None)


def _table(file: str, name: str, columns: Columns, patient: str, is_first: bool) -> str:
    lines = [f"\n{name}:", f"  file: {_scalar(file)}"]
    key = [patient] if is_first else _key(columns, patient)
    if key:
        shown = [_name(header) for header in key]
        lines.append(f"  one row for each: {shown[0] if len(shown) == 1 else '[' + ', '.join(shown) + ']'}")
    else:
        lines.append("  # one row for each: …      (no columns were found that tell the records apart)")
    if patient in columns and not is_first:
        lines.append("  patient without rows: unknown      # none: no row means that it did not happen")
    missing = _missing_codes(columns)
    if missing:
        shown_codes = ", ".join(f"{kind}: [{', '.join(map(_scalar, texts))}]" for kind, texts in missing.items())
        lines.append(f"  missing codes: {{{shown_codes}}}")
    lines.append("  columns:")
    known = {text for texts in missing.values() for text in texts}
    lines += [
        f"    {line}" for header, texts in columns.items() for line in _column(header, texts, known, header in key)
    ]
    return "\n".join(lines) + "\n"


def _column(header: str, texts: Sequence[str], known: set[str], is_key: bool) -> Iterator[str]:
    name = _name(header)
    parts = [] if name == header else [f"column: {_scalar(header)}"]
    parts += (
        ["type: text"] if is_key else _type(header, [t.strip() for t in texts if t.strip() and t.strip() not in known])
    )
    yield f"{name}: {parts[0].removeprefix('type: ')}" if len(parts) == 1 else f"{name}: {{{', '.join(parts)}}}"


def _type(header: str, texts: Sequence[str]) -> list[str]:
    """The column's type, with its codes where it seems to have some."""
    distinct = list(dict.fromkeys(texts))
    if not distinct:
        return ["type: text"]
    if re.search(r"(^|_)units?$|单位", header, re.IGNORECASE):
        return ["type: unit"]
    folded = {text.casefold() for text in distinct}
    if folded <= {*YES, *NO}:
        yes, no = ([t for t in distinct if t.casefold() in words] for words in (YES, NO))
        return ["type: yes/no", *(f"{k}: [{', '.join(map(_scalar, v))}]" for k, v in (("yes", yes), ("no", no)) if v)]
    for kind, form in FORMS.items():
        if all(form.fullmatch(text) for text in distinct):
            return [f"type: {kind}"]
    if len(distinct) <= FEW and len(distinct) * 3 <= len(texts) and all(BARE.fullmatch(text) for text in distinct):
        return ["type: code", f"values: [{', '.join(map(_scalar, distinct))}]"]
    return ["type: text"]


def _missing_codes(columns: Columns) -> dict[str, list[str]]:
    there = {text.strip() for texts in columns.values() for text in texts}
    found = {kind: sorted(text for text in there if text.casefold() in words) for kind, words in MISSING.items()}
    return {kind: texts for kind, texts in found.items() if texts}


def _key(columns: Columns, patient: str) -> list[str]:
    """A column that tells all records apart; or, with the patient's, as few as are needed of those that vary."""
    others = [header for header, texts in columns.items() if header != patient and len(set(texts)) > 1]
    start = [patient] if patient in columns else []
    pairs = [[*start, first, second] for place, first in enumerate(others) for second in others[place + 1 : place + 12]]
    candidates = [*([header] for header in others), *([*start, header] for header in others), *pairs]
    return next((key for key in candidates if _unique([columns[header] for header in key])), [])


def _unique(columns: Sequence[Sequence[str]]) -> bool:
    rows = list(zip(*columns, strict=True))
    return bool(rows) and len(set(rows)) == len(rows) and all(cell.strip() for row in rows for cell in row)


def _name(header: str) -> str:
    """A header as a name that rules can use."""
    name = re.sub(r"\W+", "_", header).strip("_") or "column"
    return name if PLAIN.fullmatch(name) else f"c_{name}"


def _scalar(text: str) -> str:
    """A text as YAML writes it, in quotes where it would read as something else."""
    return text if BARE.fullmatch(text) else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
