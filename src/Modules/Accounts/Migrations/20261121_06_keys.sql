-- Personal API keys. The secret is shown once and kept as its SHA-256; the hint is its beginning, to tell keys from each other.
create table accounts.api_key (
    key_id uuid primary key,
    user_id uuid not null references accounts.user on delete cascade,
    name text not null,
    hint text not null,
    scopes text[] not null,
    secret_hash bytea not null,
    -- Until when the present secret works: set when a scheduled rotation came due, and null again once its program took the next one.
    secret_until timestamptz,
    previous_hash bytea,
    previous_until timestamptz,
    rotate_every_days int check (rotate_every_days > 0),
    overlap_hours int not null check (overlap_hours >= 0),
    rotate_at timestamptz,
    created_at timestamptz not null,
    expires_at timestamptz,
    last_used_at timestamptz,
    last_address text,
    revoked_at timestamptz,
    leaked boolean not null default false,
    constraint api_key_secret_hash unique (secret_hash),
    constraint api_key_previous check ((previous_hash is null) = (previous_until is null))
);

create index api_key_of_user on accounts.api_key (user_id, created_at desc, key_id desc);
create index api_key_previous_hash on accounts.api_key (previous_hash) where previous_hash is not null;
create index api_key_rotate_at on accounts.api_key (rotate_at) where rotate_at is not null and revoked_at is null;

-- A session of a program that a person signed in with tokens: token_hash is then that of its access token, which never counts as a cookie.
alter table accounts.session
    add column kind text not null default 'browser' check (kind in ('browser', 'program')),
    add column access_expires_at timestamptz,
    add constraint session_access check ((kind = 'program') = (access_expires_at is not null));

-- The refresh tokens of such a session, one after the other. A used one stays, so that its second use is noticed.
create table accounts.refresh_token (
    token_hash bytea primary key,
    session_id uuid not null references accounts.session on delete cascade,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
);

create index refresh_token_of_session on accounts.refresh_token (session_id);
