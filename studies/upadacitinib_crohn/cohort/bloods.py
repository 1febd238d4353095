"""Blood and stool values at baseline and week 12, in hundredths of the usual unit, with printed quartiles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cohort.after import Falls, week12_values
from cohort.draw import Draw
from cohort.fit import Moments, settle, spread
from cohort.person import Person

# CRP (mg/L): 59 pairs and 30 without week 12. 26 of 89 at most 5, one of them exactly.
_CRP_PAIRED = {
    0: 60,
    14: 280,
    15: 282,
    16: 330,
    17: 500,
    18: 530,
    29: 657,
    30: 690,
    42: 2090,
    43: 2231,
    44: 2323,
    58: 9640,
}
_CRP_ALONE = {0: 80, 6: 318, 7: 465, 8: 520, 13: 661, 14: 672, 15: 702, 22: 2080, 23: 2136, 24: 2410, 29: 8800}
# FC (ug/g): 54 pairs and 18 alone. 7 of 72 under 60; one exactly 60, which is not normal.
_FC_PAIRED = {0: 2140, 4: 5730, 5: 6000, 13: 13160, 14: 13176, 15: 14120, 25: 25800, 26: 26740, 27: 26854, 38: 45110,
              39: 46558, 40: 46638, 53: 158000}  # fmt: skip
_FC_ALONE = {0: 1980, 1: 5210, 2: 13382, 3: 13402, 4: 15010, 8: 25730, 9: 26430, 10: 26498, 11: 27730, 13: 45200,
             14: 46291, 15: 46331, 16: 61240, 17: 97000}  # fmt: skip
# ESR (mm/h): 42 of 85 at most 15, then seven from 16 to 20, normal in women only, then 36 over 20.
_ESR = {0: 2, 20: 6, 21: 7, 41: 15, 42: 16, 43: 16, 44: 17, 45: 18, 46: 19, 47: 20, 48: 20, 49: 21, 62: 32, 63: 33,
        64: 34, 84: 98}  # fmt: skip
QUARTILES: Mapping[str, tuple[int, int, Mapping[int, int]]] = {
    "HB": (93, 100, {0: 79, 23: 114, 46: 129, 69: 141, 92: 168}),
    "PLT": (93, 100, {0: 128, 23: 221, 46: 298, 69: 353, 92: 566}),
    "LYM": (75, 1, {0: 78, 6: 110, 18: 122, 19: 124, 37: 155, 55: 200, 56: 202, 74: 318}),
    "ALB": (79, 10, {0: 262, 16: 346, 17: 350, 19: 354, 20: 355, 39: 399, 58: 444, 59: 444, 78: 508}),
}


def all_values(draw: Draw, people: Sequence[Person]) -> None:
    """Give the 94, and then the other 23, their values."""
    analysed = list(people[:94])
    _paired(draw, analysed, "CRP", spread(draw, 59, _CRP_PAIRED), spread(draw, 30, _CRP_ALONE))
    _paired(draw, analysed, "FC", spread(draw, 54, _FC_PAIRED), spread(draw, 18, _FC_ALONE))
    _esr(draw, analysed)
    for test, (count, digit, anchors) in QUARTILES.items():
        for person, value in zip(draw.some(analysed, count), draw.shuffled(spread(draw, count, anchors)), strict=True):
            person.labs[test, "baseline"] = value * digit
    for test, mean, sd, low, high in (("WBC", 693, 214, 290, 1540), ("RBC", 466, 62, 310, 610)):
        start = [round(draw.bell(mean, sd)) for _ in range(93)]
        fitted = settle(draw, start, [(low, high)] * 93, [Moments(tuple(range(93)), mean, sd)])
        for person, value in zip(draw.some(analysed, 93), fitted, strict=True):
            person.labs[test, "baseline"] = value
    _others(draw, people)
    _changes(draw, analysed, "WBC", -35, 80)
    _changes(draw, analysed, "ALB", 240, 60)


def _paired(draw: Draw, people: Sequence[Person], test: str, paired: list[int], alone: list[int]) -> None:
    order = draw.some(people, len(paired) + len(alone))
    for person, value in zip(order, draw.shuffled(paired) + draw.shuffled(alone), strict=True):
        person.labs[test, "baseline"] = value
    _week12(draw, test, order[: len(paired)])
    # Some without a baseline value have one at week 12: they count only in the rival "any week 12 value".
    for person in [p for p in people if p not in order][: (len(people) - len(order)) // 2]:
        person.labs[test, "week 12"] = draw.pick(paired) // 2


def _week12(draw: Draw, test: str, pairs: Sequence[Person]) -> None:
    before = [p.labs[test, "baseline"] for p in pairs]
    if test == "CRP":
        # The 22nd, 30th and 38th fall are printed; one value at exactly 5, which is normal.
        at = {before.index(657): 500}
        wish = Falls(37, lambda i: 500, (166, 387, 699), (21, 7, 7, 21), 20, at=at)
    elif test == "FC":
        # The middle is 142.8; one value at exactly 60, which is not normal.
        at = {before.index(45110): 6000}
        wish = Falls(16, lambda i: 5999, (14190, 14370), (26, 0, 26), 1200, at=at)
    else:
        # Printed as 2.5, which 55 whole numbers can't have; 2 is taken.
        wish = Falls(39, lambda i: esr_limit(pairs[i]), (200,), (27, 27), 200, 100)
    for person, value in zip(pairs, week12_values(draw, before, wish), strict=True):
        person.labs[test, "week 12"] = value


def esr_limit(person: Person) -> int:
    """Upper limit of normal ESR, hundredths of mm/h."""
    return 1500 if person.sex == "male" else 2000


def _esr(draw: Draw, people: Sequence[Person]) -> None:
    values = [100 * value for value in spread(draw, 85, _ESR)]
    women, men = ([p for p in people if p.sex == sex] for sex in ("female", "male"))
    women, men = draw.shuffled(women), draw.shuffled(men)
    owners = [women.pop() for _ in range(5)] + [men.pop() for _ in range(2)] + [women.pop(), men.pop()]
    # Between 15 and 20 five women are normal (one at exactly 20) and two men raised; a man at exactly 15 is normal.
    edge = [1600, 1700, 1800, 2000, 2000, 1600, 1900, 2100, 1500]
    for value in edge:
        values.remove(value)
    owners += draw.some([*women, *men], len(values))
    for person, value in zip(owners, edge + draw.shuffled(values), strict=True):
        person.labs["ESR", "baseline"] = value
    _week12(draw, "ESR", draw.some(owners, 55))
    for person in [p for p in people if p not in owners][:4]:
        person.labs["ESR", "week 12"] = 100 * draw.whole(3, 40)


def _others(draw: Draw, people: Sequence[Person]) -> None:
    """Values of the 23 who are not analysed, and liver values of all."""
    typical = {"CRP": (60, 6000), "ESR": (300, 6000), "FC": (4000, 90000), "WBC": (420, 950), "RBC": (380, 560),
               "HB": (10000, 15500), "PLT": (15000, 42000), "LYM": (110, 260), "ALB": (3200, 4700)}  # fmt: skip
    for person in people[94:]:
        for test, (low, high) in typical.items():
            if draw.chance(0.85):
                digit = 100 if test in ("ESR", "HB", "PLT") else 10 if test == "ALB" else 1
                person.labs[test, "baseline"] = draw.whole(low, high) // digit * digit
    for person in people:
        person.labs["ALT", "baseline"] = 100 * draw.whole(8, 36)


def _changes(draw: Draw, people: Sequence[Person], test: str, mean: int, sd: int) -> None:
    """Week-12 values whose mean change from baseline is the printed one."""
    digit = 10 if test == "ALB" else 1
    known = [p for p in people if (test, "baseline") in p.labs]
    pairs = draw.some(known, 66)
    steps = [round(draw.bell(mean / digit, sd / digit)) for _ in pairs]
    steps[0] += round(mean * len(pairs) / digit) - sum(steps)
    for person, step in zip(pairs, steps, strict=True):
        person.labs[test, "week 12"] = max(150, person.labs[test, "baseline"] + step * digit)
