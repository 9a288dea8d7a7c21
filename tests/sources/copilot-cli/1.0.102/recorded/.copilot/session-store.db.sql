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
INSERT INTO "assistant_usage_events" VALUES(1,'de1c9b4c-8969-4167-af52-e9a1032f5b57',0,NULL,NULL,'gpt-4.1',NULL,21117,217,20110,0,62,NULL,0.0,36,32.544903,32.580806,0.133294,'user','Invented text.',NULL,'stop',0,NULL,'2026-11-23T07:52:36.509Z');
INSERT INTO "assistant_usage_events" VALUES(2,'af34fba8-bb80-4dd7-abca-80a4edb28b9f',0,NULL,NULL,'gpt-4.1',NULL,21234,234,20220,0,64,NULL,0.0,28,25.875438,25.902267,0.20019,'user','Invented text.',NULL,'tool_calls',0,NULL,'2026-11-23T07:52:38.401Z');
INSERT INTO "assistant_usage_events" VALUES(3,'af34fba8-bb80-4dd7-abca-80a4edb28b9f',0,NULL,NULL,'gpt-4.1',NULL,21351,251,20330,0,66,NULL,0.0,47,4.45712689999999938077e+01,44.644858,0.162694,'agent','Invented text.',NULL,'stop',0,NULL,'2026-11-23T07:52:38.474Z');
INSERT INTO "assistant_usage_events" VALUES(4,'f883dc18-5538-40a9-851d-66631bff5c95',0,NULL,NULL,'gpt-4.1',NULL,21468,268,20440,0,68,NULL,0.0,36,32.497774,34.306519,0.4730978,'user','Invented text.',NULL,'tool_calls',0,NULL,'2026-11-23T07:52:40.153Z');
INSERT INTO "assistant_usage_events" VALUES(5,'f883dc18-5538-40a9-851d-66631bff5c95',0,NULL,NULL,'gpt-4.1',NULL,21585,285,20550,0,70,NULL,0.0,6,3.861773,3.88143199999999977123e+00,6.13040000000000043223e-02,'agent','Invented text.',NULL,'stop',0,NULL,'2026-11-23T07:52:40.243Z');
INSERT INTO "assistant_usage_events" VALUES(6,'a8e03a79-8cff-436b-99a8-ca3caf1cccd5',0,NULL,NULL,'gpt-4.1',NULL,21702,302,20660,0,72,NULL,0.0,48,45.915031,45.952286,1.00198285714285711955e-01,'user','Invented text.',NULL,'tool_calls',0,NULL,'2026-11-23T07:52:41.918Z');
INSERT INTO "assistant_usage_events" VALUES(7,'a8e03a79-8cff-436b-99a8-ca3caf1cccd5',0,NULL,NULL,'gpt-4.1',NULL,21819,319,20770,0,74,NULL,0.0,7,5.67190899999999942338e+00,5.693972,0.079214,'agent','Invented text.',NULL,'stop',0,NULL,'2026-11-23T07:52:42.046Z');
INSERT INTO "assistant_usage_events" VALUES(8,'370ea3d0-2ba9-4718-b7b1-1157e62c6b2c',0,NULL,NULL,'gpt-4.1',NULL,21936,336,20880,0,76,NULL,0.0,24,2.18273689999999973574e+01,21.855531,0.1025598,'user','Invented text.',NULL,'tool_calls',0,NULL,'2026-11-23T07:52:43.827Z');
INSERT INTO "assistant_usage_events" VALUES(9,'370ea3d0-2ba9-4718-b7b1-1157e62c6b2c',0,NULL,NULL,'gpt-4.1',NULL,22053,353,20990,0,78,NULL,0.0,49,47.320721,47.375091,0.1213734,'agent','Invented text.',NULL,'tool_calls',0,NULL,'2026-11-23T07:52:43.903Z');
INSERT INTO "assistant_usage_events" VALUES(10,'370ea3d0-2ba9-4718-b7b1-1157e62c6b2c',0,NULL,NULL,'gpt-4.1',NULL,22170,370,21100,0,80,NULL,0.0,5,2.81185,2.829807,0.0732144,'agent','Invented text.',NULL,'tool_calls',0,NULL,'2026-11-23T07:52:44.051Z');
INSERT INTO "assistant_usage_events" VALUES(11,'370ea3d0-2ba9-4718-b7b1-1157e62c6b2c',0,NULL,NULL,'gpt-4.1',NULL,22287,387,21210,0,82,NULL,0.0,73,70.73084,7.07772790000000071595e+01,1.01526999999999992252e-01,'agent','Invented text.',NULL,'stop',0,NULL,'2026-11-23T07:52:44.147Z');
INSERT INTO "assistant_usage_events" VALUES(12,'43d68a69-ebe6-4049-89d8-1d7c01f914e0',0,NULL,NULL,'gpt-4.1',NULL,22404,404,21320,0,84,NULL,0.0,24,20.547115,20.575507,0.1445018,'user','Invented text.',NULL,'tool_calls',0,NULL,'2026-11-23T07:52:45.504Z');
INSERT INTO "assistant_usage_events" VALUES(13,'43d68a69-ebe6-4049-89d8-1d7c01f914e0',0,'d97844f4-219c-433e-8702-f2f095e4f253','call_fake12_0','gpt-4.1',NULL,22521,421,21430,0,86,NULL,0.0,2,1.56657699999999988627e+00,1.582871,4.01114000000000053836e-02,'sub-agent','Invented text.','Invented text.','tool_calls',0,NULL,'2026-11-23T07:52:45.561Z');
INSERT INTO "assistant_usage_events" VALUES(14,'43d68a69-ebe6-4049-89d8-1d7c01f914e0',0,'d97844f4-219c-433e-8702-f2f095e4f253','call_fake12_0','gpt-4.1',NULL,22638,438,21540,0,88,NULL,0.0,13,9.780308,9.84147799999999861597e+00,0.706959,'sub-agent','Invented text.','Invented text.','stop',0,NULL,'2026-11-23T07:52:45.580Z');
INSERT INTO "assistant_usage_events" VALUES(15,'43d68a69-ebe6-4049-89d8-1d7c01f914e0',0,NULL,NULL,'gpt-4.1',NULL,22755,455,21650,0,90,NULL,0.0,11,5.45907600000000048368e+00,5.503161,1.44722766666666657897e+00,'agent','Invented text.',NULL,'stop',0,NULL,'2026-11-23T07:52:45.604Z');
INSERT INTO "assistant_usage_events" VALUES(16,'b004ae7d-f5d6-46ca-ac93-0d1949eb6939',0,NULL,NULL,'gpt-5.4',NULL,22872,472,21760,0,92,NULL,0.0,34,29.049838,29.049928,0.1651045,'user','Invented text.','Invented text.','tool_calls',0,NULL,'2026-11-23T07:52:47.635Z');
INSERT INTO "assistant_usage_events" VALUES(17,'b004ae7d-f5d6-46ca-ac93-0d1949eb6939',0,NULL,NULL,'gpt-5.4',NULL,22989,489,21870,0,94,NULL,0.0,6,3.068389,3.068559,NULL,'agent','Invented text.','Invented text.','stop',0,NULL,'2026-11-23T07:52:47.733Z');
INSERT INTO "assistant_usage_events" VALUES(18,'c0c18389-7350-43fe-8ade-0d78c9e2f871',0,NULL,NULL,'claude-sonnet-4.6',NULL,23600,506,21980,494,NULL,NULL,0.0,18,16.861123,16.861193,5.44477142857142798471e-02,'user','Invented text.','Invented text.','tool_calls',0,NULL,'2026-11-23T07:52:49.450Z');
INSERT INTO "assistant_usage_events" VALUES(19,'c0c18389-7350-43fe-8ade-0d78c9e2f871',0,NULL,NULL,'claude-sonnet-4.6',NULL,23725,523,22090,502,NULL,NULL,0.0,7,4.46585600000000049192e+00,4.48154000000000074521e+00,1.04850500000000013134e-01,'agent','Invented text.','Invented text.','stop',0,NULL,'2026-11-23T07:52:49.544Z');
INSERT INTO "assistant_usage_events" VALUES(20,'c0c18389-7350-43fe-8ade-0d78c9e2f871',1,NULL,NULL,'claude-sonnet-4.6',NULL,23340,540,22200,0,100,NULL,0.0,18,16.648678,1.66675950000000021593e+01,5.95646666666666615985e-02,'user','Invented text.','Invented text.','stop',0,NULL,'2026-11-23T07:52:50.710Z');
INSERT INTO "assistant_usage_events" VALUES(21,'de1c9b4c-8969-4167-af52-e9a1032f5b57',1,NULL,NULL,'gpt-4.1',NULL,23457,557,22310,0,102,NULL,0.0,33,3.20017290000000045315e+01,32.023201,6.49959999999999843423e-02,'user','Invented text.',NULL,'stop',0,NULL,'2026-11-23T07:52:52.027Z');
INSERT INTO "assistant_usage_events" VALUES(22,'7697c428-132d-45a5-866b-57fe32faaa51',0,NULL,NULL,'gpt-4.1',NULL,23691,591,22530,0,106,NULL,0.0,14,9.695032,9.728873,1.87921333333333301363e-01,'agent','Invented text.',NULL,'stop',0,NULL,'2026-11-23T07:52:54.553Z');
INSERT INTO "assistant_usage_events" VALUES(23,'d801c64b-7868-4676-a883-d45402ceced0',0,NULL,NULL,'gpt-4.1',NULL,23925,625,22750,0,110,NULL,0.0,7,4.438796,4.46878999999999937386e+00,1.73640333333333313214e-01,'agent','Invented text.',NULL,'stop',0,NULL,'2026-11-23T07:52:56.624Z');
INSERT INTO "assistant_usage_events" VALUES(24,'f57bb620-24e0-4a37-ae00-0180c6c13b74',0,NULL,NULL,'gpt-4.1',NULL,24159,659,22970,0,114,NULL,0.0,22,2.03471180000000018139e+01,20.367418,8.29560000000000158371e-02,'agent','Invented text.',NULL,'stop',0,NULL,'2026-11-23T07:52:59.241Z');
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
INSERT INTO "sessions" VALUES('de1c9b4c-8969-4167-af52-e9a1032f5b57','/home/person/project',NULL,NULL,'main','Invented text.','2026-11-23T07:52:35.990Z','2026-11-23T07:52:51.934Z');
INSERT INTO "sessions" VALUES('af34fba8-bb80-4dd7-abca-80a4edb28b9f','/home/person/project',NULL,NULL,'main','Invented text.','2026-11-23T07:52:37.887Z','2026-11-23T07:52:38.224Z');
INSERT INTO "sessions" VALUES('f883dc18-5538-40a9-851d-66631bff5c95','/home/person/project',NULL,NULL,'main','Invented text.','2026-11-23T07:52:39.774Z','2026-11-23T07:52:40.011Z');
INSERT INTO "sessions" VALUES('a8e03a79-8cff-436b-99a8-ca3caf1cccd5','/home/person/project',NULL,NULL,'main','Invented text.','2026-11-23T07:52:41.396Z','2026-11-23T07:52:41.716Z');
INSERT INTO "sessions" VALUES('370ea3d0-2ba9-4718-b7b1-1157e62c6b2c','/home/person/project',NULL,NULL,'main','Invented text.','2026-11-23T07:52:43.406Z','2026-11-23T07:52:43.706Z');
INSERT INTO "sessions" VALUES('43d68a69-ebe6-4049-89d8-1d7c01f914e0','/home/person/project',NULL,NULL,'main','Invented text.','2026-11-23T07:52:45.207Z','2026-11-23T07:52:45.392Z');
INSERT INTO "sessions" VALUES('b004ae7d-f5d6-46ca-ac93-0d1949eb6939','/home/person/project',NULL,NULL,'main','Invented text.','2026-11-23T07:52:47.352Z','2026-11-23T07:52:47.582Z');
INSERT INTO "sessions" VALUES('c0c18389-7350-43fe-8ade-0d78c9e2f871','/home/person/project',NULL,NULL,'main','Invented text.','2026-11-23T07:52:49.138Z','2026-11-23T07:52:50.657Z');
INSERT INTO "sessions" VALUES('7697c428-132d-45a5-866b-57fe32faaa51','/home/person/project',NULL,NULL,'main','Invented text.','2026-11-23T07:52:53.034Z','2026-11-23T07:52:53.284Z');
INSERT INTO "sessions" VALUES('d801c64b-7868-4676-a883-d45402ceced0','/home/person/project',NULL,NULL,'main','Invented text.','2026-11-23T07:52:55.588Z','2026-11-23T07:52:55.942Z');
INSERT INTO "sessions" VALUES('f57bb620-24e0-4a37-ae00-0180c6c13b74','/home/person/project',NULL,NULL,'main','Invented text.','2026-11-23T07:52:57.688Z','2026-11-23T07:52:57.947Z');
INSERT INTO "sessions" VALUES('315ab40b-68a1-4976-ad40-95cd3c1d890a','/home/person/project',NULL,NULL,'main','Invented text.','2026-11-23T07:53:00.153Z','2026-11-23T07:53:00.436Z');
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('assistant_usage_events',24);
COMMIT;
