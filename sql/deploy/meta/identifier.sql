-- Deploy qryvanta:meta/identifier to pg
-- requires: roles
-- What a name may be: usable without quotes in psql on every supported PostgreSQL.

begin;

set local role qryvanta_owner;

create domain meta.identifier as text
constraint identifier_form_check check (value ~ '^[a-z][a-z0-9_]{0,47}$' and value !~ '^pg_');

comment on domain meta.identifier is
'Name of an app, entity, field, relation, role, choice list or rule: needs no quoting';

create table meta.reserved_word (
    word text not null,
    scope text not null,
    suggestion text,

    constraint reserved_word_pkey primary key (word, scope),
    constraint reserved_word_scope_check check (scope in ('any', 'app', 'field'))
);

comment on table meta.reserved_word is 'Names that are taken, and what to use instead';
comment on column meta.reserved_word.scope is
'any: reserved by PostgreSQL (pg_get_keywords() R and T of 15 to 18); app: a schema or an '
'address; field: a system column or a parameter of the API';

insert into meta.reserved_word (word, scope)
select w.word, 'any'
from unnest(string_to_array(
    'all analyse analyze and any array as asc asymmetric authorization binary both case cast '
    'check collate collation column concurrently constraint create cross current_catalog '
    'current_date current_role current_schema current_time current_timestamp current_user default'
    ' deferrable desc distinct do else end except false fetch for foreign freeze from full grant '
    'group having ilike in initially inner intersect into is isnull join lateral leading left '
    'like limit localtime localtimestamp natural not notnull null offset on only or order outer '
    'overlaps placing primary references returning right select session_user similar some '
    'symmetric system_user table tablesample then to trailing true union unique user using '
    'variadic verbose when where window with',
    ' '
)) as w (word);

insert into meta.reserved_word (word, scope)
select w.word, 'field'
from unnest(string_to_array(
    'tableoid ctid xmin xmax cmin cmax oid id tenant_id owner owner_id created_at created_by '
    'updated_at updated_by version deleted_at select columns on_conflict and or not limit offset '
    'where view search order tx',
    ' '
)) as w (word);

insert into meta.reserved_word (word, scope)
select w.word, 'app'
from unnest(string_to_array(
    'public information_schema pg_catalog tenancy identity meta compile publish audit storage '
    'workflow queue api lint sqitch auth qryvanta postgres citus partman build admin ops static '
    'health metrics login logout notices docs tenant_setting bi rs',
    ' '
)) as w (word);

update meta.reserved_word set suggestion = case word
    when 'order' then 'sales_order'
    when 'user' then 'member'
    when 'group' then 'team'
    when 'table' then 'desk'
    when 'check' then 'inspection'
    when 'column' then 'pillar'
    when 'from' then 'from_date'
    when 'to' then 'to_date'
    when 'end' then 'ends_on'
    when 'default' then 'standard'
    when 'desc' then 'description'
    when 'id' then 'number'
    when 'owner' then 'responsible'
    when 'version' then 'revision'
    else word || '_item'
end
where scope <> 'app';

create function meta.name_fault(name text, scope text)
    returns text
    stable
    language sql
    set search_path = pg_catalog, pg_temp
return case
    when name_fault.name is null then 'is missing'
    when name_fault.name !~ '^[a-z][a-z0-9_]{0,47}$'
        then format(
            'must be 1 to 48 lower-case letters, digits and _, beginning with a letter, not %s',
            to_json(left(name_fault.name, 80))
        )
    when name_fault.name ~ '^pg_' then 'must not begin with pg_, which PostgreSQL keeps for itself'
    else (
        select format(
            '%s is %s%s',
            to_json(r.word),
            case r.scope
                when 'any' then 'a reserved word of PostgreSQL'
                when 'app' then 'taken by the platform'
                else 'a column or parameter of the platform'
            end,
            coalesce('; try ' || to_json(r.suggestion), '')
        )
        from meta.reserved_word r
        where r.word = name_fault.name and r.scope in ('any', name_fault.scope)
        order by r.scope
        limit 1
    )
end;

comment on function meta.name_fault(text, text) is
'Why a name cannot be used (scope: app, entity, field, other); null when it can';

commit;
