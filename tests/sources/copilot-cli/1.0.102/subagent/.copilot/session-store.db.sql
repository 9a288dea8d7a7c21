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
INSERT INTO "assistant_usage_events" VALUES(1,'35fa23d7-c01e-4835-8f94-e7294b7c42d0',0,NULL,NULL,'gpt-5.4',NULL,6000,50,0,0,20,NULL,0.0,28,2.20782100000000021107e+01,22.130818,7.13842666666666514352e-01,'user','Invented text.','Invented text.','tool_calls',0,NULL,'2026-11-23T07:53:21.864Z');
INSERT INTO "assistant_usage_events" VALUES(2,'35fa23d7-c01e-4835-8f94-e7294b7c42d0',0,'39b5dc67-84c6-44c2-9cba-5d498ba7b216','call_294fdcf9e0c64e87','gpt-5.4',NULL,4000,37,0,0,4,NULL,0.0,8,6.128907,6.17686800000000069132e+00,1.41180500000000014315e-01,'sub-agent','Invented text.','Invented text.','tool_calls',0,NULL,'2026-11-23T07:53:21.928Z');
INSERT INTO "assistant_usage_events" VALUES(3,'35fa23d7-c01e-4835-8f94-e7294b7c42d0',0,'39b5dc67-84c6-44c2-9cba-5d498ba7b216','call_294fdcf9e0c64e87','gpt-5.4',NULL,4100,38,0,0,4,NULL,0.0,12,9.993132,10.006813,0.142559,'sub-agent','Invented text.','Invented text.','stop',0,NULL,'2026-11-23T07:53:22.020Z');
INSERT INTO "assistant_usage_events" VALUES(4,'35fa23d7-c01e-4835-8f94-e7294b7c42d0',0,NULL,NULL,'gpt-5.4',NULL,6200,39,6000,0,4,NULL,0.0,8,5.14403,5.170138,4.87540000000000056656e-02,'agent','Invented text.','Invented text.','stop',0,NULL,'2026-11-23T07:53:22.095Z');
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
INSERT INTO "sessions" VALUES('35fa23d7-c01e-4835-8f94-e7294b7c42d0','/home/person/project','person/project','Invented text.','main','Invented text.','2026-11-23T07:53:21.659Z','2026-11-23T07:53:21.790Z');
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('assistant_usage_events',4);
COMMIT;
