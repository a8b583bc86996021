-- Deploy qryvanta:tenancy/definer to pg
-- requires: tenancy/current
-- What generated trigger functions share that change other records than the ones written.

begin;

set local role qryvanta_owner;

create function tenancy.act_in(tenant_id uuid)
    returns void
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    if tenancy.current_id() is not distinct from act_in.tenant_id then
        return;
    end if;
    -- Only who passes row security writes rows of a tenant that is not the transaction's: an
    -- administrator, the executor. They may say which tenant it is, and here it is said for them.
    perform set_config('qryvanta.tenant_id', act_in.tenant_id::text, true);
    if tenancy.current_id() is distinct from act_in.tenant_id then
        raise exception 'records of another tenant were written' using errcode = '28000';
    end if;
end
$$;

comment on function tenancy.act_in(uuid) is
'Makes a tenant the one of this transaction, so that a trigger function sees the rows that belong '
'to the rows written; raises 28000 when the login may not choose';

create function tenancy.refuse_snapshot()
    returns void
    stable
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
        raise exception 'a rollup cannot be kept right in isolation level %',
            current_setting('transaction_isolation')
            using errcode = '0A000', hint = 'Use read committed.';
    end if;
end
$$;

comment on function tenancy.refuse_snapshot() is
'Raises 0A000 in a transaction that does not see what others committed since it began';

commit;
