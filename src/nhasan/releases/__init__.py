"""releases: what have we said in public?

Owns `Release`, `Distribution`, `CalendarEntry` and `Change`. May import processing, catalogue,
metadata, areas, organisations, engines, formats, storage and domain; of `observations` it knows
nothing but what processing hands on, protected.
"""
