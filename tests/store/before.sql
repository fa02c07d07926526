-- A home as seven migrations before the first release left it, step by step: the shape of every table, and a few rows in it.
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL,
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE categories (
	id INTEGER NOT NULL,
	code TEXT NOT NULL,
	parent TEXT,
	zh TEXT NOT NULL,
	en TEXT NOT NULL,
	class TEXT NOT NULL,
	limit_amount FLOAT,
	limit_unit TEXT,
	handler TEXT,
	severity SMALLINT NOT NULL,
	effort FLOAT NOT NULL,
	rare BOOLEAN NOT NULL,
	CONSTRAINT pk_categories PRIMARY KEY (id),
	CONSTRAINT uq_categories_code UNIQUE (code)
);
CREATE TABLE events (
	seq INTEGER NOT NULL,
	matter BIGINT NOT NULL,
	kind TEXT NOT NULL,
	at BIGINT NOT NULL,
	actor TEXT,
	data TEXT, step INTEGER,
	CONSTRAINT pk_events PRIMARY KEY (seq)
);
CREATE INDEX ix_events_matter ON events (matter);
CREATE INDEX ix_events_live ON events (seq) WHERE kind != 'imported';
CREATE TABLE imports (
	id INTEGER NOT NULL,
	kind TEXT NOT NULL,
	files TEXT NOT NULL,
	digest TEXT NOT NULL,
	started_at BIGINT NOT NULL,
	ended_at BIGINT,
	state TEXT NOT NULL,
	rows BIGINT DEFAULT '0' NOT NULL,
	accepted BIGINT DEFAULT '0' NOT NULL,
	rejected_by_reason TEXT DEFAULT '{}' NOT NULL,
	reject_file TEXT,
	reported_from BIGINT,
	reported_to BIGINT,
	staging TEXT,
	CONSTRAINT pk_imports PRIMARY KEY (id)
);
CREATE INDEX ix_imports_digest ON imports (digest);
CREATE TABLE meta (
	"key" TEXT NOT NULL,
	value TEXT NOT NULL,
	CONSTRAINT pk_meta PRIMARY KEY ("key")
);
CREATE TABLE plans (
	id INTEGER NOT NULL,
	parent INTEGER,
	name TEXT NOT NULL,
	state TEXT NOT NULL,
	valid_from DATE NOT NULL,
	valid_to DATE,
	digest TEXT NOT NULL, draft BIGINT, restores INTEGER, published_by BIGINT, published_at BIGINT, moved TEXT,
	CONSTRAINT pk_plans PRIMARY KEY (id),
	CONSTRAINT fk_plans_parent FOREIGN KEY(parent) REFERENCES plans (id)
);
CREATE TABLE unit_shapes (
	"plan" INTEGER NOT NULL,
	code BIGINT NOT NULL,
	wkb BLOB NOT NULL,
	CONSTRAINT pk_unit_shapes PRIMARY KEY ("plan", code)
);
CREATE TABLE units (
	code INTEGER NOT NULL,
	level SMALLINT NOT NULL,
	name TEXT NOT NULL,
	name_en TEXT NOT NULL,
	parent BIGINT,
	CONSTRAINT pk_units PRIMARY KEY (code)
);
CREATE INDEX ix_units_parent ON units (parent);
CREATE TABLE visits (
	id INTEGER NOT NULL,
	grid BIGINT NOT NULL,
	worker INTEGER,
	at BIGINT NOT NULL, client_id TEXT,
	CONSTRAINT pk_visits PRIMARY KEY (id)
);
CREATE INDEX ix_visits_grid_at ON visits (grid, at);
CREATE TABLE workers (
	id INTEGER NOT NULL,
	name TEXT NOT NULL,
	role TEXT NOT NULL,
	active_from DATE,
	active_to DATE,
	CONSTRAINT pk_workers PRIMARY KEY (id)
);
CREATE TABLE assignments (
	id INTEGER NOT NULL,
	worker INTEGER NOT NULL,
	area BIGINT NOT NULL,
	role TEXT NOT NULL,
	starts DATE,
	ends DATE,
	CONSTRAINT pk_assignments PRIMARY KEY (id),
	CONSTRAINT fk_assignments_worker FOREIGN KEY(worker) REFERENCES workers (id)
);
CREATE INDEX ix_assignments_area ON assignments (area);
CREATE TABLE grids (
	"plan" INTEGER NOT NULL,
	code BIGINT NOT NULL,
	name TEXT NOT NULL,
	kind TEXT NOT NULL,
	households INTEGER NOT NULL,
	population INTEGER NOT NULL,
	wkb BLOB NOT NULL,
	valid_from DATE NOT NULL,
	valid_to DATE,
	predecessors TEXT,
	CONSTRAINT pk_grids PRIMARY KEY ("plan", code),
	CONSTRAINT fk_grids_plan FOREIGN KEY("plan") REFERENCES plans (id)
);
CREATE TABLE import_commits (
	import_id INTEGER NOT NULL,
	batch INTEGER NOT NULL,
	rows INTEGER NOT NULL,
	first BIGINT,
	CONSTRAINT pk_import_commits PRIMARY KEY (import_id, batch),
	CONSTRAINT fk_import_commits_import_id FOREIGN KEY(import_id) REFERENCES imports (id)
);
CREATE TABLE matters (
	id INTEGER NOT NULL,
	client_id TEXT NOT NULL,
	category SMALLINT NOT NULL,
	grid BIGINT NOT NULL,
	"plan" INTEGER NOT NULL,
	lon DOUBLE NOT NULL,
	lat DOUBLE NOT NULL,
	reported_at BIGINT NOT NULL,
	accepted_at BIGINT,
	due_at BIGINT,
	closed_at BIGINT,
	status SMALLINT NOT NULL,
	channel SMALLINT NOT NULL,
	worker INTEGER,
	text TEXT,
	import_id INTEGER,
	CONSTRAINT pk_matters PRIMARY KEY (id),
	CONSTRAINT fk_matters_category FOREIGN KEY(category) REFERENCES categories (id),
	CONSTRAINT fk_matters_import_id FOREIGN KEY(import_id) REFERENCES imports (id)
);
CREATE INDEX ix_matters_live ON matters (id) WHERE import_id IS NULL;
CREATE UNIQUE INDEX uq_matters_client_id ON matters (client_id);
CREATE TABLE alarms (
	matter BIGINT NOT NULL,
	kind TEXT NOT NULL,
	due_at BIGINT NOT NULL,
	raised_at BIGINT NOT NULL,
	office INTEGER NOT NULL,
	CONSTRAINT pk_alarms PRIMARY KEY (matter, kind, due_at)
);
CREATE TABLE attachments (
	id INTEGER NOT NULL,
	digest TEXT NOT NULL,
	matter BIGINT,
	step INTEGER,
	client_id TEXT,
	kind TEXT NOT NULL,
	bytes INTEGER NOT NULL,
	width INTEGER NOT NULL,
	height INTEGER NOT NULL,
	lon DOUBLE,
	lat DOUBLE,
	taken_at BIGINT,
	at BIGINT NOT NULL,
	"by" BIGINT DEFAULT '0' NOT NULL,
	CONSTRAINT pk_attachments PRIMARY KEY (id),
	CONSTRAINT uq_attachments_client_id UNIQUE (client_id)
);
CREATE INDEX ix_attachments_matter ON attachments (matter);
CREATE TABLE cases (
	matter BIGINT NOT NULL,
	number TEXT NOT NULL,
	receipt TEXT NOT NULL,
	digest TEXT,
	version INTEGER NOT NULL,
	status SMALLINT NOT NULL,
	category SMALLINT NOT NULL,
	grid BIGINT NOT NULL,
	office INTEGER NOT NULL,
	person BIGINT DEFAULT '0' NOT NULL,
	reporter BIGINT DEFAULT '0' NOT NULL,
	since BIGINT NOT NULL,
	step_due_at BIGINT DEFAULT '0' NOT NULL,
	due_at BIGINT DEFAULT '0' NOT NULL,
	reported_at BIGINT NOT NULL,
	accepted_at BIGINT DEFAULT '0' NOT NULL,
	dispatch_due_at BIGINT DEFAULT '0' NOT NULL,
	dispatched_at BIGINT DEFAULT '0' NOT NULL,
	handled_at BIGINT DEFAULT '0' NOT NULL,
	answered_at BIGINT DEFAULT '0' NOT NULL,
	closed_at BIGINT DEFAULT '0' NOT NULL,
	parked_at BIGINT DEFAULT '0' NOT NULL,
	whistles SMALLINT DEFAULT '0' NOT NULL,
	whistled_at BIGINT DEFAULT '0' NOT NULL,
	reworks SMALLINT DEFAULT '0' NOT NULL,
	supervised SMALLINT DEFAULT '0' NOT NULL,
	reopened SMALLINT DEFAULT '0' NOT NULL,
	extension_by BIGINT DEFAULT '0' NOT NULL,
	rating SMALLINT DEFAULT '0' NOT NULL,
	parent BIGINT DEFAULT '0' NOT NULL,
	state TEXT DEFAULT '{}' NOT NULL,
	address TEXT,
	contact TEXT,
	CONSTRAINT pk_cases PRIMARY KEY (matter),
	CONSTRAINT uq_cases_number UNIQUE (number),
	CONSTRAINT uq_cases_receipt UNIQUE (receipt)
);
CREATE INDEX ix_cases_due_at ON cases (due_at);
CREATE INDEX ix_cases_tally ON cases (grid, category, status, dispatch_due_at, dispatched_at, handled_at, closed_at, reworks, whistles, matter);
CREATE INDEX ix_cases_office_status ON cases (office, status);
CREATE INDEX ix_cases_parent ON cases (parent);
CREATE INDEX ix_cases_person ON cases (person);
CREATE INDEX ix_cases_reported_at ON cases (reported_at);
CREATE INDEX ix_cases_reporter ON cases (reporter);
CREATE INDEX ix_cases_running_due_at ON cases (due_at) WHERE status IN (0, 1, 2, 3, 8);
CREATE INDEX ix_cases_running_step_due_at ON cases (step_due_at) WHERE status IN (0, 1, 2, 3, 8);
CREATE TABLE holidays (
	day DATE NOT NULL,
	working BOOLEAN NOT NULL,
	note TEXT NOT NULL,
	CONSTRAINT pk_holidays PRIMARY KEY (day)
);
CREATE TABLE offices (
	id INTEGER NOT NULL,
	kind TEXT NOT NULL,
	name TEXT NOT NULL,
	name_en TEXT NOT NULL,
	area BIGINT NOT NULL,
	department TEXT,
	phone TEXT, merged_into INTEGER,
	CONSTRAINT pk_offices PRIMARY KEY (id)
);
CREATE INDEX ix_offices_area ON offices (area);
CREATE TABLE outbox (
	id INTEGER NOT NULL,
	"key" TEXT NOT NULL,
	destination TEXT NOT NULL,
	payload TEXT NOT NULL,
	state TEXT NOT NULL,
	attempts INTEGER DEFAULT '0' NOT NULL,
	made_at BIGINT NOT NULL,
	next_try BIGINT NOT NULL,
	sent_at BIGINT,
	last_error TEXT,
	CONSTRAINT pk_outbox PRIMARY KEY (id),
	CONSTRAINT uq_outbox_key UNIQUE ("key")
);
CREATE INDEX ix_outbox_state_next_try ON outbox (state, next_try);
CREATE TABLE routing_rules (
	id INTEGER NOT NULL,
	position INTEGER NOT NULL,
	category TEXT NOT NULL,
	area BIGINT NOT NULL,
	first TEXT NOT NULL,
	department TEXT,
	active BOOLEAN NOT NULL,
	note TEXT,
	CONSTRAINT pk_routing_rules PRIMARY KEY (id)
);
CREATE TABLE serials (
	county INTEGER NOT NULL,
	day INTEGER NOT NULL,
	last INTEGER NOT NULL,
	CONSTRAINT pk_serials PRIMARY KEY (county, day)
);
CREATE TABLE step_limits (
	step TEXT NOT NULL,
	category TEXT NOT NULL,
	amount FLOAT NOT NULL,
	unit TEXT NOT NULL,
	CONSTRAINT pk_step_limits PRIMARY KEY (step, category)
);
CREATE TABLE whistles (
	matter BIGINT NOT NULL,
	whistle INTEGER NOT NULL,
	from_office INTEGER NOT NULL,
	to_office INTEGER NOT NULL,
	"by" BIGINT NOT NULL,
	at BIGINT NOT NULL,
	due_at BIGINT NOT NULL,
	heeded_at BIGINT DEFAULT '0' NOT NULL,
	apt BOOLEAN,
	rating SMALLINT DEFAULT '0' NOT NULL,
	lapsed_at BIGINT DEFAULT '0' NOT NULL,
	CONSTRAINT pk_whistles PRIMARY KEY (matter, whistle)
);
CREATE INDEX ix_whistles_to_office ON whistles (to_office);
CREATE TABLE users (
	id INTEGER NOT NULL,
	login TEXT NOT NULL,
	name TEXT NOT NULL,
	role TEXT NOT NULL,
	office INTEGER,
	area BIGINT NOT NULL,
	worker INTEGER,
	phone TEXT,
	active BOOLEAN NOT NULL,
	demo BOOLEAN NOT NULL,
	CONSTRAINT pk_users PRIMARY KEY (id),
	CONSTRAINT fk_users_office FOREIGN KEY(office) REFERENCES offices (id),
	CONSTRAINT fk_users_worker FOREIGN KEY(worker) REFERENCES workers (id),
	CONSTRAINT uq_users_login UNIQUE (login)
);
CREATE INDEX ix_users_area ON users (area);
CREATE INDEX ix_users_office ON users (office);
CREATE INDEX ix_users_worker ON users (worker);
CREATE TABLE windows (
	id INTEGER NOT NULL,
	office INTEGER NOT NULL,
	platform TEXT NOT NULL,
	unit TEXT NOT NULL,
	platform_en TEXT,
	unit_en TEXT,
	kind TEXT NOT NULL,
	weekdays TEXT NOT NULL,
	CONSTRAINT pk_windows PRIMARY KEY (id),
	CONSTRAINT fk_windows_office FOREIGN KEY(office) REFERENCES offices (id)
);
CREATE INDEX ix_windows_office ON windows (office);
CREATE TABLE absences (
	id INTEGER NOT NULL,
	user BIGINT NOT NULL,
	stand_in BIGINT,
	starts BIGINT NOT NULL,
	ends BIGINT,
	reason TEXT NOT NULL,
	"by" BIGINT NOT NULL,
	CONSTRAINT pk_absences PRIMARY KEY (id),
	CONSTRAINT fk_absences_stand_in FOREIGN KEY(stand_in) REFERENCES users (id),
	CONSTRAINT fk_absences_user FOREIGN KEY(user) REFERENCES users (id)
);
CREATE INDEX ix_absences_stand_in ON absences (stand_in);
CREATE INDEX ix_absences_user ON absences (user);
CREATE TABLE device_keys (
	id INTEGER NOT NULL,
	digest TEXT NOT NULL,
	user BIGINT NOT NULL,
	label TEXT NOT NULL,
	areas TEXT NOT NULL,
	made_at BIGINT NOT NULL,
	used_at BIGINT,
	revoked_at BIGINT,
	CONSTRAINT pk_device_keys PRIMARY KEY (id),
	CONSTRAINT fk_device_keys_user FOREIGN KEY(user) REFERENCES users (id),
	CONSTRAINT uq_device_keys_digest UNIQUE (digest)
);
CREATE INDEX ix_device_keys_user ON device_keys (user);
CREATE TABLE duties (
	window BIGINT NOT NULL,
	day DATE NOT NULL,
	person TEXT NOT NULL,
	at BIGINT NOT NULL,
	"by" BIGINT NOT NULL,
	CONSTRAINT pk_duties PRIMARY KEY (window, day),
	CONSTRAINT fk_duties_window FOREIGN KEY(window) REFERENCES windows (id)
);
CREATE UNIQUE INDEX uq_events_matter_step ON events (matter, step) WHERE step IS NOT NULL;
CREATE UNIQUE INDEX uq_visits_client_id ON visits (client_id);
CREATE TABLE basemaps (
	id INTEGER NOT NULL,
	name TEXT NOT NULL,
	digest TEXT NOT NULL,
	format TEXT NOT NULL,
	crs TEXT NOT NULL,
	min_zoom INTEGER NOT NULL,
	max_zoom INTEGER NOT NULL,
	west DOUBLE NOT NULL,
	south DOUBLE NOT NULL,
	east DOUBLE NOT NULL,
	north DOUBLE NOT NULL,
	made_at BIGINT NOT NULL,
	CONSTRAINT pk_basemaps PRIMARY KEY (id)
);
CREATE TABLE layers (
	id INTEGER NOT NULL,
	name TEXT NOT NULL,
	name_en TEXT,
	kind TEXT NOT NULL,
	file TEXT NOT NULL,
	digest TEXT NOT NULL,
	rows INTEGER NOT NULL,
	made_at BIGINT NOT NULL,
	west DOUBLE NOT NULL,
	south DOUBLE NOT NULL,
	east DOUBLE NOT NULL,
	north DOUBLE NOT NULL,
	position INTEGER NOT NULL,
	visible BOOLEAN NOT NULL,
	CONSTRAINT pk_layers PRIMARY KEY (id),
	CONSTRAINT uq_layers_name UNIQUE (name)
);
CREATE TABLE layer_features (
	layer BIGINT NOT NULL,
	id INTEGER NOT NULL,
	name TEXT NOT NULL,
	wkb BLOB NOT NULL,
	west DOUBLE NOT NULL,
	south DOUBLE NOT NULL,
	east DOUBLE NOT NULL,
	north DOUBLE NOT NULL,
	households INTEGER,
	CONSTRAINT pk_layer_features PRIMARY KEY (layer, id),
	CONSTRAINT fk_layer_features_layer FOREIGN KEY(layer) REFERENCES layers (id)
);
CREATE INDEX ix_layer_features_layer_west ON layer_features (layer, west);
CREATE TABLE interviews (
	id INTEGER NOT NULL,
	office INTEGER NOT NULL,
	rule BIGINT NOT NULL,
	reason TEXT NOT NULL,
	words TEXT NOT NULL,
	asked_at BIGINT NOT NULL,
	asked_by BIGINT NOT NULL,
	due_at BIGINT NOT NULL,
	answer TEXT DEFAULT '' NOT NULL,
	answered_at BIGINT DEFAULT '0' NOT NULL,
	answered_by BIGINT DEFAULT '0' NOT NULL,
	closed_at BIGINT DEFAULT '0' NOT NULL,
	closed_by BIGINT DEFAULT '0' NOT NULL,
	verdict TEXT DEFAULT '' NOT NULL,
	CONSTRAINT pk_interviews PRIMARY KEY (id)
);
CREATE INDEX ix_interviews_office ON interviews (office);
CREATE TABLE lag_rules (
	id INTEGER NOT NULL,
	position INTEGER NOT NULL,
	measure TEXT NOT NULL,
	threshold FLOAT NOT NULL,
	least INTEGER NOT NULL,
	days INTEGER NOT NULL,
	kind TEXT NOT NULL,
	interview BOOLEAN NOT NULL,
	active BOOLEAN NOT NULL,
	CONSTRAINT pk_lag_rules PRIMARY KEY (id)
);
CREATE TABLE office_changes (
	id INTEGER NOT NULL,
	office INTEGER NOT NULL,
	at BIGINT NOT NULL,
	"by" BIGINT NOT NULL,
	kind TEXT NOT NULL,
	data TEXT NOT NULL,
	CONSTRAINT pk_office_changes PRIMARY KEY (id)
);
CREATE INDEX ix_office_changes_office ON office_changes (office);
CREATE TABLE sessions (
	id INTEGER NOT NULL,
	title TEXT NOT NULL,
	area BIGINT NOT NULL,
	state TEXT NOT NULL,
	opened_at BIGINT NOT NULL,
	opened_by BIGINT NOT NULL,
	roles TEXT NOT NULL,
	resumes_at BIGINT DEFAULT '0' NOT NULL,
	decision TEXT DEFAULT '' NOT NULL,
	closed_at BIGINT DEFAULT '0' NOT NULL,
	closed_by BIGINT DEFAULT '0' NOT NULL,
	CONSTRAINT pk_sessions PRIMARY KEY (id)
);
CREATE INDEX ix_sessions_state ON sessions (state);
CREATE TABLE stays (
	matter BIGINT NOT NULL,
	step INTEGER NOT NULL,
	office INTEGER NOT NULL,
	since BIGINT NOT NULL,
	due_at BIGINT NOT NULL,
	until BIGINT DEFAULT '0' NOT NULL,
	last INTEGER DEFAULT '0' NOT NULL,
	"left" SMALLINT DEFAULT '0' NOT NULL,
	CONSTRAINT pk_stays PRIMARY KEY (matter, step)
);
CREATE INDEX ix_stays_office_until ON stays (office, until);
CREATE INDEX ix_stays_since ON stays (since);
CREATE INDEX ix_stays_until ON stays (until);
CREATE TABLE working_groups (
	id INTEGER NOT NULL,
	position INTEGER NOT NULL,
	name TEXT NOT NULL,
	name_en TEXT NOT NULL,
	duty TEXT,
	CONSTRAINT pk_working_groups PRIMARY KEY (id)
);
CREATE TABLE group_departments (
	"group" BIGINT NOT NULL,
	department TEXT NOT NULL,
	CONSTRAINT pk_group_departments PRIMARY KEY ("group", department),
	CONSTRAINT fk_group_departments_group FOREIGN KEY("group") REFERENCES working_groups (id)
);
CREATE TABLE session_lines (
	id INTEGER NOT NULL,
	session BIGINT NOT NULL,
	at BIGINT NOT NULL,
	"by" BIGINT NOT NULL,
	kind TEXT NOT NULL,
	data TEXT NOT NULL,
	CONSTRAINT pk_session_lines PRIMARY KEY (id),
	CONSTRAINT fk_session_lines_session FOREIGN KEY(session) REFERENCES sessions (id)
);
CREATE INDEX ix_session_lines_session ON session_lines (session);
CREATE TABLE session_matters (
	session BIGINT NOT NULL,
	matter BIGINT NOT NULL,
	position INTEGER NOT NULL,
	judgement TEXT DEFAULT '' NOT NULL,
	CONSTRAINT pk_session_matters PRIMARY KEY (session, matter),
	CONSTRAINT fk_session_matters_session FOREIGN KEY(session) REFERENCES sessions (id)
);
CREATE INDEX ix_session_matters_matter ON session_matters (matter);
CREATE TABLE session_tasks (
	id INTEGER NOT NULL,
	session BIGINT NOT NULL,
	matter BIGINT NOT NULL,
	"group" BIGINT,
	office INTEGER NOT NULL,
	task TEXT NOT NULL,
	due_at BIGINT NOT NULL,
	answer TEXT DEFAULT '' NOT NULL,
	answered_at BIGINT DEFAULT '0' NOT NULL,
	answered_by BIGINT DEFAULT '0' NOT NULL,
	done_at BIGINT DEFAULT '0' NOT NULL,
	done_by BIGINT DEFAULT '0' NOT NULL,
	CONSTRAINT pk_session_tasks PRIMARY KEY (id),
	CONSTRAINT fk_session_tasks_group FOREIGN KEY("group") REFERENCES working_groups (id),
	CONSTRAINT fk_session_tasks_session FOREIGN KEY(session) REFERENCES sessions (id)
);
CREATE INDEX ix_session_tasks_office ON session_tasks (office);
CREATE INDEX ix_session_tasks_session ON session_tasks (session);
CREATE INDEX ix_matters_centre ON matters (accepted_at, grid, closed_at) WHERE channel = 1;
CREATE TABLE mediators (
	id INTEGER NOT NULL,
	name TEXT NOT NULL,
	kind TEXT NOT NULL,
	area BIGINT NOT NULL,
	specialities TEXT NOT NULL,
	capacity INTEGER NOT NULL,
	active_from DATE,
	active_to DATE,
	CONSTRAINT pk_mediators PRIMARY KEY (id)
);
CREATE INDEX ix_mediators_area ON mediators (area);
CREATE TABLE tasks (
	id INTEGER NOT NULL,
	client_id TEXT,
	kind TEXT NOT NULL,
	title TEXT NOT NULL,
	text TEXT,
	areas TEXT NOT NULL,
	checklist TEXT NOT NULL,
	due_at BIGINT NOT NULL,
	made_at BIGINT NOT NULL,
	made_by BIGINT NOT NULL,
	withdrawn_at BIGINT DEFAULT '0' NOT NULL,
	withdrawn_why TEXT,
	CONSTRAINT pk_tasks PRIMARY KEY (id),
	CONSTRAINT uq_tasks_client_id UNIQUE (client_id)
);
CREATE TABLE disputes (
	id INTEGER NOT NULL,
	client_id TEXT,
	area BIGINT NOT NULL,
	source TEXT NOT NULL,
	kind TEXT NOT NULL,
	parties TEXT NOT NULL,
	text TEXT,
	matter BIGINT,
	slip TEXT,
	return_due_at BIGINT DEFAULT '0' NOT NULL,
	version INTEGER NOT NULL,
	state TEXT NOT NULL,
	mediator BIGINT,
	entrusted_at BIGINT NOT NULL,
	sessions INTEGER DEFAULT '0' NOT NULL,
	agreed_at BIGINT DEFAULT '0' NOT NULL,
	ended_at BIGINT DEFAULT '0' NOT NULL,
	follow_up_at BIGINT DEFAULT '0' NOT NULL,
	visited_at BIGINT DEFAULT '0' NOT NULL,
	relapses INTEGER DEFAULT '0' NOT NULL,
	returned_at BIGINT DEFAULT '0' NOT NULL,
	late BOOLEAN DEFAULT 0 NOT NULL,
	explained BOOLEAN DEFAULT 0 NOT NULL,
	last_at BIGINT NOT NULL,
	CONSTRAINT pk_disputes PRIMARY KEY (id),
	CONSTRAINT fk_disputes_mediator FOREIGN KEY(mediator) REFERENCES mediators (id),
	CONSTRAINT uq_disputes_client_id UNIQUE (client_id)
);
CREATE INDEX ix_disputes_area ON disputes (area);
CREATE INDEX ix_disputes_entrusted_at ON disputes (entrusted_at);
CREATE INDEX ix_disputes_matter ON disputes (matter);
CREATE INDEX ix_disputes_mediator ON disputes (mediator);
CREATE TABLE task_findings (
	task BIGINT NOT NULL,
	matter BIGINT NOT NULL,
	grid BIGINT NOT NULL,
	CONSTRAINT pk_task_findings PRIMARY KEY (task, matter),
	CONSTRAINT fk_task_findings_task FOREIGN KEY(task) REFERENCES tasks (id)
);
CREATE INDEX ix_task_findings_matter ON task_findings (matter);
CREATE TABLE task_parts (
	task BIGINT NOT NULL,
	grid BIGINT NOT NULL,
	lon DOUBLE NOT NULL,
	lat DOUBLE NOT NULL,
	was BIGINT,
	done_at BIGINT DEFAULT '0' NOT NULL,
	done_by BIGINT DEFAULT '0' NOT NULL,
	answers TEXT,
	text TEXT,
	photos TEXT,
	client_id TEXT,
	CONSTRAINT pk_task_parts PRIMARY KEY (task, grid),
	CONSTRAINT fk_task_parts_task FOREIGN KEY(task) REFERENCES tasks (id),
	CONSTRAINT uq_task_parts_client_id UNIQUE (client_id)
);
CREATE INDEX ix_task_parts_grid ON task_parts (grid);
CREATE TABLE dispute_lines (
	dispute BIGINT NOT NULL,
	number INTEGER NOT NULL,
	act TEXT NOT NULL,
	at BIGINT NOT NULL,
	actor BIGINT NOT NULL,
	data TEXT NOT NULL,
	CONSTRAINT pk_dispute_lines PRIMARY KEY (dispute, number),
	CONSTRAINT fk_dispute_lines_dispute FOREIGN KEY(dispute) REFERENCES disputes (id)
);
CREATE TABLE drafts (
	id INTEGER NOT NULL,
	base INTEGER NOT NULL,
	name TEXT NOT NULL,
	owner BIGINT NOT NULL,
	shared BOOLEAN NOT NULL,
	state TEXT NOT NULL,
	head INTEGER NOT NULL,
	version INTEGER NOT NULL,
	made_at BIGINT NOT NULL,
	changed_at BIGINT NOT NULL,
	submitted_by BIGINT DEFAULT '0' NOT NULL,
	submitted_at BIGINT DEFAULT '0' NOT NULL,
	decided_by BIGINT DEFAULT '0' NOT NULL,
	decided_at BIGINT DEFAULT '0' NOT NULL,
	decision TEXT,
	effective DATE,
	"plan" INTEGER,
	CONSTRAINT pk_drafts PRIMARY KEY (id),
	CONSTRAINT fk_drafts_base FOREIGN KEY(base) REFERENCES plans (id),
	CONSTRAINT fk_drafts_plan FOREIGN KEY("plan") REFERENCES plans (id)
);
CREATE INDEX ix_drafts_state ON drafts (state);
CREATE TABLE draft_steps (
	draft BIGINT NOT NULL,
	step INTEGER NOT NULL,
	parent INTEGER NOT NULL,
	base INTEGER NOT NULL,
	kind TEXT NOT NULL,
	grids TEXT NOT NULL,
	change BLOB NOT NULL,
	"by" BIGINT NOT NULL,
	at BIGINT NOT NULL,
	note TEXT,
	aside BOOLEAN NOT NULL,
	CONSTRAINT pk_draft_steps PRIMARY KEY (draft, step),
	CONSTRAINT fk_draft_steps_draft FOREIGN KEY(draft) REFERENCES drafts (id)
);
CREATE TABLE draft_comments (
	id INTEGER NOT NULL,
	draft BIGINT NOT NULL,
	"by" BIGINT NOT NULL,
	at BIGINT NOT NULL,
	words TEXT NOT NULL,
	lon DOUBLE,
	lat DOUBLE,
	resolved_by BIGINT DEFAULT '0' NOT NULL,
	resolved_at BIGINT DEFAULT '0' NOT NULL,
	CONSTRAINT pk_draft_comments PRIMARY KEY (id),
	CONSTRAINT fk_draft_comments_draft FOREIGN KEY(draft) REFERENCES drafts (id)
);
CREATE INDEX ix_draft_comments_draft ON draft_comments (draft);
CREATE TABLE draft_locks (
	draft BIGINT NOT NULL,
	grid BIGINT NOT NULL,
	"by" BIGINT NOT NULL,
	until BIGINT NOT NULL,
	CONSTRAINT pk_draft_locks PRIMARY KEY (draft, grid),
	CONSTRAINT fk_draft_locks_draft FOREIGN KEY(draft) REFERENCES drafts (id)
);
CREATE INDEX ix_draft_locks_grid ON draft_locks (grid);
CREATE TABLE contracts (
	id INTEGER NOT NULL,
	client_id TEXT,
	village BIGINT NOT NULL,
	kind TEXT NOT NULL,
	title TEXT NOT NULL,
	area_written DOUBLE NOT NULL,
	price_before DOUBLE NOT NULL,
	area_measured DOUBLE DEFAULT '0' NOT NULL,
	price_after DOUBLE DEFAULT '0' NOT NULL,
	irregular BOOLEAN DEFAULT 0 NOT NULL,
	state TEXT NOT NULL,
	version INTEGER NOT NULL,
	listed_at BIGINT NOT NULL,
	published_at BIGINT DEFAULT '0' NOT NULL,
	reviewed_at BIGINT DEFAULT '0' NOT NULL,
	reviewed_by BIGINT DEFAULT '0' NOT NULL,
	decided_at BIGINT DEFAULT '0' NOT NULL,
	relapses INTEGER DEFAULT '0' NOT NULL,
	last_at BIGINT NOT NULL,
	CONSTRAINT pk_contracts PRIMARY KEY (id),
	CONSTRAINT uq_contracts_client_id UNIQUE (client_id)
);
CREATE INDEX ix_contracts_village ON contracts (village);
CREATE TABLE contract_entries (
	contract BIGINT NOT NULL,
	number INTEGER NOT NULL,
	act TEXT NOT NULL,
	at BIGINT NOT NULL,
	actor BIGINT NOT NULL,
	data TEXT NOT NULL,
	CONSTRAINT pk_contract_entries PRIMARY KEY (contract, number),
	CONSTRAINT fk_contract_entries_contract FOREIGN KEY(contract) REFERENCES contracts (id)
);
CREATE TABLE village_incomes (
	id INTEGER NOT NULL,
	village BIGINT NOT NULL,
	year INTEGER NOT NULL,
	yuan BIGINT NOT NULL,
	at BIGINT NOT NULL,
	"by" BIGINT NOT NULL,
	words TEXT,
	CONSTRAINT pk_village_incomes PRIMARY KEY (id)
);
CREATE INDEX ix_village_incomes_village ON village_incomes (village);
CREATE TABLE deliberations (
	id INTEGER NOT NULL,
	client_id TEXT,
	area BIGINT NOT NULL,
	kind TEXT NOT NULL,
	title TEXT NOT NULL,
	state TEXT NOT NULL,
	version INTEGER NOT NULL,
	meetings INTEGER NOT NULL,
	objections INTEGER DEFAULT '0' NOT NULL,
	decision TEXT,
	met_at BIGINT NOT NULL,
	resume_at BIGINT DEFAULT '0' NOT NULL,
	decided_at BIGINT DEFAULT '0' NOT NULL,
	notice_until BIGINT DEFAULT '0' NOT NULL,
	follow_up_at BIGINT DEFAULT '0' NOT NULL,
	done_at BIGINT DEFAULT '0' NOT NULL,
	last_at BIGINT NOT NULL,
	CONSTRAINT pk_deliberations PRIMARY KEY (id),
	CONSTRAINT uq_deliberations_client_id UNIQUE (client_id)
);
CREATE INDEX ix_deliberations_area ON deliberations (area);
CREATE TABLE deliberation_entries (
	deliberation BIGINT NOT NULL,
	number INTEGER NOT NULL,
	act TEXT NOT NULL,
	at BIGINT NOT NULL,
	actor BIGINT NOT NULL,
	data TEXT NOT NULL,
	CONSTRAINT pk_deliberation_entries PRIMARY KEY (deliberation, number),
	CONSTRAINT fk_deliberation_entries_deliberation FOREIGN KEY(deliberation) REFERENCES deliberations (id)
);
CREATE TABLE deliberation_matters (
	deliberation BIGINT NOT NULL,
	matter BIGINT NOT NULL,
	CONSTRAINT pk_deliberation_matters PRIMARY KEY (deliberation, matter),
	CONSTRAINT fk_deliberation_matters_deliberation FOREIGN KEY(deliberation) REFERENCES deliberations (id)
);
CREATE INDEX ix_deliberation_matters_matter ON deliberation_matters (matter);
INSERT INTO "alembic_version" VALUES ('0007');
INSERT INTO "categories" VALUES (1, 'E', NULL, '事件', 'Events', 'event', NULL, NULL, NULL, 1, 1.0, 0);
INSERT INTO "categories" VALUES (4, 'E01', 'E', '暴露垃圾', 'Rubbish', 'event', NULL, NULL, NULL, 1, 1.0, 0);
INSERT INTO "events" VALUES (1, 1, 'imported', 1716252360, NULL, NULL, NULL);
INSERT INTO "events" VALUES (2, 2, 'imported', 1716252360, NULL, NULL, NULL);
INSERT INTO "events" VALUES (3, 3, 'reported', 1716251860, NULL, NULL, NULL);
INSERT INTO "events" VALUES (4, 4, 'report', 1716252360, '8', '{"grid":410702001001001,"category":"E01","status":0,"office":4,"reporter":8,"reported_at":1716252360,"due_at":1716456600,"step_due_at":1716254160}', 1);
INSERT INTO "events" VALUES (5, 4, 'accept', 1716252420, '1', '{"reason":"收到","status":1,"due_at":1716456600,"step_due_at":1716259620,"dispatch_due_at":1716259620}', 2);
INSERT INTO "imports" VALUES (1, 'reports', '[]', 'x', 1716252360, NULL, 'visible', 2, 2, '{}', NULL, NULL, NULL, NULL);
INSERT INTO "meta" VALUES ('city', '4107');
INSERT INTO "meta" VALUES ('revision', '1');
INSERT INTO "meta" VALUES ('revision.mediation', '1');
INSERT INTO "meta" VALUES ('tasks.plan', '1');
INSERT INTO "plans" VALUES (1, NULL, 'first', 'in_force', '2021-01-01', NULL, 'd', NULL, NULL, NULL, NULL, NULL);
INSERT INTO "visits" VALUES (1, 410702001001001, 7, 1716252360, NULL);
INSERT INTO "matters" VALUES (1, 'old-1', 4, 410702001001001, 1, 113.05, 35.05, 1716251460, 1716251560, 1716253260, 1716252260, 4, 3, NULL, '旧的', 1);
INSERT INTO "matters" VALUES (2, 'old-2', 4, 410702001001001, 1, 113.05, 35.05, 1716251660, 1716251760, 1716253260, NULL, 3, 3, NULL, NULL, 1);
INSERT INTO "matters" VALUES (3, 'live-3', 4, 410702001001001, 1, 113.05, 35.05, 1716251860, NULL, NULL, NULL, 0, 0, NULL, '直报', NULL);
INSERT INTO "matters" VALUES (4, 'live-4', 4, 410702001001001, 1, 113.05, 35.05, 1716252360, 1716252420, 1716456600, NULL, 1, 0, NULL, NULL, NULL);
INSERT INTO "cases" VALUES (4, '410702-E01-20240521-000001', 'ZZH9FVSCQR', 'same', 2, 1, 4, 410702001001001, 4, 0, 8, 1716252420, 1716259620, 1716456600, 1716252360, 1716252420, 1716259620, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '{"category":"E01","last_at":1716252420}', NULL, NULL);
INSERT INTO "serials" VALUES (410702, 20240521, 1);
INSERT INTO "stays" VALUES (4, 1, 4, 1716252360, 1716254160, 0, 0, 0);
INSERT INTO "mediators" VALUES (1, '王', 'lawyer', 410702, '["labour"]', 3, NULL, NULL);
INSERT INTO "tasks" VALUES (1, NULL, 'visit', '走访', NULL, '[410702]', '["在家？"]', 1716252369, 1716252360, 5, 0, NULL);
INSERT INTO "disputes" VALUES (1, 'a', 410702001001001, 'police', 'labour', '["employer", "employee"]', NULL, 1, NULL, 0, 1, 'entrusted', NULL, 1716252360, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1716252360);
INSERT INTO "task_parts" VALUES (1, 410702001001001, 113.05, 35.05, NULL, 0, 0, NULL, NULL, NULL, NULL);
INSERT INTO "dispute_lines" VALUES (1, 1, 'entrust', 1716252360, 5, '{"area":410702001001001,"source":"police","kind":"labour","matter":1}');
INSERT INTO "working_groups" VALUES (1, 1, '城市管理组', 'City management', NULL);
INSERT INTO "sessions" VALUES (3, '研判', 4107, 'closed', 1716252360, 8, '["指挥长", "组长"]', 0, '一周后复盘', 1716252368, 8);
INSERT INTO "sessions" VALUES (4, '再研判', 410702, 'adjourned', 1716252370, 9, '["网格长"]', 1716256000, '', 0, 0);
INSERT INTO "session_matters" VALUES (3, 4, 1, '改判');
INSERT INTO "session_matters" VALUES (3, 1, 3, '');
INSERT INTO "session_tasks" VALUES (6, 3, 4, 1, 4, '今日办结', 1716300000, '已附照片', 1716252372, 5, 1716252374, 8);
INSERT INTO "session_tasks" VALUES (7, 3, 4, NULL, 4, '反馈', 1716300000, '', 0, 0, 0, 0);
INSERT INTO "session_lines" VALUES (1, 3, 1716252360, 8, 'opened', '{"title": "研判", "roles": ["指挥长", "组长"]}');
INSERT INTO "session_lines" VALUES (2, 3, 1716252361, 8, 'picked', '{"matters": [4, 2, 1]}');
INSERT INTO "session_lines" VALUES (3, 3, 1716252362, 8, 'judged', '{"matter": 4, "words": "责任清楚"}');
INSERT INTO "session_lines" VALUES (4, 3, 1716252363, 8, 'assigned', '{"matter": 4, "office": 4, "group": 1, "task": "今日办结", "due_at": 1716300000}');
INSERT INTO "session_lines" VALUES (5, 3, 1716252363, 8, 'assigned', '{"matter": 4, "office": 4, "task": "反馈", "due_at": 1716300000}');
INSERT INTO "session_lines" VALUES (6, 3, 1716252364, 8, 'dropped', '{"matter": 2}');
INSERT INTO "session_lines" VALUES (7, 3, 1716252365, 8, 'adjourned', '{"until": 1716256000, "reason": "待查"}');
INSERT INTO "session_lines" VALUES (8, 3, 1716252366, 8, 'resumed', '{}');
INSERT INTO "session_lines" VALUES (9, 3, 1716252367, 8, 'judged', '{"matter": 4, "words": "改判"}');
INSERT INTO "session_lines" VALUES (10, 3, 1716252368, 8, 'closed', '{"decision": "一周后复盘"}');
INSERT INTO "session_lines" VALUES (11, 3, 1716252369, 5, 'answered', '{"task": 6, "words": "已办"}');
INSERT INTO "session_lines" VALUES (12, 4, 1716252370, 9, 'opened', '{"title": "再研判", "roles": ["网格长"]}');
INSERT INTO "session_lines" VALUES (13, 4, 1716252371, 9, 'adjourned', '{"until": 1716256000}');
INSERT INTO "session_lines" VALUES (14, 3, 1716252371, 8, 'asked_again', '{"task": 6, "words": "缺照片"}');
INSERT INTO "session_lines" VALUES (15, 3, 1716252372, 5, 'answered', '{"task": 6, "words": "已附照片"}');
INSERT INTO "session_lines" VALUES (16, 3, 1716252374, 8, 'done', '{"task": 6}');
INSERT INTO "contracts" VALUES (1, 'pond-3', 410702001001, 'pond', '3号', 12.5, 80.0, 0.0, 0.0, 0, 'listed', 1, 1716252360, 0, 0, 0, 0, 0, 1716252360);
INSERT INTO "contract_entries" VALUES (1, 1, 'list', 1716252360, 5, '{"village":410702001001,"kind":"pond","title":"3号","area_written":12.5,"price_before":80.0}');
