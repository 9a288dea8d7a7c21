CREATE TABLE audit_entry (
  id INTEGER NOT NULL,
  entered_at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  subject BLOB NOT NULL,
  previous BLOB NOT NULL,
  chain BLOB NOT NULL,
  PRIMARY KEY (id)
)
 STRICT;

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

CREATE TABLE dirty_bucket (
  bucket INTEGER NOT NULL,
  PRIMARY KEY (bucket)
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE dirty_run (
  run_id INTEGER NOT NULL,
  PRIMARY KEY (run_id)
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE draw (
  id INTEGER NOT NULL,
  drawn_on TEXT NOT NULL,
  drawn_at INTEGER NOT NULL,
  seed BLOB NOT NULL,
  costly_from_micros INTEGER,
  PRIMARY KEY (id),
  UNIQUE (drawn_on)
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

CREATE TABLE known_signer (
  id INTEGER NOT NULL,
  name TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  public_key BLOB NOT NULL,
  first_seen_at INTEGER NOT NULL,
  confirmed_at INTEGER,
  PRIMARY KEY (id),
  UNIQUE (fingerprint)
)
 STRICT;

CREATE INDEX known_signer_name ON known_signer (name);

CREATE TABLE meta (
  "key" TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY ("key")
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE model (
  id INTEGER NOT NULL,
  provider TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (provider, name)
)
 STRICT;

CREATE TABLE project (
  id INTEGER NOT NULL,
  root TEXT NOT NULL,
  name TEXT NOT NULL,
  cost_center TEXT,
  PRIMARY KEY (id),
  UNIQUE (root)
)
 STRICT;

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

CREATE TABLE received_report (
  id INTEGER NOT NULL,
  sha256 BLOB NOT NULL,
  body BLOB NOT NULL,
  signature BLOB NOT NULL,
  fingerprint TEXT NOT NULL,
  period TEXT NOT NULL,
  level TEXT NOT NULL,
  expires_after TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (sha256, fingerprint)
)
 STRICT;

CREATE TABLE release (
  id INTEGER NOT NULL,
  level TEXT NOT NULL,
  period TEXT NOT NULL,
  audience TEXT NOT NULL,
  purpose TEXT NOT NULL,
  expires_after TEXT NOT NULL,
  body BLOB NOT NULL,
  signature BLOB NOT NULL,
  sha256 BLOB NOT NULL,
  released_at INTEGER NOT NULL,
  restates_id INTEGER,
  PRIMARY KEY (id),
  FOREIGN KEY(restates_id) REFERENCES release (id)
)
 STRICT;

CREATE INDEX release_of_period ON release (period, level);

CREATE TABLE roll_up (
  id INTEGER NOT NULL,
  period TEXT NOT NULL,
  body BLOB NOT NULL,
  members TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  PRIMARY KEY (id)
)
 STRICT;

CREATE TABLE rule (
  id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  fact TEXT NOT NULL,
  value TEXT NOT NULL,
  folder TEXT,
  repository TEXT,
  branch TEXT,
  source TEXT,
  tool TEXT,
  made_at INTEGER NOT NULL,
  PRIMARY KEY (id)
)
 STRICT;

CREATE TABLE source_file (
  id INTEGER NOT NULL,
  path TEXT NOT NULL,
  source TEXT NOT NULL,
  device INTEGER NOT NULL,
  inode INTEGER NOT NULL,
  size_bytes INTEGER NOT NULL,
  mtime_ns INTEGER NOT NULL,
  offset_bytes INTEGER NOT NULL,
  head_hash BLOB,
  reader_state BLOB,
  lines INTEGER NOT NULL,
  unreadable INTEGER NOT NULL,
  unknown INTEGER NOT NULL,
  read_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (path)
)
 STRICT;

CREATE TABLE split_due (
  run_id INTEGER NOT NULL,
  PRIMARY KEY (run_id)
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE team_roster (
  id INTEGER NOT NULL,
  digest BLOB NOT NULL,
  body BLOB NOT NULL,
  accepted_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (digest)
)
 STRICT;

CREATE TABLE telemetry_refusal (
  reason TEXT NOT NULL,
  count INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY (reason)
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE tool (
  id INTEGER NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (name, kind)
)
 STRICT;

CREATE TABLE usage_bucket (
  bucket INTEGER NOT NULL,
  source TEXT NOT NULL,
  project_id INTEGER NOT NULL,
  model_id INTEGER NOT NULL,
  generations INTEGER NOT NULL,
  input_tokens INTEGER,
  cache_read_tokens INTEGER,
  cache_write_5m_tokens INTEGER,
  cache_write_1h_tokens INTEGER,
  output_tokens INTEGER,
  reasoning_tokens INTEGER,
  cost_micros INTEGER,
  unpriced_generations INTEGER NOT NULL,
  estimated_generations INTEGER NOT NULL,
  output_lower_bound_generations INTEGER NOT NULL,
  PRIMARY KEY (bucket, source, project_id, model_id)
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE file_issue (
  id INTEGER NOT NULL,
  source_file_id INTEGER NOT NULL,
  line INTEGER,
  what TEXT NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY(source_file_id) REFERENCES source_file (id)
)
 STRICT;

CREATE INDEX file_issue_of_file ON file_issue (source_file_id);

CREATE TABLE finding_dismissal (
  id INTEGER NOT NULL,
  detector TEXT NOT NULL,
  project_id INTEGER,
  dismissed_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY(project_id) REFERENCES project (id)
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

CREATE TABLE run (
  id INTEGER NOT NULL,
  "key" TEXT NOT NULL,
  source TEXT NOT NULL,
  root_session_id INTEGER NOT NULL,
  project_id INTEGER,
  merged_into_id INTEGER,
  PRIMARY KEY (id),
  UNIQUE ("key"),
  FOREIGN KEY(project_id) REFERENCES project (id),
  FOREIGN KEY(merged_into_id) REFERENCES run (id)
)
 STRICT;

CREATE INDEX run_merged_into ON run (merged_into_id);

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

CREATE TABLE unknown_record (
  source_file_id INTEGER NOT NULL,
  type TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (source_file_id, type),
  FOREIGN KEY(source_file_id) REFERENCES source_file (id)
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE assessment (
  id INTEGER NOT NULL,
  run_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  value TEXT,
  source TEXT NOT NULL,
  collected TEXT NOT NULL,
  inclusion_probability REAL,
  assessed_at INTEGER NOT NULL,
  answer_seconds REAL,
  suggested TEXT,
  supersedes_id INTEGER,
  taxonomy_version INTEGER NOT NULL,
  PRIMARY KEY (id),
  CHECK (inclusion_probability IS NULL OR (inclusion_probability > 0 AND inclusion_probability <= 1)),
  FOREIGN KEY(run_id) REFERENCES run (id),
  FOREIGN KEY(supersedes_id) REFERENCES assessment (id)
)
 STRICT;

CREATE INDEX assessment_of_run ON assessment (run_id);

CREATE TABLE draw_run (
  run_id INTEGER NOT NULL,
  draw_id INTEGER NOT NULL,
  stratum TEXT NOT NULL,
  inclusion_probability REAL NOT NULL,
  drawn INTEGER NOT NULL,
  PRIMARY KEY (run_id),
  CHECK (inclusion_probability > 0 AND inclusion_probability <= 1),
  FOREIGN KEY(run_id) REFERENCES run (id),
  FOREIGN KEY(draw_id) REFERENCES draw (id)
)
 WITHOUT ROWID,
 STRICT;

CREATE INDEX draw_run_of_draw ON draw_run (draw_id);

CREATE TABLE evidence (
  id INTEGER NOT NULL,
  run_id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  reference TEXT NOT NULL,
  repository TEXT,
  link TEXT NOT NULL,
  containment REAL,
  found_at INTEGER NOT NULL,
  landed_at INTEGER,
  reverted_at INTEGER,
  survival_14_days REAL,
  survival_30_days REAL,
  dismissed_at INTEGER,
  PRIMARY KEY (id),
  UNIQUE (run_id, kind, reference),
  FOREIGN KEY(run_id) REFERENCES run (id)
)
 STRICT;

CREATE TABLE evidence_check (
  run_id INTEGER NOT NULL,
  checked_at INTEGER NOT NULL,
  state TEXT NOT NULL,
  PRIMARY KEY (run_id),
  FOREIGN KEY(run_id) REFERENCES run (id)
)
 WITHOUT ROWID,
 STRICT;

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

CREATE INDEX run_edit_of_other ON run_edit (other_id);

CREATE INDEX run_edit_of_run ON run_edit (run_id);

CREATE TABLE run_fact (
  run_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  rule_id INTEGER,
  decided_at INTEGER NOT NULL,
  PRIMARY KEY (run_id, name),
  FOREIGN KEY(run_id) REFERENCES run (id),
  FOREIGN KEY(rule_id) REFERENCES rule (id)
)
 WITHOUT ROWID,
 STRICT;

CREATE INDEX run_fact_of_rule ON run_fact (rule_id);

CREATE TABLE run_part (
  run_id INTEGER NOT NULL,
  cwd TEXT,
  git_branch TEXT,
  project_id INTEGER,
  PRIMARY KEY (run_id),
  FOREIGN KEY(run_id) REFERENCES run (id),
  FOREIGN KEY(project_id) REFERENCES project (id)
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE run_summary (
  run_id INTEGER NOT NULL,
  source TEXT NOT NULL,
  started_at INTEGER,
  ended_at INTEGER,
  duration_ms INTEGER,
  title TEXT,
  project TEXT,
  model TEXT,
  total_tokens INTEGER,
  generations INTEGER NOT NULL,
  input_tokens INTEGER,
  cache_read_tokens INTEGER,
  cache_write_5m_tokens INTEGER,
  cache_write_1h_tokens INTEGER,
  output_tokens INTEGER,
  reasoning_tokens INTEGER,
  cost_micros INTEGER,
  unpriced_generations INTEGER NOT NULL,
  estimated_generations INTEGER NOT NULL,
  output_lower_bound_generations INTEGER NOT NULL,
  models TEXT NOT NULL,
  tool_calls INTEGER NOT NULL,
  prompts INTEGER NOT NULL,
  errors INTEGER NOT NULL,
  outcome TEXT,
  outcome_at INTEGER,
  need TEXT,
  cost_center TEXT,
  work_kind TEXT,
  data_class TEXT,
  autonomy TEXT,
  PRIMARY KEY (run_id),
  FOREIGN KEY(run_id) REFERENCES run (id)
)
 STRICT;

CREATE INDEX run_summary_cost ON run_summary (cost_micros);

CREATE INDEX run_summary_duration ON run_summary (duration_ms);

CREATE INDEX run_summary_model ON run_summary (model);

CREATE INDEX run_summary_source ON run_summary (source, ended_at);

CREATE INDEX run_summary_started ON run_summary (started_at);

CREATE INDEX run_summary_tokens ON run_summary (total_tokens);

CREATE TABLE run_work (
  run_id INTEGER NOT NULL,
  path TEXT NOT NULL,
  line_hashes BLOB NOT NULL,
  commits TEXT NOT NULL,
  PRIMARY KEY (run_id, path),
  FOREIGN KEY(run_id) REFERENCES run (id)
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE run_work_salt (
  run_id INTEGER NOT NULL,
  salt BLOB NOT NULL,
  PRIMARY KEY (run_id),
  FOREIGN KEY(run_id) REFERENCES run (id)
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE session (
  id INTEGER NOT NULL,
  source TEXT NOT NULL,
  native_id TEXT NOT NULL,
  parent_id INTEGER,
  relation TEXT,
  run_id INTEGER NOT NULL,
  project_id INTEGER,
  started_at INTEGER,
  ended_at INTEGER,
  cwd TEXT,
  git_branch TEXT,
  git_repository TEXT,
  agent_version TEXT,
  entrypoint TEXT,
  title TEXT,
  title_rank INTEGER NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (native_id, source),
  FOREIGN KEY(parent_id) REFERENCES session (id),
  FOREIGN KEY(run_id) REFERENCES run (id),
  FOREIGN KEY(project_id) REFERENCES project (id)
)
 STRICT;

CREATE INDEX session_of_parent ON session (parent_id);

CREATE INDEX session_of_run ON session (run_id);

CREATE TABLE generation (
  id INTEGER NOT NULL,
  "key" BLOB NOT NULL,
  session_id INTEGER NOT NULL,
  run_id INTEGER NOT NULL,
  source_file_id INTEGER NOT NULL,
  model_id INTEGER,
  recorded_at INTEGER,
  input_tokens INTEGER,
  cache_read_tokens INTEGER,
  cache_write_5m_tokens INTEGER,
  cache_write_1h_tokens INTEGER,
  output_tokens INTEGER,
  reasoning_tokens INTEGER,
  web_search_requests INTEGER,
  reported_cost_micros INTEGER,
  service_tier TEXT,
  flags INTEGER NOT NULL,
  cost_micros INTEGER,
  cost_basis INTEGER NOT NULL,
  PRIMARY KEY (id),
  UNIQUE ("key"),
  FOREIGN KEY(session_id) REFERENCES session (id),
  FOREIGN KEY(run_id) REFERENCES run (id),
  FOREIGN KEY(source_file_id) REFERENCES source_file (id),
  FOREIGN KEY(model_id) REFERENCES model (id)
)
 STRICT;

CREATE INDEX generation_at ON generation (recorded_at);

CREATE INDEX generation_by_telemetry ON generation (recorded_at) WHERE flags & 32;

CREATE INDEX generation_of_run ON generation (run_id);

CREATE TABLE notice (
  id INTEGER NOT NULL,
  "key" BLOB NOT NULL,
  session_id INTEGER NOT NULL,
  run_id INTEGER NOT NULL,
  noticed_at INTEGER,
  kind TEXT NOT NULL,
  detail TEXT,
  PRIMARY KEY (id),
  UNIQUE ("key"),
  FOREIGN KEY(session_id) REFERENCES session (id),
  FOREIGN KEY(run_id) REFERENCES run (id)
)
 STRICT;

CREATE INDEX notice_of_run ON notice (run_id);

CREATE TABLE prompt (
  id INTEGER NOT NULL,
  "key" BLOB NOT NULL,
  session_id INTEGER NOT NULL,
  run_id INTEGER NOT NULL,
  prompted_at INTEGER,
  PRIMARY KEY (id),
  UNIQUE ("key"),
  FOREIGN KEY(session_id) REFERENCES session (id),
  FOREIGN KEY(run_id) REFERENCES run (id)
)
 STRICT;

CREATE INDEX prompt_of_run ON prompt (run_id);

CREATE TABLE session_file (
  session_id INTEGER NOT NULL,
  source_file_id INTEGER NOT NULL,
  PRIMARY KEY (session_id, source_file_id),
  FOREIGN KEY(session_id) REFERENCES session (id),
  FOREIGN KEY(source_file_id) REFERENCES source_file (id)
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE session_total (
  session_id INTEGER NOT NULL,
  model TEXT NOT NULL,
  source_file_id INTEGER NOT NULL,
  input_tokens INTEGER,
  cache_read_tokens INTEGER,
  cache_write_5m_tokens INTEGER,
  cache_write_1h_tokens INTEGER,
  output_tokens INTEGER,
  reasoning_tokens INTEGER,
  cost_micros INTEGER,
  PRIMARY KEY (session_id, model),
  FOREIGN KEY(session_id) REFERENCES session (id),
  FOREIGN KEY(source_file_id) REFERENCES source_file (id)
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE telemetry_event (
  "key" BLOB NOT NULL,
  session_id INTEGER NOT NULL,
  PRIMARY KEY ("key"),
  FOREIGN KEY(session_id) REFERENCES session (id)
)
 WITHOUT ROWID,
 STRICT;

CREATE INDEX telemetry_event_of_session ON telemetry_event (session_id);

CREATE TABLE tool_call (
  id INTEGER NOT NULL,
  "key" BLOB NOT NULL,
  session_id INTEGER NOT NULL,
  run_id INTEGER NOT NULL,
  called_at INTEGER,
  finished_at INTEGER,
  tool_id INTEGER NOT NULL,
  status INTEGER,
  PRIMARY KEY (id),
  UNIQUE ("key"),
  FOREIGN KEY(session_id) REFERENCES session (id),
  FOREIGN KEY(run_id) REFERENCES run (id),
  FOREIGN KEY(tool_id) REFERENCES tool (id)
)
 STRICT;

CREATE INDEX tool_call_of_run ON tool_call (run_id);

CREATE TABLE generation_copy (
  source_file_id INTEGER NOT NULL,
  generation_id INTEGER NOT NULL,
  PRIMARY KEY (source_file_id, generation_id),
  FOREIGN KEY(source_file_id) REFERENCES source_file (id),
  FOREIGN KEY(generation_id) REFERENCES generation (id)
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE telemetry_call (
  "key" BLOB NOT NULL,
  generation_id INTEGER NOT NULL,
  PRIMARY KEY ("key"),
  FOREIGN KEY(generation_id) REFERENCES generation (id)
)
 WITHOUT ROWID,
 STRICT;

CREATE INDEX telemetry_call_of_generation ON telemetry_call (generation_id);

CREATE VIRTUAL TABLE run_text USING fts5(title, project, model, source, content='', contentless_delete=1, prefix='2 3', tokenize='unicode61 remove_diacritics 2');

CREATE TRIGGER assessment_no_update BEFORE UPDATE ON assessment
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE key = 'forgetting')
BEGIN SELECT RAISE(ABORT, 'assessment is append-only'); END;

CREATE TRIGGER assessment_no_delete BEFORE DELETE ON assessment
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE key = 'forgetting')
BEGIN SELECT RAISE(ABORT, 'assessment is append-only'); END;

CREATE TRIGGER draw_no_update BEFORE UPDATE ON draw
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE key = 'forgetting')
BEGIN SELECT RAISE(ABORT, 'draw is append-only'); END;

CREATE TRIGGER draw_no_delete BEFORE DELETE ON draw
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE key = 'forgetting')
BEGIN SELECT RAISE(ABORT, 'draw is append-only'); END;

CREATE TRIGGER draw_run_no_update BEFORE UPDATE ON draw_run
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE key = 'forgetting')
BEGIN SELECT RAISE(ABORT, 'draw_run is append-only'); END;

CREATE TRIGGER draw_run_no_delete BEFORE DELETE ON draw_run
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE key = 'forgetting')
BEGIN SELECT RAISE(ABORT, 'draw_run is append-only'); END;

CREATE TRIGGER run_edit_no_update BEFORE UPDATE ON run_edit
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE key = 'forgetting')
BEGIN SELECT RAISE(ABORT, 'run_edit is append-only'); END;

CREATE TRIGGER run_edit_no_delete BEFORE DELETE ON run_edit
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE key = 'forgetting')
BEGIN SELECT RAISE(ABORT, 'run_edit is append-only'); END;

CREATE TRIGGER guess_no_update BEFORE UPDATE ON guess
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE key = 'forgetting')
BEGIN SELECT RAISE(ABORT, 'guess is append-only'); END;

CREATE TRIGGER guess_no_delete BEFORE DELETE ON guess
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE key = 'forgetting')
BEGIN SELECT RAISE(ABORT, 'guess is append-only'); END;

CREATE TRIGGER release_no_update BEFORE UPDATE ON release
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE key = 'forgetting')
BEGIN SELECT RAISE(ABORT, 'release is append-only'); END;

CREATE TRIGGER release_no_delete BEFORE DELETE ON release
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE key = 'forgetting')
BEGIN SELECT RAISE(ABORT, 'release is append-only'); END;

CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE key = 'forgetting')
BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END;

CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE key = 'forgetting')
BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END;

CREATE TRIGGER roll_up_no_update BEFORE UPDATE ON roll_up
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE key = 'forgetting')
BEGIN SELECT RAISE(ABORT, 'roll_up is append-only'); END;

CREATE TRIGGER roll_up_no_delete BEFORE DELETE ON roll_up
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE key = 'forgetting')
BEGIN SELECT RAISE(ABORT, 'roll_up is append-only'); END;

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
