-- Deploy qryvanta:publish/notice to pg
-- requires: publish/incompatibility
-- What a version broke stays with it: a client that fails next week is explained by it.

begin;

set local role qryvanta_owner;

create table publish.notice (
    version_id uuid not null,
    place integer not null,
    path text not null,
    kind text not null,
    sentence text not null,

    constraint notice_pkey primary key (version_id, place),
    constraint notice_version_id_fkey foreign key (version_id)
        references publish.version (version_id) on delete cascade
);

comment on table publish.notice is
'What stopped working with a version for clients made for the one before';

create function publish.note_breaks()
    returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    insert into publish.notice (version_id, place, path, kind, sentence)
    select new.version_id, b.place, b.path, b.kind, b.sentence
    from publish.version v
    cross join lateral publish.incompatibility(v.model, new.model) with ordinality
        as b (path, kind, sentence, place)
    where v.app_id = new.app_id
        and v.number = (
            select max(o.number)
            from publish.version o
            where o.app_id = new.app_id and o.number < new.number
        );
    return null;
end
$$;

comment on function publish.note_breaks() is
'Trigger: keeps what a new version breaks of the one in force';

create trigger version_breaks
after insert on publish.version
for each row execute function publish.note_breaks();

commit;
