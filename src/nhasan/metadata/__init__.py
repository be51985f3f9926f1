"""What is measured?

Owns code lists, correspondences, data structures, indicator sets and dataflows: artefacts
named `agency:id(version)`, frozen once in force. May import `areas`, `organisations` and
what lies beneath.
"""
