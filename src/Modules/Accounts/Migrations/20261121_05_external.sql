-- Where else people sign in: the owner registered this server there. The issuer never changes, for the subjects below are its own.
create table accounts.identity_provider (
    provider_id uuid primary key,
    kind text not null check (kind in ('oidc', 'google', 'github')),
    name text not null,
    issuer text not null,
    client_id text not null,
    client_secret bytea,
    enabled boolean not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
);

-- Whose account there is whose here.
create table accounts.external_identity (
    provider_id uuid not null references accounts.identity_provider on delete cascade,
    subject text not null,
    user_id uuid not null references accounts.user on delete cascade,
    -- What the person knows the account by: an address, or a name.
    label text not null,
    created_at timestamptz not null,
    last_used_at timestamptz,
    primary key (provider_id, subject),
    constraint external_identity_of_user unique (user_id, provider_id)
);

-- People who came from elsewhere have none until they choose one.
alter table accounts.user alter column password_hash drop not null;
