-- Deploy qryvanta:tenancy/transition to pg
-- requires: tenancy/current

begin;

set local role qryvanta_owner;

create function tenancy.refuse_transition()
    returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    raise exception 'this change of % is not allowed', tg_argv[1] using
        errcode = '23514', constraint = tg_argv[0], column = tg_argv[1], table = tg_table_name,
        schema = tg_table_schema;
end
$$;

comment on function tenancy.refuse_transition() is
'Trigger: refuses a value that a record cannot have next. The condition is that of the trigger; '
'its arguments are the name by which the error is known (23514) and the column';

commit;
