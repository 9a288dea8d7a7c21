"""What would keep its meaning if there were no computer.

Belongs here: records, enums and periods.
Does not: files, clocks, SQL, Qt.
May import: the standard library only.
"""
