"""Operations and confirming examinations, comorbidities, screening for infections, other medicines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from cohort.draw import Draw
from cohort.events import Event
from cohort.exams import Exam
from cohort.person import Person
from cohort.spelling import dated, yes_no

Row = dict[str, str]
COMORBIDITIES = (
    ("hypertension",) * 3 + ("ankylosing spondylitis",) * 3 + ("hyperlipidemia", "IgA nephropathy", "psoriasis")
)
CHINESE = {"hypertension": "高血压", "ankylosing spondylitis": "强直性脊柱炎", "psoriasis": "银屑病"}


def operations(draw: Draw, people: Sequence[Person]) -> dict[int, list[tuple[str, int]]]:
    """For each slot the operations and their days: 11, 7 and 4 patients with one, two, three; 30, 3 and 1 perianal."""
    analysed = people[:94]
    cut = draw.some([p for p in analysed if p.behaviour != "B1"], 22)
    found: dict[int, list[tuple[str, int]]] = {p.slot: [] for p in people}
    for person, count in zip(cut, [1] * 11 + [2] * 7 + [3, 3, 3, 4], strict=True):
        kinds = ["resection", *(draw.pick(["resection", "strictureplasty", "stoma"]) for _ in range(count - 1))]
        found[person.slot] += [(kind, -draw.whole(40, 1500) - 400 * i) for i, kind in enumerate(kinds)]
        if person.location in ("L3", "L3+4") and draw.chance(0.5):
            person.resected = frozenset({"right colon"})
    fistulas = draw.some([p for p in analysed if p.perianal], 34)
    for person, count in zip(fistulas, [1] * 30 + [2] * 3 + [3], strict=True):
        found[person.slot] += [("perianal surgery", -draw.whole(30, 1400) - 200 * i) for i in range(count)]
    others = [p for p in analysed if not found[p.slot]]
    for person in others[:5]:
        found[person.slot].append(("other abdominal", -draw.whole(200, 1800)))
    for person in [p for p in others[5:] if p.horizon >= 110][:2]:
        found[person.slot].append(("perianal surgery", draw.whole(86, 108)))
    for person in people[95:100]:
        found[person.slot].append((draw.pick(["resection", "perianal surgery"]), -draw.whole(100, 1500)))
    return found


def procedure_rows(
    draw: Draw, people: Sequence[Person], done: dict[int, list[tuple[str, int]]], exams: Sequence[Exam]
) -> list[Row]:
    """Operations, and the examination that confirmed active disease in each patient; in some an older quiet one."""
    rows: list[Row] = []
    first_exam = {e.person.slot: e for e in exams if -28 <= e.day <= 0 and e.wish.total == e.person.endoscopy.baseline}

    def add(person: Person, kind: str, day: int, finding: str = "") -> None:
        row = {"proc_id": f"P{len(rows) + 1:04d}", "patient_id": person.key, "kind": kind}
        rows.append({**row, "procedure_date": dated(draw, person.on(day)), "finding": finding})

    names = {
        "resection": "肠切除术",
        "strictureplasty": "狭窄成形术",
        "stoma": "造口术",
        "perianal surgery": "肛周手术",
    }
    for person in sorted(people, key=lambda p: p.number):
        for kind, day in sorted(done[person.slot], key=lambda k: k[1]):
            add(person, names[kind] if kind in names and draw.chance(0.5) else kind, day)
        if draw.chance(0.2):
            add(person, "结肠镜", -draw.whole(190, 500), draw.pick(["缓解期CD", "inactive CD"]))
        active = draw.pick(["active CD", "活动期CD", "活动性克罗恩病"])
        if person.slot in first_exam:
            add(person, draw.pick(["结肠镜", "ileocolonoscopy"]), first_exam[person.slot].day, active)
        else:
            add(person, "病理活检", -183 if person.slot < 94 else -60, active)
    return rows


def history_rows(draw: Draw, people: Sequence[Person]) -> list[Row]:
    """Nine patients with one comorbidity each; past illnesses and, in women, pregnancies."""
    rows: list[Row] = []

    def add(person: Person, category: str, condition: str, onset: date, severe: bool = False) -> None:
        row = {"mh_id": f"H{len(rows) + 1:03d}", "patient_id": person.key, "category": category, "condition": condition}
        rows.append({**row, "onset_date": dated(draw, onset), "severe": yes_no(draw, severe)})

    older = [p for p in people[:94] if (p.first_dose - p.birth).days > 25 * 365]
    for person, condition in zip(draw.some(older, 9), COMORBIDITIES, strict=True):
        shown = CHINESE.get(condition, condition) if draw.chance(0.5) else condition
        add(person, draw.pick(["comorbidity", "合并症"]), shown, person.on(-draw.whole(200, 1800)))
    for person in draw.some(people, 8):
        add(person, "past", draw.pick(["阑尾炎", "appendicitis", "kidney stones"]), person.on(-draw.whole(900, 3000)))
    women = [p for p in people if p.sex == "female" and (p.first_dose - p.birth).days > 30 * 365]
    for person in women[:7]:
        add(
            person,
            draw.pick(["obstetric", "孕产史"]),
            draw.pick(["分娩", "childbirth"]),
            person.on(-draw.whole(400, 1800)),
        )
    return rows


def screening_rows(draw: Draw, people: Sequence[Person]) -> tuple[list[Row], list[Person], list[Person]]:
    """T-SPOT positive in 4 and HBsAg in 2 of the 94; also who these are."""
    tspot, hbv = draw.some(people[:94], 4), draw.some(people[:94], 2)
    rows = []
    for person in sorted(people, key=lambda p: p.number):
        plus, minus = draw.pick([("阳性", "阴性"), ("positive", "negative"), ("+", "-")])
        rows.append(
            {
                "patient_id": person.key,
                "T-SPOT.TB": plus if person in tspot else minus,
                "HBsAg": plus if person in hbv else minus,
            }
        )
    return rows, tspot, hbv


def medication_rows(
    draw: Draw, people: Sequence[Person], events: Sequence[Event], tspot: Sequence[Person], hbv: Sequence[Person]
) -> list[Row]:
    """Five on glucocorticoids (three tapered off, two go on), azathioprine 4, mesalazine 2; and what does not count."""
    rows: list[Row] = []

    def add(person: Person, drug: str, start: int, stop: int | None, mg: int) -> None:
        row = {"med_id": f"M{len(rows) + 1:03d}", "patient_id": person.key, "drug": drug}
        end = None if stop is None else person.on(stop)
        rows.append(
            {**row, "start_date": dated(draw, person.on(start)), "stop_date": dated(draw, end), "daily_mg": str(mg)}
        )

    able = draw.shuffled([p for p in people[:94] if p.horizon >= 100])
    for person, stop in zip(able[:3], (35, 56, 84), strict=True):
        add(person, draw.pick(["prednisone", "泼尼松"]), -draw.whole(20, 60), stop, 20)
    add(able[3], "泼尼松", -90, None, 5)
    add(able[4], "甲泼尼龙", -75, None, 4)
    for person in able[5:9]:
        add(person, draw.pick(["azathioprine", "AZA", "硫唑嘌呤"]), -draw.whole(100, 400), draw.pick([None, 90]), 50)
    for person in able[9:11]:
        add(person, draw.pick(["美沙拉嗪", "mesalazine"]), -draw.whole(100, 400), None, 3000)
    for person in able[11:16]:
        add(person, draw.pick(["prednisone", "泼尼松"]), -160, -draw.whole(1, 60), 30)
    add(able[16], "metronidazole", -40, -30, 1200)
    add(able[17], "环丙沙星", 30, 40, 1000)
    add(able[18], "硫唑嘌呤", 20, None, 50)
    for person in tspot:
        add(person, "异烟肼", -30, None, 300)
    for person in hbv:
        add(person, "恩替卡韦", -14, None, 1)
    liver = next(e for e in events if e.what == "hepatic" and e.day < 90)
    add(liver.person, "复方甘草酸苷", liver.day + 1, liver.day + 15, 150)
    for person in able[19:29]:
        add(person, draw.pick(["iron", "铁剂"]), -draw.whole(1, 30), None, 100)
    return rows
