-- Accounts that are going to be erased, at the latest moment at which their person may still change their mind.
create table accounts.deletion (
    user_id uuid primary key references accounts.user on delete cascade,
    asked_at timestamptz not null,
    erase_at timestamptz not null
);

create index deletion_erase_at on accounts.deletion (erase_at);

-- Who was erased: nothing but the id, so that what was written a moment too late is swept away too.
create table accounts.erased (
    user_id uuid primary key,
    erased_at timestamptz not null
);
