alter table accounts.user add column email_verified_at timestamptz;

-- Whoever set the server up has its console, which proves more than a mailbox does.
update accounts.user set email_verified_at = created_at where role = 'owner';

-- What was sent to a mailbox to prove that one reads it. One row a purpose and subject: a new proof takes the place of the older one.
-- user_id is null for somebody who is not there yet, and for nobody, so that asking writes the same whether or not there is an account.
create table accounts.proof (
    proof_id uuid primary key,
    purpose text not null,
    subject text not null,
    token_hash bytea not null,
    user_id uuid references accounts.user on delete cascade,
    email text,
    email_key text,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    constraint proof_subject unique (purpose, subject),
    constraint proof_token_hash unique (token_hash)
);

create index proof_user on accounts.proof (user_id) where user_id is not null;
create index proof_expires_at on accounts.proof (expires_at);
create index proof_undo on accounts.proof (email_key) where purpose = 'email-undo';

create table accounts.setting (
    name text primary key,
    value text not null,
    updated_at timestamptz not null
);
