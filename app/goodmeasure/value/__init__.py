"""What a run was worth.

Belongs here: taxonomy, sampling, rules, evidence grades, aggregation.
Does not: files, SQL, Qt.
May import: domain.
"""
