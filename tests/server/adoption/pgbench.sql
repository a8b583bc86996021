create schema bench;
create table bench.pgbench_history (tid int, bid int, aid int, delta int, mtime timestamp, filler char(22));
create table bench.pgbench_tellers (tid int not null primary key, bid int, tbalance int, filler char(84));
create table bench.pgbench_accounts (aid int not null primary key, bid int, abalance int, filler char(84));
create table bench.pgbench_branches (bid int not null primary key, bbalance int, filler char(88));
alter table bench.pgbench_tellers add foreign key (bid) references bench.pgbench_branches;
alter table bench.pgbench_accounts add foreign key (bid) references bench.pgbench_branches;
alter table bench.pgbench_history add foreign key (bid) references bench.pgbench_branches,
    add foreign key (tid) references bench.pgbench_tellers, add foreign key (aid) references bench.pgbench_accounts;
insert into bench.pgbench_branches select 1, 0;
insert into bench.pgbench_tellers select t, 1, 0 from generate_series(1, 10) t;
insert into bench.pgbench_accounts select a, 1, 0 from generate_series(1, 1000) a;
insert into bench.pgbench_history select 1, 1, 1, 5, now() from generate_series(1, 3);
