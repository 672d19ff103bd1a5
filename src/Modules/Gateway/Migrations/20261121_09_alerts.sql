-- What the owner wants to be told of. Budgets tell by themselves.
create table gateway.alert_rule (
    rule_id uuid primary key,
    kind text not null check (kind in ('errors', 'latency')),
    -- A route, a provider's slug; empty for all.
    subject_kind text not null check (subject_kind in ('route', 'provider', 'all')),
    subject text not null,
    -- Of errors in per cent of calls; of latency in milliseconds, which one call in twenty exceeds.
    threshold double precision not null check (threshold > 0),
    window_minutes int not null check (window_minutes between 1 and 1440),
    min_calls int not null check (min_calls > 0),
    enabled boolean not null default true,
    created_at timestamptz not null,
    version int not null default 1
);

create table gateway.alert (
    alert_id uuid primary key,
    kind text not null check (kind in ('errors', 'latency', 'budget')),
    rule_id uuid references gateway.alert_rule on delete cascade,
    limit_id uuid,
    subject_kind text not null,
    subject text not null,
    -- The worst that was seen.
    value double precision not null,
    threshold double precision not null,
    raised_at timestamptz not null,
    ended_at timestamptz,
    acknowledged_at timestamptz
);

create unique index alert_open on gateway.alert (rule_id) where ended_at is null;
create index alert_raised on gateway.alert (raised_at desc, alert_id desc);

insert into gateway.alert_rule (rule_id, kind, subject_kind, subject, threshold, window_minutes, min_calls, created_at)
values (gen_random_uuid(), 'errors', 'all', '', 20, 10, 20, now());
