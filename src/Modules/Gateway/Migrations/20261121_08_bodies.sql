-- What was said in calls over routes that keep it, sealed with the key of the person it was said for. The id is that of gateway.usage.
create table gateway.call_body (
    call_id uuid primary key,
    user_id uuid not null,
    request bytea,
    reply bytea,
    request_truncated boolean not null,
    reply_truncated boolean not null,
    created_at timestamptz not null,
    expires_at timestamptz not null
);

create index call_body_expiry on gateway.call_body (expires_at);

-- The rule of the route that refused the request or withheld the answer.
alter table gateway.usage add column guardrail text;
