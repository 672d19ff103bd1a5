-- What Jean keeps about a person: proposed from what they typed, kept only when they say so.
create table chat.memory (
    memory_id uuid primary key,
    owner_id uuid not null,
    text text not null,
    kind text not null check (kind in ('identity', 'preference', 'people', 'work', 'plan', 'other')),
    -- Null for everywhere.
    project_id uuid references chat.project on delete cascade,
    -- What it was taken from; null when that is gone, or when the person wrote it down themselves.
    conversation_id uuid references chat.conversation on delete set null,
    message_id uuid references chat.message on delete set null,
    state text not null check (state in ('proposed', 'kept', 'dismissed', 'expired')),
    expires_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    -- Forgotten; it can be brought back for 30 days.
    deleted_at timestamptz
);
create index memory_owner on chat.memory (owner_id, updated_at desc, memory_id desc);
create index memory_expiry on chat.memory (expires_at) where expires_at is not null and state in ('proposed', 'kept');
create index memory_deleted on chat.memory (deleted_at) where deleted_at is not null;
create index memory_project on chat.memory (project_id) where project_id is not null;
create index memory_conversation on chat.memory (conversation_id) where conversation_id is not null;
create index memory_message on chat.memory (message_id) where message_id is not null;

-- Who does not want to be remembered.
create table chat.memory_off (
    owner_id uuid primary key,
    since timestamptz not null
);

alter table chat.conversation
    -- Nothing is kept of what is said in it, and nothing that is kept is told in it.
    add temporary boolean not null default false;

alter table chat.memory enable row level security;
create policy own_rows on chat.memory to jeantrail_person using (owner_id = kernel.person());

alter table chat.memory_off enable row level security;
create policy own_rows on chat.memory_off to jeantrail_person using (owner_id = kernel.person());
