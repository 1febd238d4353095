"""Endoscopies whose items add up to a wanted SES-CD and keep its rules: an ulcer has a surface, an ulcerated segment is
affected, a narrowing that can't be passed hides what lies above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cohort.draw import Draw
from cohort.person import Person

SEGMENTS = ("ileum", "right colon", "transverse", "left colon", "rectum")
ITEMS = ("ulcer_size", "ulcerated_surface", "affected_surface", "narrowing")
ULCER = ITEMS[:2]
Scores = dict[tuple[str, str], int]


@dataclass(frozen=True)
class Wish:
    """What an examination should show: its total, whether all items are at most 1 (`calm` True) or some above."""

    total: int
    calm: bool | None = None
    ulcers: bool | None = None
    impassable: str | None = None


def examine(draw: Draw, person: Person, wish: Wish, statuses: dict[str, str]) -> Scores:
    """Scores of the explored segments that fulfil the wish."""
    open_segments = [s for s in SEGMENTS if statuses[s] == "explored"]
    diseased = _diseased(person, open_segments)
    for attempt in range(400):
        size = min(len(diseased), max(1, -(-wish.total // 7)) + draw.whole(0, 2))
        chosen = draw.some(diseased if attempt < 200 else open_segments, size)
        if wish.impassable and wish.impassable not in chosen:
            chosen.append(wish.impassable)
        scores = _grow(draw, wish, chosen, {(s, i): 0 for s in open_segments for i in ITEMS})
        if scores is not None and _fits(wish, scores):
            return scores
    raise AssertionError(f"no endoscopy with {wish}")


def _diseased(person: Person, segments: Sequence[str]) -> list[str]:
    if person.location == "L1" and "ileum" in segments:
        return ["ileum"]
    return [s for s in segments if s != "ileum"] if person.location.startswith("L2") else list(segments)


def _fits(wish: Wish, scores: Scores) -> bool:
    top = max(scores.values())
    if wish.calm is not None and (top <= 1) != wish.calm:
        return False
    ulcerated = any(scores[key] for key in scores if key[1] == "ulcerated_surface")
    return sum(scores.values()) == wish.total and wish.ulcers in (None, ulcerated)


def _grow(draw: Draw, wish: Wish, segments: Sequence[str], scores: Scores) -> Scores | None:
    left, cap = wish.total, 1 if wish.calm else 3
    if wish.impassable:
        scores[wish.impassable, "narrowing"] = 3
        left -= 3
    if wish.ulcers and left >= 3:
        left -= _ulcerate(scores, draw.pick(segments))
    while left:
        moves = [(s, i) for s in segments for i in ITEMS if _cost(scores, s, i, cap, wish) in range(1, left + 1)]
        if not moves:
            return None
        segment, item = draw.pick(moves)
        if item in ULCER and not scores[segment, item]:
            left -= _ulcerate(scores, segment)
        else:
            scores[segment, item] += 1
            left -= 1
    return scores


def _cost(scores: Scores, segment: str, item: str, cap: int, wish: Wish) -> int:
    now = scores[segment, item]
    if now >= (min(cap, 2) if item == "narrowing" else cap) or (item in ULCER and wish.ulcers is False):
        return 0
    return 1 if item not in ULCER or now else 2 + (scores[segment, "affected_surface"] == 0)


def _ulcerate(scores: Scores, segment: str) -> int:
    fresh = [(segment, i) for i in ITEMS[:3] if scores[segment, i] == 0]
    for key in fresh:
        scores[key] = 1
    return len(fresh)


def seen(draw: Draw, person: Person, wish: Wish) -> dict[str, str]:
    """Which segments were explored, resected, or not reached in an examination."""
    statuses = {s: "resected" if s in person.resected else "explored" for s in SEGMENTS}
    if wish.impassable:
        for segment in SEGMENTS[: SEGMENTS.index(wish.impassable)]:
            if statuses[segment] == "explored":
                statuses[segment] = "not reached"
    elif person.location != "L1" and wish.total <= 20 and draw.chance(0.06) and statuses["ileum"] == "explored":
        statuses["ileum"] = "not reached"
    return statuses
