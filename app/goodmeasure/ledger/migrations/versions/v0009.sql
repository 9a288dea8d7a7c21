CREATE TABLE audit_week (
  id INTEGER NOT NULL,
  week TEXT NOT NULL,
  salt BLOB NOT NULL,
  up_to INTEGER NOT NULL,
  link BLOB NOT NULL,
  head BLOB NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (week)
)
 STRICT;

CREATE TABLE frozen_period (
  id INTEGER NOT NULL,
  period TEXT NOT NULL,
  cells BLOB NOT NULL,
  frozen_at INTEGER NOT NULL,
  PRIMARY KEY (id)
)
 STRICT;

CREATE INDEX frozen_period_named ON frozen_period (period);

CREATE TABLE receipt (
  id INTEGER NOT NULL,
  week TEXT NOT NULL,
  filling BLOB NOT NULL,
  root BLOB NOT NULL,
  made_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (week)
)
 STRICT;

CREATE TABLE receipt_leaf (
  receipt_id INTEGER NOT NULL,
  place INTEGER NOT NULL,
  leaf BLOB NOT NULL,
  PRIMARY KEY (receipt_id, place),
  FOREIGN KEY(receipt_id) REFERENCES receipt (id)
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE receipt_run (
  run_id INTEGER NOT NULL,
  receipt_id INTEGER NOT NULL,
  place INTEGER NOT NULL,
  salt BLOB NOT NULL,
  record BLOB NOT NULL,
  PRIMARY KEY (run_id, receipt_id),
  FOREIGN KEY(run_id) REFERENCES run (id),
  FOREIGN KEY(receipt_id) REFERENCES receipt (id)
)
 WITHOUT ROWID,
 STRICT;

CREATE INDEX receipt_run_of_receipt ON receipt_run (receipt_id);

CREATE TABLE released_run (
  run_id INTEGER NOT NULL,
  period TEXT NOT NULL,
  PRIMARY KEY (run_id),
  FOREIGN KEY(run_id) REFERENCES run (id)
)
 WITHOUT ROWID,
 STRICT;

CREATE TRIGGER frozen_period_no_update BEFORE UPDATE ON frozen_period
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE key = 'forgetting')
BEGIN SELECT RAISE(ABORT, 'frozen_period is append-only'); END;

CREATE TRIGGER frozen_period_no_delete BEFORE DELETE ON frozen_period
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE key = 'forgetting')
BEGIN SELECT RAISE(ABORT, 'frozen_period is append-only'); END;

CREATE TRIGGER receipt_no_update BEFORE UPDATE ON receipt
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE key = 'forgetting')
BEGIN SELECT RAISE(ABORT, 'receipt is append-only'); END;

CREATE TRIGGER receipt_no_delete BEFORE DELETE ON receipt
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE key = 'forgetting')
BEGIN SELECT RAISE(ABORT, 'receipt is append-only'); END;

CREATE TRIGGER receipt_leaf_no_update BEFORE UPDATE ON receipt_leaf
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE key = 'forgetting')
BEGIN SELECT RAISE(ABORT, 'receipt_leaf is append-only'); END;

CREATE TRIGGER receipt_leaf_no_delete BEFORE DELETE ON receipt_leaf
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE key = 'forgetting')
BEGIN SELECT RAISE(ABORT, 'receipt_leaf is append-only'); END;

CREATE TRIGGER audit_week_no_update BEFORE UPDATE ON audit_week
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE key = 'forgetting')
BEGIN SELECT RAISE(ABORT, 'audit_week is append-only'); END;

CREATE TRIGGER audit_week_no_delete BEFORE DELETE ON audit_week
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE key = 'forgetting')
BEGIN SELECT RAISE(ABORT, 'audit_week is append-only'); END;
