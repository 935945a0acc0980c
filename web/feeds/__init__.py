"""Any query to subscribe to and to take along: RSS, Atom, JSON Feed, a spreadsheet.

Reads results; does not search in its own way and never gives a whole text away.
"""
