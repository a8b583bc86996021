-- Deploy qryvanta:publish/definition to pg
-- requires: roles
-- PostgreSQL rewrites an expression when it stores it (IN becomes = ANY), so text asked for and
-- text found cannot be compared. What was asked is kept beside what PostgreSQL made of it: an
-- object is as published when both still hold.

begin;

set local role qryvanta_owner;

create table publish.definition (
    kind text not null,
    schema_name text not null,
    table_name text not null,
    name text not null,
    definition text not null,
    deparsed text not null,

    constraint definition_pkey primary key (schema_name, kind, table_name, name)
);

comment on table publish.definition is
'What was asked for at publishing, and how PostgreSQL spells it';
comment on column publish.definition.table_name is 'Empty for a function';

commit;
