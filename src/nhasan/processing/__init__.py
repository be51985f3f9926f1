"""processing: what does it add up to, and what may be shown?

Owns `Plan`, `DisclosurePolicy` and `ProcessingRun`. May import observations, metadata, areas,
organisations, engines, storage and domain.
"""
