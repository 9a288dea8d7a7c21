BEGIN TRANSACTION;
CREATE TABLE assistant_usage_events (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                session_id TEXT NOT NULL REFERENCES sessions(id),
                turn_index INTEGER,
                agent_id TEXT,
                parent_tool_call_id TEXT,
                model TEXT NOT NULL,
                copilot_usage_model TEXT,
                input_tokens INTEGER,
                output_tokens INTEGER,
                cache_read_tokens INTEGER,
                cache_write_tokens INTEGER,
                reasoning_tokens INTEGER,
                total_nano_aiu INTEGER,
                request_multiplier REAL,
                duration_ms INTEGER,
                time_to_first_token_ms INTEGER,
                output_ttft_ms REAL,
                inter_token_latency_ms INTEGER,
                initiator TEXT,
                api_endpoint TEXT,
                reasoning_effort TEXT,
                finish_reason TEXT,
                content_filter_triggered INTEGER,
                token_details_json TEXT,
                created_at TEXT DEFAULT (datetime('now'))
            );
INSERT INTO "assistant_usage_events" VALUES(1,'d27ce65c-7149-4af6-b41a-a9ea667131b4',0,NULL,NULL,'gpt-5.4',NULL,6000,50,0,0,20,NULL,0.0,22,21.120553,21.131799,4.88973333333333273764e-02,'user','Invented text.','Invented text.','tool_calls',0,NULL,'2026-11-23T07:53:34.074Z');
INSERT INTO "assistant_usage_events" VALUES(2,'d27ce65c-7149-4af6-b41a-a9ea667131b4',0,NULL,NULL,'gpt-5.4',NULL,6050,110,6000,0,20,NULL,0.0,4,2.677941,2.68839699999999970358e+00,4.78608333333333316184e-02,'agent','Invented text.','Invented text.','tool_calls',0,NULL,'2026-11-23T07:53:34.153Z');
CREATE TABLE schema_version (
                version INTEGER NOT NULL
            );
INSERT INTO "schema_version" VALUES(8);
CREATE TABLE sessions (
                id TEXT PRIMARY KEY,
                cwd TEXT,
                repository TEXT,
                host_type TEXT,
                branch TEXT,
                summary TEXT,
                created_at TEXT DEFAULT (datetime('now')),
                updated_at TEXT DEFAULT (datetime('now'))
            );
INSERT INTO "sessions" VALUES('d27ce65c-7149-4af6-b41a-a9ea667131b4','/home/person/project','person/project','Invented text.','main','Invented text.','2026-11-23T07:53:33.894Z','2026-11-23T07:53:34.037Z');
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('assistant_usage_events',2);
COMMIT;
