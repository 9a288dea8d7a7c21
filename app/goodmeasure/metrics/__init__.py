"""Many runs into one number or one series.

Belongs here: sums per day, week, project.
Does not: files, SQL, Qt.
May import: domain.
"""
