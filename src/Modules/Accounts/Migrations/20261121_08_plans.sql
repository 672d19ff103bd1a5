-- How much each role's plan allows. An amount of null is unlimited.
create table accounts.plan_quota (
    plan text not null check (plan in ('owner', 'admin', 'premium', 'free')),
    meter text not null check (meter in ('requests', 'storage', 'bandwidth')),
    -- What the meter counts in; none is what is kept, as long as it is kept.
    time_window text not null check (time_window in ('day', 'month', 'none')),
    amount bigint check (amount >= 0),
    updated_at timestamptz,
    primary key (plan, meter)
);

insert into accounts.plan_quota (plan, meter, time_window, amount)
select p.plan, m.meter, m.time_window, case p.plan when 'premium' then m.premium when 'free' then m.free end
from (values ('owner'), ('admin'), ('premium'), ('free')) p (plan)
cross join (values
    ('requests', 'day', 2000::bigint, 200::bigint),
    ('storage', 'none', 50 * 1024 ^ 3, 1024 ^ 3),
    ('bandwidth', 'month', 500 * 1024 ^ 3, 20 * 1024 ^ 3)) m (meter, time_window, premium, free);

-- What people used. Meters of a month are also counted by the day, for the person to see; those rows limit nothing.
-- Rows change in place often, so there is room for it.
create table accounts.quota_use (
    user_id uuid not null references accounts.user on delete cascade,
    meter text not null,
    time_window text not null,
    started_at timestamptz not null,
    used bigint not null check (used >= 0),
    primary key (user_id, meter, time_window, started_at)
) with (fillfactor = 80);

create index quota_use_started_at on accounts.quota_use (started_at);
