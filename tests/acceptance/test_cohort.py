"""The raw tables, recomputed by plain Python that shares no code with the program, give the paper's counts exactly."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import published_figures as paper
import pytest
from plain_cohort import BASELINE, cohort, excluded, normal, total
from plain_outcomes import PEOPLE, achieved, evaluable
from plain_tables import STUDY, code, day, days, rows, years


def test_the_flow() -> None:
    reasons = Counter(excluded(p) for p in cohort().values())
    assert len(cohort()) == paper.STARTED
    assert reasons == {"incomplete": paper.INCOMPLETE, "short": paper.NOT_YET_12_WEEKS, "": paper.ANALYSED}


@pytest.mark.parametrize("name", paper.OUTCOMES)
def test_each_outcome(name: str) -> None:
    judged = evaluable(name)
    assert (sum(achieved(name, p) for p in judged), len(judged)) == paper.OUTCOMES[name][:2]


def test_activity_and_raised_markers_at_baseline() -> None:
    scores = [total(p.at["SES-CD", BASELINE]) for p in PEOPLE.values() if ("SES-CD", BASELINE) in p.at]
    assert (sum(s >= 7 for s in scores), len(scores)) == paper.COUNTS["sescd_7_or_more"]
    cdai = [p.at["CDAI", BASELINE] for p in PEOPLE.values()]
    assert (sum(c > 220 for c in cdai), len(cdai)) == paper.COUNTS["cdai_over_220"]
    for test in ("CRP", "ESR", "FC"):
        known = [p for p in PEOPLE.values() if (test, BASELINE) in p.at]
        assert (sum(not normal(test, p, BASELINE) for p in known), len(known)) == paper.COUNTS[f"{test.lower()}_raised"]
    albumin = [p.at["ALB", BASELINE][0] for p in PEOPLE.values() if ("ALB", BASELINE) in p.at]
    assert (sum(a < 35 for a in albumin), len(albumin)) == paper.COUNTS["albumin_under_35"]


def of(name: str) -> list[dict[str, str]]:
    return [r for r in rows(name) if r["patient_id"] in PEOPLE]


def patients(found: list[dict[str, str]]) -> int:
    return len({r["patient_id"] for r in found})


def test_table_1_levels() -> None:
    columns = {"sex": "gender"}
    for name in ("sex", "smoking", "drinking", "montreal_age", "montreal_location", "montreal_behaviour"):
        levels = Counter(
            code(p.row[columns.get(name, name)]) if name != "montreal_age" else p.row[name] for p in PEOPLE.values()
        )
        assert levels == {k: n for k, n in paper.LEVELS[name][0].items() if n}, name
    assert sum(code(p.row["perianal"]) == "yes" for p in PEOPLE.values()) == paper.COUNTS["perianal"][0]
    for p in PEOPLE.values():
        at = years(day(p.row["birth_date"]), day(p.row["diagnosis_date"]))
        assert p.row["montreal_age"] == ("A1" if at <= 16 else "A2" if at <= 40 else "A3")


def test_operations() -> None:
    wanted = {"gi_operations": ("resection", "strictureplasty", "stoma"), "perianal_operations": ("perianal surgery",)}
    for name, kinds in wanted.items():
        counts = Counter(
            r["patient_id"]
            for r in of("procedures")
            if code(r["kind"]) in kinds and day(r["procedure_date"]) < PEOPLE[r["patient_id"]].first_dose
        )
        shown = Counter({1: "once", 2: "twice"}.get(n, "three or more") for n in counts.values())
        shown["none"] = len(PEOPLE) - len(counts)
        assert shown == paper.LEVELS[name][0]


def test_biologics() -> None:
    drugs: dict[str, set[str]] = {key: set() for key in PEOPLE}
    last: dict[str, tuple[object, str, str]] = {}
    for r in of("biologic_history"):
        stop = days(r["stop_date"])
        assert stop is not None
        drugs[r["patient_id"]].add(code(r["drug"]))
        entry = (stop[0], code(r["drug"]), code(r["stop_reason"]))
        last[r["patient_id"]] = max(last.get(r["patient_id"], entry), entry, key=lambda e: str(e[0]))
    for drug in ("infliximab", "adalimumab", "ustekinumab", "vedolizumab"):
        assert sum(drug in used for used in drugs.values()) == paper.COUNTS[f"prior_{drug}"][0]
    assert sum(not used for used in drugs.values()) == paper.COUNTS["no_prior_biologic"][0]
    assert sum(len(used) >= 2 for used in drugs.values()) == paper.COUNTS["two_or_more_biologics"][0]
    assert Counter(drug for _, drug, _ in last.values()) == paper.LEVELS["last_biologic"][0]
    reasons = Counter(("il" if drug == "ustekinumab" else "tnf", reason) for _, drug, reason in last.values())
    assert [reasons["tnf", "inadequate"], reasons["tnf", "intolerance"]] == [54, 9]
    assert [reasons["il", "inadequate"], reasons["il", "intolerance"]] == [18, 8]
    assert reasons["tnf", "adherence"] + reasons["il", "adherence"] == paper.COUNTS["poor_adherence"][0]


def test_illness_and_medicines() -> None:
    sick = [r for r in of("medical_history") if code(r["category"]) == "comorbidity"]
    assert patients(sick) == paper.COUNTS["any_comorbidity"][0] == len(sick)
    for name in ("hypertension", "ankylosing spondylitis", "hyperlipidemia", "IgA nephropathy", "psoriasis"):
        count = paper.COUNTS[name.lower().replace(" ", "_")][0]
        assert sum(code(r["condition"]) == name for r in sick) == count
    assert sum(code(r["T-SPOT.TB"]) == "positive" for r in of("screening")) == paper.COUNTS["tspot_positive"][0]

    def on(*names: str) -> list[dict[str, str]]:
        found = []
        for r in of("concomitant_medication"):
            first = PEOPLE[r["patient_id"]].first_dose
            if (
                code(r["drug"]) in names
                and day(r["start_date"]) <= first
                and (not r["stop_date"] or day(r["stop_date"]) >= first)
            ):
                found.append(r)
        return found

    steroids = on("prednisone", "methylprednisolone")
    assert patients(steroids) == paper.COUNTS["glucocorticoids"][0]
    assert patients([r for r in steroids if r["stop_date"]]) == paper.COUNTS["glucocorticoids_stopped"][0]
    assert [patients(on(d)) for d in ("azathioprine", "mesalazine", "metronidazole", "ciprofloxacin")] == [4, 2, 0, 0]
    hbv = {r["patient_id"] for r in of("screening") if code(r["HBsAg"]) == "positive"}
    assert len(hbv & {r["patient_id"] for r in on("entecavir")}) == paper.COUNTS["hbv_on_entecavir"][0] == len(hbv)
    assert (
        patients([r for r in of("concomitant_medication") if code(r["drug"]) == "hepatoprotective"])
        == paper.HEPATOPROTECTIVE
    )


KINDS = {
    "Tuberculosis": "结核", "Lymphopenia": "lymph|淋巴", "Hepatic disorder": "transaminase|转氨酶|alt",
    "Acne": "acne|痤疮",
    "Hyperlipidemia": "lipid|血脂|高脂", "Constipation": "constipation|便秘", "Herpes zoster": "zoster|疱疹",
    "Opportunistic infections": "infection|感染|毛囊",
}  # fmt: skip


def kind(term: str) -> str:
    found = [name for name, marks in KINDS.items() if any(mark in term.lower() for mark in marks.split("|"))]
    assert len(found) == 1, term
    return found[0]


def test_adverse_events() -> None:
    emergent = []
    for r in of("adverse_events"):
        first, last = days(r["onset_date"]) or (None, None)
        assert first is not None
        assert last is not None
        inside = [0 <= PEOPLE[r["patient_id"]].study_day(d) <= 98 for d in (first, last)]
        assert inside[0] == inside[1]
        if inside[0]:
            emergent.append(r)
    assert len(emergent) == paper.EVENTS
    assert patients(emergent) == paper.PATIENTS_WITH_EVENTS
    assert Counter(kind(r["term"]) for r in emergent) == {k: n for k, n in paper.ADVERSE_EVENTS.items() if n}
    assert len({(kind(r["term"]), r["patient_id"]) for r in emergent}) == paper.EVENTS
    grave = [
        r
        for r in emergent
        if code(r["action"]) == "withdrawn" or "yes" in (code(r["hospitalised"]), code(r["life_threatening"]))
    ]
    assert [kind(r["term"]) for r in grave] == ["Tuberculosis"]
    assert 84 < PEOPLE[grave[0]["patient_id"]].study_day(day(grave[0]["onset_date"])) <= 98
    parts = {
        "enteric": "enteric|肠道",
        "respiratory": "respiratory",
        "folliculitis": "毛囊|follic",
        "urinary": "urinary",
    }
    infections = [r for r in emergent if kind(r["term"]) == "Opportunistic infections"]
    shown = {
        name: sum(any(m in r["term"] for m in marks.split("|")) for r in infections) for name, marks in parts.items()
    }
    assert shown == paper.INFECTION_PARTS
    assert sum(code(r["action"]) == "interrupted" for r in infections) == paper.TEMPORARY_STOPS


@pytest.mark.parametrize("seed", ["0", "7"])
def test_generated_again_byte_for_byte(tmp_path: Path, seed: str) -> None:
    command = [sys.executable, str(STUDY / "generate.py"), str(tmp_path)]
    subprocess.run(command, check=True, env={"PYTHONHASHSEED": seed, "TZ": "Asia/Shanghai", "LC_ALL": "C"})
    for folder in ("data", "data_with_errors"):
        made = {f.name: f.read_bytes() for f in sorted((tmp_path / folder).iterdir())}
        assert made == {f.name: f.read_bytes() for f in sorted((STUDY / folder).glob("*.csv"))}
