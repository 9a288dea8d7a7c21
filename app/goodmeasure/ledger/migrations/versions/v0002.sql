CREATE TABLE telemetry_refusal (
  reason TEXT NOT NULL,
  count INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY (reason)
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE telemetry_feed (
  source TEXT NOT NULL,
  source_file_id INTEGER NOT NULL,
  requests INTEGER NOT NULL,
  metrics INTEGER NOT NULL,
  calls INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY (source),
  FOREIGN KEY(source_file_id) REFERENCES source_file (id)
)
 WITHOUT ROWID,
 STRICT;

CREATE INDEX generation_by_telemetry ON generation (recorded_at) WHERE flags & 32;

CREATE TABLE telemetry_event (
  "key" BLOB NOT NULL,
  session_id INTEGER NOT NULL,
  PRIMARY KEY ("key"),
  FOREIGN KEY(session_id) REFERENCES session (id)
)
 WITHOUT ROWID,
 STRICT;

CREATE INDEX telemetry_event_of_session ON telemetry_event (session_id);

CREATE TABLE telemetry_call (
  "key" BLOB NOT NULL,
  generation_id INTEGER NOT NULL,
  PRIMARY KEY ("key"),
  FOREIGN KEY(generation_id) REFERENCES generation (id)
)
 WITHOUT ROWID,
 STRICT;

CREATE INDEX telemetry_call_of_generation ON telemetry_call (generation_id);
