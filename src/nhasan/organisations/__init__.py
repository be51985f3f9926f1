"""Who acts, with what authority, and who did what?

Owns units, users, role assignments and the audit trail. May import `domain`.
"""
