-- The secret an authenticator app shares with this server. Counts only once a first code of it was seen.
create table accounts.totp (
    user_id uuid primary key references accounts.user on delete cascade,
    secret bytea not null,
    created_at timestamptz not null,
    confirmed_at timestamptz,
    -- The time step of the last code that was accepted: a code is accepted once.
    last_step bigint
);

create table accounts.recovery_code (
    user_id uuid not null references accounts.totp on delete cascade,
    code_hash bytea not null,
    used_at timestamptz,
    primary key (user_id, code_hash)
);

-- A sign-in that passed its first factor. The credential is a hash of the password's hash: a new password ends it.
create table accounts.sign_in_ticket (
    ticket_hash bytea primary key,
    user_id uuid not null references accounts.user on delete cascade,
    credential bytea not null,
    network text not null,
    expires_at timestamptz not null,
    failures int not null default 0
);

create index sign_in_ticket_of_user on accounts.sign_in_ticket (user_id, expires_at);
create index sign_in_ticket_expires_at on accounts.sign_in_ticket (expires_at);

-- When the person last proved who they are in this session, and whether a second factor was among the proofs.
alter table accounts.session add proved_at timestamptz, add second_factor boolean not null default false;
