-- Times are written by the program's clock; now() is never used, so that one clock decides and tests can move it.

-- Events, in the transaction of the change they tell of. dispatched_at is set when the transport has taken them over.
create table kernel.outbox (
    event_id uuid primary key,
    name text not null,
    payload jsonb not null,
    trace_parent text,
    occurred_at timestamptz not null,
    dispatched_at timestamptz
);
create index outbox_pending on kernel.outbox (occurred_at, event_id) where dispatched_at is null;
create index outbox_old on kernel.outbox (dispatched_at) where dispatched_at is not null;

-- Who wants which event: written by every node when it starts, so that a node without a consumer still fans out to it.
create table kernel.subscription (
    consumer text not null,
    event_name text not null,
    seen_at timestamptz not null,
    primary key (consumer, event_name)
);
create index subscription_event on kernel.subscription (event_name);

-- What is still owed to a consumer. A done delivery is deleted; its memory is the inbox.
create table kernel.delivery (
    consumer text not null,
    event_id uuid not null references kernel.outbox (event_id) on delete cascade,
    attempt integer not null default 0,
    next_at timestamptz not null,
    dead_at timestamptz,
    last_error text,
    primary key (consumer, event_id)
);
create index delivery_pending on kernel.delivery (next_at) where dead_at is null;
create index delivery_dead on kernel.delivery (dead_at) where dead_at is not null;
create index delivery_event on kernel.delivery (event_id);

-- Written in the transaction of the effect: a repeated delivery finds its row and does nothing.
create table kernel.inbox (
    consumer text not null,
    event_id uuid not null,
    handled_at timestamptz not null,
    primary key (consumer, event_id)
);
create index inbox_old on kernel.inbox (handled_at);

-- due_at says when a node may take the job: its start time while queued, the end of the holder's lease while running.
create table kernel.job (
    job_id uuid primary key,
    kind text not null,
    arguments jsonb not null,
    owner_id uuid,
    unique_key text,
    state text not null default 'queued' check (state in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    attempt integer not null default 0,
    due_at timestamptz not null,
    lease_id uuid,
    node text,
    cancel_requested boolean not null default false,
    progress double precision not null default 0,
    note text,
    error_code text,
    error text,
    created_at timestamptz not null,
    started_at timestamptz,
    ended_at timestamptz
);
create index job_due on kernel.job (due_at) where state in ('queued', 'running');
create unique index job_unique on kernel.job (kind, unique_key) where unique_key is not null and state in ('queued', 'running');
create index job_owner on kernel.job (owner_id, created_at desc, job_id) where owner_id is not null;
create index job_old on kernel.job (ended_at) where ended_at is not null;

create table kernel.periodic_task (
    name text primary key,
    last_run_at timestamptz not null
);

-- fence only grows, so that a store can refuse the late write of a former holder.
create sequence kernel.lease_fence;
create table kernel.lease (
    name text primary key,
    holder uuid not null,
    node text not null,
    fence bigint not null,
    expires_at timestamptz not null
);

create table kernel.idempotency (
    user_id uuid not null,
    key uuid not null,
    fingerprint bytea not null,
    run_id uuid not null,
    lease_until timestamptz,
    status integer,
    content_type text,
    location text,
    body bytea,
    expires_at timestamptz not null,
    primary key (user_id, key)
);
create index idempotency_old on kernel.idempotency (expires_at);

-- Data keys of the envelope encryption: one per owner, wrapped by the master key that is named.
create table kernel.data_key (
    owner_id uuid primary key,
    wrapped bytea not null,
    master_key_id text not null,
    created_at timestamptz not null
);
