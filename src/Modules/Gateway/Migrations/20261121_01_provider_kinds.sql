-- How the provider's API speaks.
alter table gateway.provider add column kind text not null default 'openai' check (kind in ('openai', 'anthropic', 'gemini'));

-- Keys beside the provider's first one: calls are spread over all of them, and one that is refused or exhausted rests.
create table gateway.provider_key (
    provider_key_id uuid primary key,
    provider_id uuid not null references gateway.provider on delete cascade,
    api_key bytea not null,
    key_hint text not null,
    created_at timestamptz not null
);

create index provider_key_of_provider on gateway.provider_key (provider_id, created_at);
