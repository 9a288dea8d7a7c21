CREATE TEMP TABLE run_edit_before AS SELECT * FROM run_edit;

DROP TABLE run_edit;

CREATE TABLE run_edit (
  id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  run_id INTEGER NOT NULL,
  other_id INTEGER,
  from_at INTEGER,
  undoes_id INTEGER,
  edited_at INTEGER NOT NULL,
  by_app INTEGER NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY(run_id) REFERENCES run (id),
  FOREIGN KEY(other_id) REFERENCES run (id),
  FOREIGN KEY(undoes_id) REFERENCES run_edit (id)
)
 STRICT;

INSERT INTO run_edit SELECT id, kind, run_id, other_id, from_at, undoes_id, edited_at, 0 FROM run_edit_before;

DROP TABLE run_edit_before;

CREATE INDEX run_edit_of_other ON run_edit (other_id);

CREATE INDEX run_edit_of_run ON run_edit (run_id);

CREATE TRIGGER run_edit_no_update BEFORE UPDATE ON run_edit
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE key = 'forgetting')
BEGIN SELECT RAISE(ABORT, 'run_edit is append-only'); END;

CREATE TRIGGER run_edit_no_delete BEFORE DELETE ON run_edit
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE key = 'forgetting')
BEGIN SELECT RAISE(ABORT, 'run_edit is append-only'); END;

CREATE TABLE split_due (
  run_id INTEGER NOT NULL,
  PRIMARY KEY (run_id)
)
 WITHOUT ROWID,
 STRICT;

INSERT INTO split_due SELECT run_id FROM run_summary;

CREATE TABLE guess (
  id INTEGER NOT NULL,
  run_id INTEGER NOT NULL,
  question TEXT NOT NULL,
  value TEXT,
  said_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY(run_id) REFERENCES run (id)
)
 STRICT;

CREATE INDEX guess_of_run ON guess (run_id);

CREATE TRIGGER guess_no_update BEFORE UPDATE ON guess
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE key = 'forgetting')
BEGIN SELECT RAISE(ABORT, 'guess is append-only'); END;

CREATE TRIGGER guess_no_delete BEFORE DELETE ON guess
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE key = 'forgetting')
BEGIN SELECT RAISE(ABORT, 'guess is append-only'); END;

CREATE TABLE run_work_salt (
  run_id INTEGER NOT NULL,
  salt BLOB NOT NULL,
  PRIMARY KEY (run_id),
  FOREIGN KEY(run_id) REFERENCES run (id)
)
 WITHOUT ROWID,
 STRICT;
