-- Who did what. Each entry holds the hash of the one before it; the head holds the last one's, and its row is the lock that makes
-- concurrent writers stand in line.
create table kernel.audit (
    position bigint primary key check (position > 0),
    audit_id uuid not null unique,
    at timestamptz not null,
    act text not null,
    actor_id uuid,
    person_id uuid,
    session_id uuid,
    address text not null,
    subjects uuid[] not null,
    -- json and not jsonb: the hash is of the text as it was written.
    before json,
    after json,
    previous_hash bytea not null,
    hash bytea not null
);
create index audit_newest on kernel.audit (at desc, audit_id desc);
create index audit_actor on kernel.audit (actor_id, at desc) where actor_id is not null;
create index audit_subjects on kernel.audit using gin (subjects);

create table kernel.audit_head (
    only_one boolean primary key default true check (only_one),
    position bigint not null,
    hash bytea not null
);
insert into kernel.audit_head (position, hash) values (0, decode(repeat('00', 32), 'hex'));

create function kernel.refuse_audit_change() returns trigger language plpgsql as $$
begin
    raise exception 'The audit trail is only ever added to.' using errcode = 'insufficient_privilege';
end
$$;

create trigger audit_append_only before update or delete or truncate on kernel.audit
    for each statement execute function kernel.refuse_audit_change();
