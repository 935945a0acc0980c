"""What faults do: crashes, kills, write errors, damage, races and hours of use, in one report.

Does not test single functions; tests/ does.
"""
