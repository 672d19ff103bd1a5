create table accounts.user (
    user_id uuid primary key,
    email text not null,
    email_key text not null,
    display_name text not null,
    role text not null check (role in ('owner', 'admin', 'premium', 'free')),
    password_hash text not null,
    created_at timestamptz not null,
    disabled_at timestamptz,
    constraint user_email_key unique (email_key)
);

-- One owner, even when two browsers finish the first start at the same moment.
create unique index user_one_owner on accounts.user (role) where role = 'owner';

-- The code printed on the console that guards the creation of the owner. At most one row.
create table accounts.owner_setup (
    only_one boolean primary key default true check (only_one),
    code_hash bytea not null,
    wrong_attempts int not null default 0,
    created_at timestamptz not null
);

create table accounts.session (
    session_id uuid primary key,
    user_id uuid not null references accounts.user on delete cascade,
    token_hash bytea not null,
    created_at timestamptz not null,
    last_seen_at timestamptz not null,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    address text not null,
    user_agent text not null,
    constraint session_token_hash unique (token_hash)
);

create index session_of_user on accounts.session (user_id, created_at, session_id) where revoked_at is null;

create table accounts.preference (
    user_id uuid primary key references accounts.user on delete cascade,
    locale text,
    theme text not null,
    density text not null,
    speak_replies boolean not null,
    voice_id text,
    speech_rate double precision not null,
    show_avatar boolean not null,
    skills_first boolean not null,
    time_zone text,
    updated_at timestamptz not null
);

-- Keyed by a hash of what was tried and from where, so that it tells nothing about who has an account.
create table accounts.sign_in_attempt (
    attempt_key bytea primary key,
    failures int not null,
    last_at timestamptz not null,
    blocked_until timestamptz not null
);

create index sign_in_attempt_last_at on accounts.sign_in_attempt (last_at);
