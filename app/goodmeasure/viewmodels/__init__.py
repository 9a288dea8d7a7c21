"""What a screen says.

Belongs here: frozen Filter in, frozen View out.
Does not: Qt, files, SQL.
May import: services, value, metrics, domain.
"""
