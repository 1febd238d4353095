"""Who reaches what: the clinical and endoscopic outcomes of the 94, as CDAI totals (in tenths) and SES-CD totals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cohort.draw import Draw
from cohort.fit import Moments, arrange, middle, settle

# Clinical outcome at week 12 of the 94: 24 both, 17 response only, 9 remission only, 27 neither, 17 without a CDAI.
CLINICAL = ("both",) * 24 + ("response",) * 17 + ("remission",) * 9 + ("neither",) * 27 + ("unseen",) * 17
SEEN = tuple(range(77))
REMISSION = tuple(i for i in SEEN if CLINICAL[i] in ("both", "remission"))
OTHERS = tuple(i for i in SEEN if i not in REMISSION)
# At most 220 at baseline: 23 of the 94.
MILD = (*range(8), *range(41, 49), *range(50, 55), 77, 78)
# Boundary cases (CDAI in tenths): falls of exactly 100 (one where binary fractions would give less), 99.9; week 12 at
# exactly 150 and just under; baseline at exactly 220.
FIXED = {22: (3120, 1499), 23: (2400, 1400), 24: (2847, 1847), 50: (2000, 1500), 56: (3103, 2104), 77: (2200, None)}
STRICT = tuple(i for i in SEEN if CLINICAL[i] in ("both", "response") and i not in (23, 24))
NOT_STRICT = tuple(i for i in SEEN if i not in STRICT)


@dataclass(frozen=True)
class Endoscopy:
    """SES-CD totals of one patient; `calm` says that no item of any segment is above 1 at week 12."""

    baseline: int | None
    week12: int | None = None
    calm: bool = False

    @property
    def remission(self) -> bool:
        """SES-CD of 4 or less, 2 or more below baseline, nothing above 1."""
        if self.baseline is None or self.week12 is None:
            return False
        return self.week12 <= 4 and self.baseline - self.week12 >= 2 and self.calm

    @property
    def response(self) -> bool:
        """A fall of half or more."""
        return self.baseline is not None and self.week12 is not None and 2 * self.week12 <= self.baseline


# Baseline and week 12 of the 36. 14 in remission (calm), 18 with a fall of half or more (some of exactly half), ten
# at 2 or less without ulcers. One at 2 and one at 4 are not calm; one fell only from 4 to 3.
_CALM = (
    (5, 0),
    (6, 0),
    (10, 0),
    (24, 0),
    (6, 1),
    (9, 1),
    (4, 2),
    (7, 2),
    (17, 2),
    (7, 3),
    (9, 3),
    (8, 4),
    (11, 4),
    (20, 4),
)
_HALVED = ((8, 2), (16, 4), (14, 7), (17, 8))
_LITTLE = (
    (4, 3), (8, 6), (10, 6), (11, 7), (12, 8), (13, 9), (14, 9), (14, 10), (15, 10), (15, 12), (16, 12), (17, 13),
    (17, 14), (18, 15), (19, 16), (21, 18), (22, 20), (30, 24),
)  # fmt: skip
PAIRS = tuple(Endoscopy(b, w, True) for b, w in _CALM) + tuple(Endoscopy(b, w) for b, w in _HALVED + _LITTLE)


def endoscopies(draw: Draw) -> list[Endoscopy]:
    """One for each of the 94: 36 pairs, 57 baselines alone, one without."""
    singles = [2, 2, *(draw.whole(2, 5) for _ in range(16)), *[6] * 7, *(draw.whole(7, 9) for _ in range(7)), *[10] * 4]
    singles += [*(draw.whole(11, 16) for _ in range(6)), 17, 17, *(draw.whole(18, 36) for _ in range(13))]
    profiles = [*PAIRS, *(Endoscopy(total) for total in singles), Endoscopy(None)]

    def cost(order: Sequence[Endoscopy]) -> float:
        def median(members: Sequence[int]) -> float:
            return middle([b for b in (order[i].baseline for i in members) if b is not None])

        missing = next(i for i, one in enumerate(order) if one.baseline is None)
        healed = sum(order[i].remission for i in REMISSION)
        severe = sum(one.remission for one in order[24:41]) + sum(one.remission for one in order[79:])
        away = 10 * (missing < 79) + 2 * abs(healed - 9) + 2 * max(0, severe - 2)
        return away + abs(median(REMISSION) - 7) + abs(median(OTHERS) - 12.5)

    return arrange(draw, profiles, cost)


def _baseline_bounds(i: int) -> tuple[int, int]:
    if i in FIXED:
        return FIXED[i][0], FIXED[i][0]
    if i in MILD:
        return {"both": (1350, 2200), "neither": (1250, 2200)}.get(CLINICAL[i], (800, 2200))
    return {"response": (2620, 6100), "remission": (2230, 2450)}.get(CLINICAL[i], (2203, 6100))


def _week12_bounds(i: int, baseline: int) -> tuple[int, int]:
    if i in FIXED:
        return FIXED[i][1] or 0, FIXED[i][1] or 0
    return {
        "both": (230, min(1498, baseline - 1002)),
        "response": (1502, baseline - 1003),
        "remission": (max(300, baseline - 997), 1497),
        "neither": (max(1503, baseline - 995), baseline + 600),
    }[CLINICAL[i]]


def baseline_cdai(draw: Draw, exams: Sequence[Endoscopy]) -> list[int]:
    """CDAI at baseline in tenths, with the printed means and SDs of all, of the 77, and by outcome."""
    healed = tuple(i for i, one in enumerate(exams) if one.remission)
    not_healed = tuple(i for i, one in enumerate(exams) if one.week12 is not None and not one.remission)
    goals = [
        Moments(tuple(range(94)), 2915.3, 992.6, 0.04),
        Moments(SEEN, 2824, 954),
        Moments(REMISSION, 2332, 687),
        Moments(OTHERS, 3194, 965),
        Moments(STRICT, 3186, 855),
        Moments(NOT_STRICT, 2453, 916),
        Moments(healed, 2116, 734),
        Moments(not_healed, 2814, 888),
    ]
    start = [round(draw.bell({"response": 4000, "remission": 1700}.get(group, 2800), 700)) for group in CLINICAL]
    return settle(draw, start, [_baseline_bounds(i) for i in range(94)], goals)


def week12_cdai(draw: Draw, baseline: Sequence[int]) -> list[int]:
    """CDAI at week 12 in tenths of the 77, with the printed mean, SD and interval of the change."""
    offsets = tuple(baseline[i] for i in SEEN)
    goals = [Moments(SEEN, 1847, 847), Moments(SEEN, 976.9, 585.5, 0.4, -1, offsets)]
    start = [round(draw.bell({"response": 2500, "neither": 2400}.get(CLINICAL[i], 1050), 500)) for i in SEEN]
    return settle(draw, start, [_week12_bounds(i, baseline[i]) for i in SEEN], goals)
