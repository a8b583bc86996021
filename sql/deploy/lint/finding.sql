-- Deploy qryvanta:lint/finding to pg
-- requires: lint/subject
-- All lints at once: what qryvanta doctor tells.

begin;

set local role qryvanta_owner;

create view lint.finding as
select * from lint.audit_trigger_missing
union all
select * from lint.blocking_function_public
union all
select * from lint.change_default_filled
union all
select * from lint.change_log_granted
union all
select * from lint.change_log_mutable
union all
select * from lint.change_partition_missing
union all
select * from lint.column_unportable
union all
select * from lint.constraint_unvalidated
union all
select * from lint.database_public
union all
select * from lint.expression_foreign
union all
select * from lint.foreign_key_sets_null
union all
select * from lint.foreign_key_unindexed
union all
select * from lint.function_leakproof
union all
select * from lint.function_public
union all
select * from lint.gateway_inheriting
union all
select * from lint.gateway_member
union all
select * from lint.grant_excessive
union all
select * from lint.index_invalid
union all
select * from lint.key_tenantless
union all
select * from lint.login_chooses_tenant
union all
select * from lint.login_outside_mirror
union all
select * from lint.materialized_view_granted
union all
select * from lint.mirror_writes
union all
select * from lint.name_quoted
union all
select * from lint.owner_reachable
union all
select * from lint.owner_wrong
union all
select * from lint.partition_granted
union all
select * from lint.policy_missing
union all
select * from lint.policy_public
union all
select * from lint.policy_restrictive
union all
select * from lint.policy_tenantless
union all
select * from lint.rls_missing
union all
select * from lint.role_too_powerful
union all
select * from lint.schema_public
union all
select * from lint.search_path_mutable
union all
select * from lint.trigger_disabled
union all
select * from lint.view_definer;

comment on view lint.finding is
'Everything that is wrong with this database: which lint, how bad, which object, the remedy';

commit;
