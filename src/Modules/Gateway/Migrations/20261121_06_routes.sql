-- A public model name with its rule for choosing among models.
create table gateway.route (
    route_id uuid primary key,
    name text not null,
    enabled boolean not null default true,
    -- Strategy, targets with their conditions, retries, cache, guardrails: RouteDefinition in the program.
    definition jsonb not null,
    version int not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint route_name_taken unique (name)
);
