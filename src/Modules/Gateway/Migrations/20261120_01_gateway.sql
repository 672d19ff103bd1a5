create table gateway.provider (
    provider_id uuid primary key,
    name text not null,
    name_key text not null,
    -- First part of the model ids people keep in their conversations, so it outlives a change of name.
    slug text not null,
    base_url text not null,
    api_key bytea,
    key_hint text,
    enabled boolean not null default true,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    models text[] not null default '{}',
    last_check_at timestamptz,
    last_check_ok boolean,
    last_check_latency_ms int,
    last_check_detail text,
    last_check_model_count int,
    constraint provider_name_taken unique (name_key),
    constraint provider_slug_taken unique (slug)
);

create table gateway.default_model (
    user_id uuid primary key,
    model_id text not null,
    updated_at timestamptz not null
);

-- One row per call, written however the call ended. No prompts, no answers.
create table gateway.usage (
    usage_id uuid primary key,
    user_id uuid not null,
    provider_id uuid references gateway.provider on delete set null,
    model_id text not null,
    started_at timestamptz not null,
    input_tokens bigint,
    output_tokens bigint,
    first_token_ms int,
    total_ms int not null,
    outcome text not null check (outcome in ('completed', 'cancelled', 'failed')),
    error_code text,
    blame text check (blame in ('upstream', 'server', 'client'))
);

create index usage_of_user on gateway.usage (user_id, started_at);
create index usage_of_provider on gateway.usage (provider_id, started_at);
