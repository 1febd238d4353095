"""A synthetic cohort whose tables, read by the study's own rules, give exactly the counts that the paper prints.

No patient of the paper is in it: every value is drawn by a seeded generator and then nudged to the printed figures.
"""
