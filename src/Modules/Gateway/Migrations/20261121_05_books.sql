-- The usage rows become the books: one row per call from its first second to its end, with its trace and its cost.
alter table gateway.usage rename column first_token_ms to first_byte_ms;
alter table gateway.usage
    add column key_id uuid,
    add column team_id uuid,
    add column surface text not null default 'chat',
    add column route text not null default '',
    add column trace_id text,
    add column streamed boolean not null default true,
    add column attempts jsonb not null default '[]',
    add column decision text,
    add column cache text,
    add column status int not null default 0,
    add column cached_input_tokens bigint,
    add column cache_write_tokens bigint,
    add column reasoning_tokens bigint,
    -- The token counts are ours, because the upstream gave none or broke off.
    add column estimated boolean not null default false,
    add column cost_micros bigint not null default 0,
    add column price_id uuid,
    add column node_id uuid,
    add column ended_at timestamptz,
    alter column model_id drop not null,
    drop constraint usage_outcome_check,
    add constraint usage_outcome_check check (outcome in ('running', 'completed', 'cancelled', 'failed', 'interrupted')),
    -- The books outlive the providers they name.
    drop constraint usage_provider_id_fkey;

update gateway.usage set route = model_id, ended_at = started_at + total_ms * interval '1 millisecond',
    status = case when outcome = 'completed' then 200 else 0 end;

create index usage_started on gateway.usage (started_at, usage_id);
create index usage_of_key on gateway.usage (key_id, started_at) where key_id is not null;
create index usage_running on gateway.usage (node_id) where outcome = 'running';

-- The processes that write. One that has not been seen for a while is dead, and what it left open is closed by another.
create table gateway.node (
    node_id uuid primary key,
    name text not null,
    started_at timestamptz not null,
    seen_at timestamptz not null
);
