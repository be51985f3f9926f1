"""What data do we hold, and what of it is open?

Owns datasets and the catalogue records that list them. Nothing is released that is not
listed as open first. May import `metadata` and what lies beneath.
"""
