-- What was begun in a browser and is to be finished in the same one: once, and soon. The state is the server's own, such as a challenge.
create table accounts.ceremony (
    token_hash bytea primary key,
    browser_hash bytea not null,
    kind text not null,
    user_id uuid references accounts.user on delete cascade,
    state text not null,
    expires_at timestamptz not null
);

create index ceremony_expires_at on accounts.ceremony (expires_at);
create index ceremony_user on accounts.ceremony (user_id) where user_id is not null;

create table accounts.passkey (
    passkey_id uuid primary key,
    user_id uuid not null references accounts.user on delete cascade,
    credential_id bytea not null,
    public_key bytea not null,
    -- How often the authenticator signed, where it counts; it only rises, unless the passkey was copied.
    sign_count bigint not null,
    transports text[] not null,
    backup_eligible boolean not null,
    backed_up boolean not null,
    name text not null,
    created_at timestamptz not null,
    last_used_at timestamptz,
    constraint passkey_credential_id unique (credential_id)
);

create index passkey_of_user on accounts.passkey (user_id, created_at, passkey_id);
