-- Keys that programs bring instead of a session. Only hashes of their secrets are here.
create table gateway.virtual_key (
    key_id uuid primary key,
    user_id uuid not null,
    name text not null,
    secret_hash bytea not null,
    hint text not null,
    -- The secret before the last rotation, and until when it still opens.
    previous_hash bytea,
    previous_until timestamptz,
    surfaces text[] not null,
    models text[] not null,
    created_at timestamptz not null,
    expires_at timestamptz,
    revoked_at timestamptz,
    last_used_at timestamptz,
    version int not null default 1,
    constraint virtual_key_secret unique (secret_hash)
);

create index virtual_key_previous on gateway.virtual_key (previous_hash) where previous_hash is not null;
create index virtual_key_created on gateway.virtual_key (created_at, key_id);
create index virtual_key_of_user on gateway.virtual_key (user_id, created_at, key_id);
