CREATE TABLE sessions ( id TEXT PRIMARY KEY, name TEXT NOT NULL DEFAULT '', description TEXT NOT NULL DEFAULT '', user_set_name BOOLEAN DEFAULT FALSE, session_type TEXT NOT NULL DEFAULT 'user', working_dir TEXT NOT NULL, created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP, updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP, extension_data TEXT DEFAULT '{}', total_tokens INTEGER, input_tokens INTEGER, output_tokens INTEGER, accumulated_total_tokens INTEGER, accumulated_input_tokens INTEGER, accumulated_output_tokens INTEGER, accumulated_cost REAL, schedule_id TEXT, recipe_json TEXT, user_recipe_values_json TEXT, provider_name TEXT, model_config_json TEXT, goose_mode TEXT NOT NULL DEFAULT 'auto', archived_at TIMESTAMP, project_id TEXT );
CREATE TABLE messages ( id INTEGER PRIMARY KEY AUTOINCREMENT, message_id TEXT, session_id TEXT NOT NULL REFERENCES sessions(id), role TEXT NOT NULL, content_json TEXT NOT NULL, created_timestamp INTEGER NOT NULL, timestamp TIMESTAMP DEFAULT CURRENT_TIMESTAMP, tokens INTEGER, metadata_json TEXT );

ALTER TABLE sessions ADD COLUMN accumulated_cache_read_tokens INTEGER;
ALTER TABLE sessions ADD COLUMN accumulated_cache_write_tokens INTEGER;
ALTER TABLE sessions ADD COLUMN parent_session_id TEXT;
CREATE TABLE usage_ledger (id INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT NOT NULL, created_timestamp INTEGER,
 model TEXT, input_tokens INTEGER, output_tokens INTEGER, total_tokens INTEGER, cache_read_tokens INTEGER,
 cache_write_tokens INTEGER, cost REAL, cost_source TEXT, is_compaction BOOLEAN DEFAULT FALSE);
INSERT INTO sessions (id, name, session_type, working_dir, created_at, updated_at, accumulated_input_tokens,
 accumulated_output_tokens, accumulated_cache_read_tokens, accumulated_cache_write_tokens, provider_name,
 model_config_json, parent_session_id) VALUES
 ('20260601_1', 'CLI Session', 'user', '/home/person/project', '2026-06-01 10:00:00', '2026-06-01 10:05:00', 300, 30,
 200, 20, 'anthropic', '{"model_name":"m"}', NULL),
 ('20260601_2', 'Invented text.', 'sub_agent', '/home/person/project', '2026-06-01 10:01:00', '2026-06-01 10:02:00',
 100, 10, 60, 0, 'anthropic', '{"model_name":"m"}', '20260601_1');
INSERT INTO usage_ledger (session_id, created_timestamp, model, input_tokens, output_tokens, cache_read_tokens,
 cache_write_tokens, cost, cost_source, is_compaction) VALUES
 ('20260601_1', 1780308001, 'm', 100, 10, 80, 10, 0.5, 'estimated', 0),
 ('20260601_1', 1780308002, 'm-small', 50, 5, 40, 0, NULL, NULL, 1),
 ('20260601_2', 1780308003, 'm', 100, 10, 60, 0, 0.25, 'provider_reported', 0);
INSERT INTO messages (message_id, session_id, role, content_json, created_timestamp, metadata_json) VALUES
 ('u1', '20260601_1', 'user', '[{"type":"text","text":"Invented text."}]', 1780308000, '{"userVisible":true}'),
 ('u2', '20260601_1', 'user', '[{"type":"text","text":"Invented text."}]', 1780308004, '{"userVisible":false}');
