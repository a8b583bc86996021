-- Deploy qryvanta:api/input to pg
-- requires: roles
-- The import asks it about lines that would not go in, to say which value is wrong.

begin;

set local role qryvanta_owner;

do $$
begin
    if current_setting('server_version_num')::int >= 160000 then
        execute $body$
            create function api.is_input(value text, type text)
                returns boolean
                stable
                parallel safe
                language sql
                set search_path = pg_catalog, pg_temp
            return value is null or pg_input_is_valid(value, type)
        $body$;
    else
        execute $body$
            create function api.is_input(value text, type text)
                returns boolean
                stable
                language plpgsql
                set search_path = pg_catalog, pg_temp
            as $function$
            begin
                -- Only a type of the closed list of compile.sql_type arrives here.
                execute format('select %L::%s', value, type);
                return true;
            exception
                when data_exception then
                    return false;
            end
            $function$
        $body$;
    end if;
end
$$;

comment on function api.is_input(text, text) is
'Whether a text can be read as a value of a type; null always can';

grant usage on schema api to qryvanta_worker;
grant execute on function api.is_input(text, text) to qryvanta_worker;

commit;
