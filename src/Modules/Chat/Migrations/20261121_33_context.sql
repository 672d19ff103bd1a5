-- A pinned message is told to the model however far back it is.
alter table chat.message add pinned_at timestamptz;
create index message_pinned on chat.message (conversation_id) where pinned_at is not null;

-- How much text a file holds, without reading it.
alter table chat.attachment add extracted_length integer generated always as (length(extracted)) stored;

-- What was said up to and including a message, in short: told in place of what no longer fits.
create table chat.context_summary (
    message_id uuid primary key references chat.message on delete cascade,
    conversation_id uuid not null references chat.conversation on delete cascade,
    text text not null,
    model_id text not null,
    created_at timestamptz not null
);
create index context_summary_conversation on chat.context_summary (conversation_id, created_at desc);

alter table chat.context_summary enable row level security;
create policy own_rows on chat.context_summary to jeantrail_person using (
    exists (select from chat.conversation c where c.conversation_id = context_summary.conversation_id and c.owner_id = kernel.person()));

-- How our estimate of tokens compares with what providers report, by model: what to multiply it with, and how far off it then still is.
create table chat.model_tokens (
    model_id text primary key,
    factor double precision not null,
    error double precision not null,
    samples integer not null,
    -- What the model refused as too long, less a margin; null while it never did.
    max_tokens integer,
    updated_at timestamptz not null
);
