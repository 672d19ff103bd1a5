create table gateway.limit (
    limit_id uuid primary key,
    subject_kind text not null check (subject_kind in ('key', 'user', 'team', 'plan', 'route', 'all')),
    -- An id, a plan, a pattern of routes; empty for all.
    subject text not null,
    meter text not null check (meter in ('requests', 'tokens', 'streams', 'cost')),
    time_window text not null check (time_window in ('minute', 'hour', 'day', 'month', 'none')),
    amount bigint not null check (amount >= 0),
    action text not null check (action in ('stop', 'warn')),
    created_at timestamptz not null,
    version int not null default 1,
    constraint limit_of_streams check (meter <> 'streams' or (time_window = 'none' and action = 'stop'))
);

-- What was spent under a limit in one of its windows, and what the nodes hold to spend: held is the sum of its tranches.
-- Tranches change only under the lock of their allowance. Written every second, so there is room for rows to change in place.
create table gateway.allowance (
    limit_id uuid not null references gateway.limit on delete cascade,
    window_start timestamptz not null,
    spent bigint not null default 0,
    held bigint not null default 0,
    -- The highest step, in per cent, that was told.
    told int not null default 0,
    primary key (limit_id, window_start)
) with (fillfactor = 70);

-- What one node has spent in the window, in all, and what it holds. It writes whole values and not changes, each with a higher sequence,
-- so that a write may be repeated, and one that arrives late does nothing.
create table gateway.tranche (
    limit_id uuid not null,
    window_start timestamptz not null,
    node_id uuid not null,
    sequence bigint not null default 0,
    spent bigint not null default 0,
    held bigint not null default 0,
    lease_until timestamptz not null,
    primary key (limit_id, window_start, node_id),
    foreign key (limit_id, window_start) references gateway.allowance on delete cascade
) with (fillfactor = 70);

create index tranche_lease on gateway.tranche (lease_until) where held > 0;
