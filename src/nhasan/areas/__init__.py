"""Where, and how was the map drawn that day?

Owns areas with their dates, the changes between maps, and jurisdictions. May import
`organisations` and what lies beneath.
"""
