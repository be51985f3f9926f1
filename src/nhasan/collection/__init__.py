"""Who must report what, when, and what came in?

Owns forms and their versions, rounds, assignments, drafts, submissions and reviews. May
import `catalogue`, `metadata`, `areas`, `organisations`, `formats`, `storage`, `domain`.
"""
