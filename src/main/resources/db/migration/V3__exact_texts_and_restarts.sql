-- Every script of the world, and LoRA is not lora, whatever the server's own character set is.
alter table runs convert to character set utf8mb4 collate utf8mb4_bin;
alter table cells convert to character set utf8mb4 collate utf8mb4_bin;
alter table attempts convert to character set utf8mb4 collate utf8mb4_bin;
alter table log_chunks convert to character set utf8mb4 collate utf8mb4_bin;
alter table metric_chunks convert to character set utf8mb4 collate utf8mb4_bin;
alter table workers convert to character set utf8mb4 collate utf8mb4_bin;
alter table scores convert to character set utf8mb4 collate utf8mb4_bin;
alter table workflows convert to character set utf8mb4 collate utf8mb4_bin;
alter table acts convert to character set utf8mb4 collate utf8mb4_bin;

alter table cells add constraint cells_key unique (run_id, cell_key);
alter table cells add column not_before datetime(6);
alter table cells add column fresh_from int default 1 not null;
