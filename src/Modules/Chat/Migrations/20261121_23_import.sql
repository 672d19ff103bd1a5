-- A file of conversations from elsewhere, and how far it was read. What it brought is in the other tables, under ids made of where it came from.
create table chat.import (
    import_id uuid primary key,
    owner_id uuid not null,
    job_id uuid,
    file_name text not null,
    size_bytes bigint not null,
    -- The upload; null once it is not needed any more.
    blob text,
    -- jeantrail, chatgpt, open-webui or librechat; null until the first conversation was recognised.
    source text,
    state text not null default 'queued' check (state in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    -- Conversations of the file that are dealt with; an import that is taken up again begins behind them.
    position bigint not null default 0,
    report jsonb not null default '{}',
    error_code text,
    error_detail text,
    created_at timestamptz not null,
    ended_at timestamptz
);
create index import_owner on chat.import (owner_id, created_at desc, import_id desc);
create index import_upload on chat.import (created_at) where blob is not null;

alter table chat.import enable row level security;
create policy own_rows on chat.import to jeantrail_person using (owner_id = kernel.person());
