-- Deploy qryvanta:tenancy/identifier to pg
-- requires: roles
-- Keys: uuid version 7, so that rows of a tenant lie in the order of their birth.

begin;

set local role qryvanta_owner;

do $$
begin
    if current_setting('server_version_num')::int >= 180000 then
        execute $body$
            create function tenancy.new_id()
                returns uuid
                volatile
                parallel safe
                language sql
                set search_path = pg_catalog, pg_temp
            return uuidv7()
        $body$;
    else
        -- 48 bits of milliseconds, 12 bits of their fraction, 62 random bits (RFC 9562, method 3).
        execute $body$
            create function tenancy.new_id()
                returns uuid
                volatile
                parallel safe
                language sql
                set search_path = pg_catalog, pg_temp
            return (
                overlay(
                    lpad(to_hex((date_part('epoch', clock_timestamp()) * 4096000.0)::bigint), 15, '0')
                    placing '7' from 13 for 0
                )
                || right(gen_random_uuid()::text, 18)
            )::uuid
        $body$;
    end if;
end
$$;

-- A column default calls it for every row: without the SET clause it inlines.
alter function tenancy.new_id() reset search_path;

comment on function tenancy.new_id() is 'A new key: uuid version 7, ascending in time (RFC 9562)';

commit;
