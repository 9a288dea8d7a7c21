CREATE TABLE team_roster (
  id INTEGER NOT NULL,
  digest BLOB NOT NULL,
  body BLOB NOT NULL,
  accepted_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (digest)
)
 STRICT;

CREATE TABLE team_file (
  id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  team_roster_id INTEGER NOT NULL,
  period TEXT NOT NULL,
  body BLOB NOT NULL,
  made_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (kind, team_roster_id, period),
  FOREIGN KEY(team_roster_id) REFERENCES team_roster (id)
)
 STRICT;

CREATE TRIGGER team_roster_no_update BEFORE UPDATE ON team_roster
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE key = 'forgetting')
BEGIN SELECT RAISE(ABORT, 'team_roster is append-only'); END;

CREATE TRIGGER team_roster_no_delete BEFORE DELETE ON team_roster
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE key = 'forgetting')
BEGIN SELECT RAISE(ABORT, 'team_roster is append-only'); END;

CREATE TRIGGER team_file_no_update BEFORE UPDATE ON team_file
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE key = 'forgetting')
BEGIN SELECT RAISE(ABORT, 'team_file is append-only'); END;

CREATE TRIGGER team_file_no_delete BEFORE DELETE ON team_file
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE key = 'forgetting')
BEGIN SELECT RAISE(ABORT, 'team_file is append-only'); END;
