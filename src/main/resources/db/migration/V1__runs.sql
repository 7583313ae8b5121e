create table runs (
    id bigint not null auto_increment primary key,
    workflow varchar(200) not null,
    description varchar(2000),
    yaml longtext not null,
    plan longtext not null,
    state varchar(12) not null,
    total int not null,
    succeeded int not null,
    failed int not null,
    cancelled int not null,
    skipped int not null,
    cached int not null,
    created_at datetime(6) not null,
    ended_at datetime(6),
    created_by varchar(200) not null,
    idempotency_key varchar(200),
    constraint runs_idempotency unique (idempotency_key)
);

create table cells (
    id bigint not null primary key,
    run_id bigint not null,
    ordinal int not null,
    step varchar(100) not null,
    kind varchar(40) not null,
    cell_key varchar(255) not null,
    pool varchar(10) not null,
    state varchar(12) not null,
    attempt int not null,
    open_needs int not null,
    allow_failed boolean not null,
    control boolean not null,
    priority int not null,
    max_parallel int not null,
    handed boolean not null,
    handing int not null,
    losses int not null,
    retries int not null,
    progress double not null,
    ready_at datetime(6),
    started_at datetime(6),
    ended_at datetime(6),
    worker varchar(80),
    cause varchar(10),
    message varchar(2000),
    manifest longtext,
    constraint cells_run foreign key (run_id) references runs (id)
);
create index cells_by_run on cells (run_id, state);
create index cells_by_pool on cells (pool, state, handed);

create table needs (
    cell_id bigint not null,
    upstream_id bigint not null,
    run_id bigint not null,
    primary key (cell_id, upstream_id)
);
create index needs_by_upstream on needs (upstream_id);
create index needs_by_run on needs (run_id);

create table attempts (
    id bigint not null auto_increment primary key,
    cell_id bigint not null,
    attempt int not null,
    state varchar(12) not null,
    started_at datetime(6) not null,
    ended_at datetime(6),
    worker varchar(80) not null,
    cause varchar(10),
    message varchar(2000),
    trace longtext,
    constraint attempts_number unique (cell_id, attempt)
);

create table log_chunks (
    id bigint not null auto_increment primary key,
    cell_id bigint not null,
    attempt int not null,
    first_line bigint not null,
    body longtext not null
);
create index log_chunks_by_attempt on log_chunks (cell_id, attempt, first_line);

create table metric_chunks (
    id bigint not null auto_increment primary key,
    cell_id bigint not null,
    attempt int not null,
    points longtext not null
);
create index metric_chunks_by_attempt on metric_chunks (cell_id, attempt);

create table workers (
    id varchar(80) not null primary key,
    boot varchar(80) not null,
    light_slots int not null,
    device_slots int not null,
    beat bigint not null,
    started_at datetime(6) not null
);

create table scores (
    id bigint not null auto_increment primary key,
    run_id bigint not null,
    ordinal int not null,
    attempt int not null,
    score longtext not null
);
create index scores_by_run on scores (run_id);
