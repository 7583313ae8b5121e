-- A row of runs is read and locked at each end of a cell; its long texts are read once, so they stand apart.
create table plans (
    run_id bigint not null primary key,
    yaml longtext not null,
    plan longtext not null,
    constraint plans_run foreign key (run_id) references runs (id)
);
alter table plans convert to character set utf8mb4 collate utf8mb4_bin;
insert into plans (run_id, yaml, plan) select id, yaml, plan from runs;
alter table runs drop column yaml;
alter table runs drop column plan;
