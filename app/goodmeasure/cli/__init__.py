"""What would be meaningless without a terminal.

Belongs here: commands, options, tables, exit codes.
Does not: Qt, SQL.
May import: bootstrap, services.
"""
