"""Parts of the administration: people, absences, hand-over, keys, rules, limits, messages,
units.
"""
