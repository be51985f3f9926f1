"""What do we know, and since when?

Owns the observation store: one value at one key, with two clocks. What was reported is
superseded, never erased. May import `collection`, `metadata` and what lies beneath.
"""
