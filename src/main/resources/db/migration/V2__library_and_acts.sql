create table workflows (
    id bigint not null auto_increment primary key,
    name varchar(200) not null,
    version int not null,
    yaml longtext not null,
    created_at datetime(6) not null,
    created_by varchar(200) not null,
    constraint workflows_version unique (name, version)
);

create table acts (
    id bigint not null auto_increment primary key,
    run_id bigint not null,
    ordinal int,
    verb varchar(20) not null,
    done_by varchar(200) not null,
    done_at datetime(6) not null
);
create index acts_by_run on acts (run_id);
