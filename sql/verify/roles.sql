-- Verify qryvanta:roles on pg

select 'qryvanta_owner'::regrole, 'qryvanta_ddl'::regrole, 'qryvanta_gateway'::regrole,
    'qryvanta_server'::regrole, 'qryvanta_worker'::regrole, 'qryvanta_publisher'::regrole,
    'qryvanta_backup'::regrole, 'tenant_setting'::regrole;

select 'tenancy'::regnamespace, 'identity'::regnamespace, 'meta'::regnamespace,
    'compile'::regnamespace, 'publish'::regnamespace, 'audit'::regnamespace,
    'queue'::regnamespace, 'api'::regnamespace, 'lint'::regnamespace;
