-- A model on disk. Its file is <folder>/<file>; the row is written when the file is whole and checked, and goes before the file does.
create table models.model (
    model_id uuid primary key,
    -- As people and routes call it.
    name text not null constraint model_name_taken unique,
    purpose text not null check (purpose in ('chat', 'embedding', 'rerank')),
    -- Below the folder of models, which may move.
    file text not null,
    size_bytes bigint not null check (size_bytes > 0),
    sha256 text not null constraint model_file_taken unique,
    -- Where it came from: catalogue:…, hf:…, https://…, file.
    source text not null,
    licence text not null,
    -- What the file says of itself.
    architecture text not null,
    quantisation text not null,
    parameters bigint not null,
    train_context int not null,
    layers int not null,
    -- Bytes of memory that one token of context takes.
    context_bytes bigint not null,
    -- What the owner set over what is chosen automatically.
    settings jsonb not null default '{}',
    -- The last self-test on this machine; null before the first.
    tested jsonb,
    damaged boolean not null default false,
    verified_at timestamptz not null,
    created_at timestamptz not null
);

create table models.pull (
    pull_id uuid primary key,
    source text not null,
    name text not null,
    -- The licence that was shown and accepted, and when.
    licence text not null,
    accepted_at timestamptz not null,
    state text not null check (state in ('waiting', 'running', 'installed', 'failed', 'cancelled')),
    job_id uuid,
    -- What the server of the file said it is: a later attempt goes on only with the same.
    expected_bytes bigint,
    expected_sha256 text,
    validator text,
    received_bytes bigint not null default 0,
    bytes_per_second bigint,
    error_code text,
    error_detail text,
    model_id uuid,
    created_at timestamptz not null,
    ended_at timestamptz
);

create index pull_created on models.pull (created_at desc, pull_id desc);
create unique index pull_running_name on models.pull (name) where state in ('waiting', 'running');

-- Where models are; no row: the folder of the configuration.
create table models.place (
    only_one boolean primary key default true check (only_one),
    folder text not null
);

-- All of it is the server's: people reach it through endpoints that ask for a permission.
revoke all on models.model, models.pull, models.place from jeantrail_person;
