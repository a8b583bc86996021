-- Verify qryvanta:identity/user on pg

select
    'identity.role_names(uuid)'::regprocedure,
    'identity.assign_roles(uuid, uuid, text [])'::regprocedure,
    'identity.withdraw_roles(uuid, uuid, text [])'::regprocedure,
    'identity.create_user(text, text, text)'::regprocedure,
    'identity.add_member(uuid, uuid)'::regprocedure,
    'identity.set_password(uuid, text)'::regprocedure,
    'identity.disable_user(uuid)'::regprocedure;
