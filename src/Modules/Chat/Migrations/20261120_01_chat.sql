-- Conversations are trees: a message names its parent, a conversation names the head of the branch it shows.

create table chat.conversation (
    conversation_id uuid primary key,
    owner_id uuid not null,
    title text not null default '',
    title_source text not null default 'auto' check (title_source in ('auto', 'manual')),
    model_id text,
    head_message_id uuid,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    archived_at timestamptz,
    deleted_at timestamptz
);

create index conversation_active on chat.conversation (owner_id, updated_at desc, conversation_id desc)
    where deleted_at is null and archived_at is null;
create index conversation_archived on chat.conversation (owner_id, updated_at desc, conversation_id desc)
    where deleted_at is null and archived_at is not null;
create index conversation_deleted on chat.conversation (owner_id, updated_at desc, conversation_id desc)
    where deleted_at is not null;
create index conversation_purge on chat.conversation (deleted_at) where deleted_at is not null;

create table chat.message (
    message_id uuid primary key,
    conversation_id uuid not null references chat.conversation on delete cascade,
    parent_id uuid references chat.message on delete cascade,
    role text not null check (role in ('user', 'assistant')),
    text text not null,
    language text,
    model_id text,
    status text not null check (status in ('complete', 'streaming', 'stopped', 'interrupted', 'failed')),
    error jsonb,
    actions jsonb not null default '[]',
    citations jsonb not null default '[]',
    turn_id uuid,
    created_at timestamptz not null
);

create index message_conversation on chat.message (conversation_id);
create index message_children on chat.message (parent_id);

create table chat.turn (
    turn_id uuid primary key,
    conversation_id uuid not null references chat.conversation on delete cascade,
    owner_id uuid not null,
    client_id uuid not null,
    user_message_id uuid not null references chat.message on delete cascade,
    assistant_message_id uuid not null references chat.message on delete cascade,
    model_id text,
    language text not null,
    time_zone text,
    status text not null check (status in ('running', 'completed', 'stopped', 'interrupted', 'failed')),
    error jsonb,
    input_tokens bigint,
    output_tokens bigint,
    -- UTF-16 length the answer already had when this turn began; not 0 when it continues an earlier one.
    base_length integer not null default 0,
    started_at timestamptz not null,
    ended_at timestamptz,
    -- By the database's clock: nodes may disagree about the time. A running turn past it has lost its node.
    lease_until timestamptz not null,
    constraint turn_client_key unique (owner_id, client_id)
);

create unique index turn_running_key on chat.turn (conversation_id) where status = 'running';
create index turn_lease on chat.turn (lease_until) where status = 'running';
create index turn_message on chat.turn (assistant_message_id);

-- What a running turn has said, appended every quarter of a second and folded into the message when the turn ends:
-- a long answer is never rewritten while it grows.
create table chat.turn_chunk (
    turn_id uuid not null references chat.turn on delete cascade,
    -- UTF-16 offset in the message's text.
    at integer not null,
    length integer not null,
    text text not null,
    primary key (turn_id, at)
);
