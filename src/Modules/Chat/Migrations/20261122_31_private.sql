-- Private conversations. What is said in them is sealed to a key of which the server has the public half only; no other statement of this
-- module knows these tables, so none can find, share or export what is in them.

-- A person's pair of keys. The private half is wrapped twice by the browser: under a passphrase and under a code for when that is forgotten.
create table chat.private_key (
    owner_id uuid primary key,
    -- A point of P-256, uncompressed.
    public_key bytea not null check (length(public_key) = 65),
    rounds integer not null check (rounds >= 600000),
    salt bytea not null,
    wrapped bytea not null,
    recovery_rounds integer not null check (recovery_rounds >= 600000),
    recovery_salt bytea not null,
    recovery_wrapped bytea not null,
    created_at timestamptz not null,
    changed_at timestamptz not null
);

create table chat.private_conversation (
    conversation_id uuid primary key,
    -- Nothing can be read without the key, so nothing stays without it.
    owner_id uuid not null references chat.private_key on delete cascade,
    -- Sealed; null until something was said.
    title bytea,
    model_id text,
    head_message_id uuid,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index private_conversation_owner on chat.private_conversation (owner_id, updated_at desc, conversation_id desc);

create table chat.private_message (
    message_id uuid primary key,
    conversation_id uuid not null references chat.private_conversation on delete cascade,
    parent_id uuid references chat.private_message on delete cascade,
    role text not null check (role in ('user', 'assistant')),
    model_id text,
    status text not null check (status in ('complete', 'streaming', 'stopped', 'interrupted', 'failed')),
    -- Sealed: text, parts and all else that was said. What a turn that did not end in order added stays in its pieces.
    box bytea,
    turn_id uuid,
    created_at timestamptz not null
);
create index private_message_conversation on chat.private_message (conversation_id);
create index private_message_children on chat.private_message (parent_id);

create table chat.private_turn (
    turn_id uuid primary key,
    conversation_id uuid not null references chat.private_conversation on delete cascade,
    owner_id uuid not null,
    client_id uuid not null,
    user_message_id uuid not null references chat.private_message on delete cascade,
    assistant_message_id uuid not null references chat.private_message on delete cascade,
    model_id text,
    status text not null check (status in ('running', 'completed', 'stopped', 'interrupted', 'failed')),
    input_tokens bigint,
    output_tokens bigint,
    started_at timestamptz not null,
    ended_at timestamptz,
    -- By the database's clock, as for other turns.
    lease_until timestamptz not null,
    constraint private_turn_client_key unique (owner_id, client_id)
);
create unique index private_turn_running_key on chat.private_turn (conversation_id) where status = 'running';
create index private_turn_lease on chat.private_turn (lease_until) where status = 'running';
create index private_turn_message on chat.private_turn (assistant_message_id);
create index private_turn_question on chat.private_turn (user_message_id);

-- What a running turn has said, a sealed piece every quarter of a second; gone when the whole is sealed.
create table chat.private_piece (
    turn_id uuid not null references chat.private_turn on delete cascade,
    number integer not null,
    box bytea not null,
    primary key (turn_id, number)
);

alter table chat.private_key enable row level security;
create policy own_rows on chat.private_key to jeantrail_person using (owner_id = kernel.person());

alter table chat.private_conversation enable row level security;
create policy own_rows on chat.private_conversation to jeantrail_person using (owner_id = kernel.person());

alter table chat.private_message enable row level security;
create policy own_rows on chat.private_message to jeantrail_person using (
    exists (select from chat.private_conversation c where c.conversation_id = private_message.conversation_id));

alter table chat.private_turn enable row level security;
create policy own_rows on chat.private_turn to jeantrail_person using (owner_id = kernel.person());

alter table chat.private_piece enable row level security;
create policy own_rows on chat.private_piece to jeantrail_person using (
    exists (select from chat.private_turn t where t.turn_id = private_piece.turn_id));
