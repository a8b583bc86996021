-- Deploy qryvanta:compile/order_column to pg
-- requires: compile/name
-- Row security keeps a comparison of numerics from the index, because it is not leakproof; that of
-- double precision is. So what is indexed of such a field is its nearest double: a query asks for
-- both, and only the field decides.

begin;

set local role qryvanta_owner;

create function compile.order_column(field jsonb, entity jsonb)
    returns text
    immutable
    language sql
return case
    when field ->> 'sql_type' like 'numeric%'
        and (
            (field ->> 'indexed')::boolean
            or (field ->> 'unique')::boolean
            or jsonb_path_exists(
                jsonb_build_array(entity -> 'indexes', entity -> 'keys'),
                '$[*][*].fields[*] ? (@ == $name)',
                jsonb_build_object('name', field -> 'name')
            )
        )
        then compile.derived_name((field ->> 'name') || '_order')
end;

comment on function compile.order_column(jsonb, jsonb) is
'The column beside a numeric field of an index or key that carries the index; null for any other';

commit;
