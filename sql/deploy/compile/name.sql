-- Deploy qryvanta:compile/name to pg
-- requires: roles

begin;

set local role qryvanta_owner;

create function compile.derived_name(name text)
    returns text
    immutable
    parallel safe
    language sql
return case
    when octet_length(derived_name.name) <= 50 then derived_name.name
    else left(derived_name.name, 41) || '_'
        || left(encode(sha256(convert_to(derived_name.name, 'UTF8')), 'hex'), 8)
end;

comment on function compile.derived_name(text) is
'The name of a generated object, at most 50 bytes: PostgreSQL cuts at 63 without an error, and '
'Citus appends to it';

create function compile.label(name text)
    returns text
    immutable
    parallel safe
    language sql
return upper(left(label.name, 1)) || replace(substr(label.name, 2), '_', ' ');

comment on function compile.label(text) is
'The label of an element that has none: sales_order is Sales order';

create function compile.plural(label text)
    returns text
    immutable
    parallel safe
    language sql
return case
    when plural.label ~* '[^aeiou]y$' then left(plural.label, -1) || 'ies'
    when plural.label ~* '(s|x|z|ch|sh)$' then plural.label || 'es'
    else plural.label || 's'
end;

comment on function compile.plural(text) is 'The plural of a label that has none';

create function compile.sql_type(type text, numeric_precision integer, numeric_scale integer)
    returns text
    immutable
    parallel safe
    language sql
return case sql_type.type
    when 'decimal' then format(
        'numeric(%s,%s)', coalesce(numeric_precision, 18), coalesce(numeric_scale, 2)
    )
    when 'money' then 'numeric(19,4)'
    when 'percent' then 'numeric(9,6)'
    when 'float' then 'double precision'
    when 'time' then 'time without time zone'
    when 'timestamp' then 'timestamp with time zone'
    when 'duration' then 'interval'
    when 'richtext' then 'text'
    when 'choice' then 'text'
    when 'multichoice' then 'text[]'
    when 'lookup' then 'uuid'
    when 'user' then 'uuid'
    when 'file' then 'uuid'
    when 'image' then 'uuid'
    when 'geopoint' then 'double precision'
    when 'autonumber' then 'text'
    when 'json' then 'jsonb'
    else sql_type.type
end;

comment on function compile.sql_type(text, integer, integer) is
'The column type of a field type, spelled as format_type() does';

create function compile.app_role(app text, role text)
    returns text
    immutable
    parallel safe
    language sql
return compile.derived_name(app || '_' || role);

comment on function compile.app_role(text, text) is
'The PostgreSQL role of an app role; the role _owner may do everything';

create function compile.bi_role(app text, role text)
    returns text
    immutable
    parallel safe
    language sql
return compile.derived_name('bi_' || app || '_' || role);

comment on function compile.bi_role(text, text) is
'The PostgreSQL role that holds what direct SQL logins of an app role may read';

commit;
