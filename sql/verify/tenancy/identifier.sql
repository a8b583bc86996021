-- Verify qryvanta:tenancy/identifier on pg

select 1 / (substr(tenancy.new_id()::text, 15, 1) = '7')::int;
