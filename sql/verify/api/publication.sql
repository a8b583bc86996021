-- Verify qryvanta:api/publication on pg

select
    'api.request_publication(uuid, uuid, text, text, boolean)'::regprocedure,
    'api.publication(uuid, uuid, text, uuid)'::regprocedure,
    'api.draft_preflight(uuid, uuid, text)'::regprocedure;
