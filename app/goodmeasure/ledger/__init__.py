"""What would change if we left SQLite.

Belongs here: schema, migrations, reads, writes, encryption, backup.
Does not: formats, what a number means, Qt.
May import: domain, SQLAlchemy, sqlcipher3.
"""
